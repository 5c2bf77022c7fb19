//! The comments on tasks.

use countersign_domain::OrgId;
use countersign_domain::approval::Message;
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{self, Hindrance, write};

pub(crate) fn insert(
    conn: &Connection,
    org: &OrgId,
    task: &str,
    message: &Message,
) -> Result<(), Hindrance> {
    let sql = "INSERT INTO task_comments (org, task, at, id, body) VALUES (?, ?, ?, ?, ?)";
    let (at, id) = (message.at.as_millisecond(), message.id.to_string());
    write(conn, sql, params![org.as_str(), task, at, id, to_body(message)?])?;
    Ok(())
}

pub(crate) fn of_task(
    conn: &Connection,
    org: &OrgId,
    task: &str,
) -> Result<Vec<Message>, StoreError> {
    let sql = "SELECT id, body FROM task_comments WHERE org = ? AND task = ? ORDER BY at, id";
    row::all(conn, "task_comments", sql, [org.as_str(), task])
}
