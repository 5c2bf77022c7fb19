//! What the world is to be told.

use countersign_domain::notification::Announcement;
use countersign_domain::{OrgId, Seq};
use rusqlite::{Connection, params};
use serde_json::Value;

use crate::StoreError;
use crate::printed::Announced;
use crate::sqlite::row::{Hindrance, from_body, integer, whole, write};

pub(crate) fn insert(
    conn: &Connection,
    org: &OrgId,
    seq: Seq,
    body: &str,
) -> Result<(), Hindrance> {
    let sql = "INSERT INTO outbox (org, seq, body) VALUES (?, ?, ?)";
    write(conn, sql, params![org.as_str(), integer(seq.0), body])?;
    Ok(())
}

pub(crate) fn forget(conn: &Connection, org: &OrgId, up_to: Seq) -> Result<(), Hindrance> {
    let sql = "DELETE FROM outbox WHERE org = ? AND seq <= ?";
    write(conn, sql, params![org.as_str(), integer(up_to.0)])?;
    Ok(())
}

pub(crate) fn after(
    conn: &Connection,
    org: &OrgId,
    after: Seq,
    limit: usize,
) -> Result<Vec<Announcement>, StoreError> {
    let sql = "SELECT seq, body FROM outbox WHERE org = ? AND seq > ? ORDER BY seq LIMIT ?";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![org.as_str(), integer(after.0), integer(limit)])?;
    let mut announcements = Vec::new();
    while let Some(row) = rows.next()? {
        let announced: Announced<Value> = from_body("outbox", row)?;
        announcements.push(announced.at(Seq(whole(row.get(0)?))));
    }
    Ok(announcements)
}
