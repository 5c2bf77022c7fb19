//! The agents.

use countersign_domain::OrgId;
use countersign_domain::identity::Agent;
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{self, Hindrance, guarded, integer, write as run};

pub(crate) fn write(conn: &Connection, org: &OrgId, agent: &Agent) -> Result<(), Hindrance> {
    let (id, revision, body) = (agent.id.to_string(), integer(agent.revision.0), to_body(agent)?);
    let Some(before) = agent.revision.guards() else {
        let sql = "INSERT INTO agents (org, id, revision, name, body) VALUES (?, ?, ?, ?, ?)";
        run(conn, sql, params![org.as_str(), id, revision, agent.name, body])?;
        return Ok(());
    };
    let sql = "UPDATE agents SET revision = ?, name = ?, body = ? WHERE org = ? AND id = ? AND revision = ?";
    guarded(run(
        conn,
        sql,
        params![revision, agent.name, body, org.as_str(), id, integer(before.0)],
    )?)
}

pub(crate) fn all(conn: &Connection, org: &OrgId) -> Result<Vec<Agent>, StoreError> {
    row::all(
        conn,
        "agents",
        "SELECT id, body FROM agents WHERE org = ? ORDER BY name",
        [org.as_str()],
    )
}
