//! What agents did by themselves.

use countersign_domain::{LoggedAction, OrgId};
use rusqlite::{Connection, params};

use crate::printed::to_body;
use crate::sqlite::row::{Hindrance, write};

pub(crate) fn insert(
    conn: &Connection,
    org: &OrgId,
    action: &LoggedAction,
) -> Result<(), Hindrance> {
    let sql =
        "INSERT INTO logged_actions (org, id, agent_id, created_at, body) VALUES (?, ?, ?, ?, ?)";
    let (id, agent) = (action.id.to_string(), action.agent.to_string());
    let created_at = action.created_at.as_millisecond();
    write(conn, sql, params![org.as_str(), id, agent, created_at, to_body(action)?])?;
    Ok(())
}
