//! What agents may do.

use countersign_domain::policy::Permission;
use countersign_domain::{ActionPattern, AgentId, OrgId};
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{self, Hindrance, guarded, write};

pub(crate) fn set(
    conn: &Connection,
    org: &OrgId,
    permission: &Permission,
) -> Result<(), Hindrance> {
    let sql = "INSERT INTO permissions (org, agent_id, pattern, body) VALUES (?, ?, ?, ?)
               ON CONFLICT (org, agent_id, pattern) DO UPDATE SET body = excluded.body";
    let agent = permission.agent.to_string();
    write(
        conn,
        sql,
        params![org.as_str(), agent, permission.pattern.as_str(), to_body(permission)?],
    )?;
    Ok(())
}

pub(crate) fn remove(
    conn: &Connection,
    org: &OrgId,
    agent: AgentId,
    pattern: &ActionPattern,
) -> Result<(), Hindrance> {
    let sql = "DELETE FROM permissions WHERE org = ? AND agent_id = ? AND pattern = ?";
    guarded(write(conn, sql, params![org.as_str(), agent.to_string(), pattern.as_str()])?)
}

pub(crate) fn all(conn: &Connection, org: &OrgId) -> Result<Vec<Permission>, StoreError> {
    let sql = "SELECT agent_id, body FROM permissions WHERE org = ? ORDER BY agent_id, pattern";
    row::all(conn, "permissions", sql, [org.as_str()])
}
