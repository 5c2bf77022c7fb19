//! What the world is to be told.

use countersign_domain::notification::Announcement;
use countersign_domain::{OrgId, Seq};
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::sqlite::row::{self, Hindrance, integer, to_body, write};

pub(crate) fn insert(
    conn: &Connection,
    org: &OrgId,
    announcement: &Announcement,
) -> Result<(), Hindrance> {
    let sql = "INSERT INTO outbox (org, seq, body) VALUES (?, ?, ?)";
    write(conn, sql, params![org.as_str(), integer(announcement.seq.0), to_body(announcement)?])?;
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
    row::all(conn, "outbox", sql, params![org.as_str(), integer(after.0), integer(limit)])
}
