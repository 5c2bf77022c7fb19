//! The keys, revoked ones included.

use countersign_domain::OrgId;
use countersign_domain::identity::Key;
use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{self, Hindrance, guarded, write};

pub(crate) fn insert(conn: &Connection, org: &OrgId, key: &Key) -> Result<(), Hindrance> {
    let sql = "INSERT INTO keys (org, id, hash, revoked_at, body) VALUES (?, ?, ?, ?, ?)";
    let revoked_at = key.revoked_at.map(Timestamp::as_millisecond);
    let (id, hash) = (key.id.to_string(), key.hash.to_string());
    write(conn, sql, params![org.as_str(), id, hash, revoked_at, to_body(key)?])?;
    Ok(())
}

/// A key is revoked once: that row says when it really stopped working.
pub(crate) fn revoke(conn: &Connection, org: &OrgId, key: &Key) -> Result<(), Hindrance> {
    let sql =
        "UPDATE keys SET revoked_at = ?, body = ? WHERE org = ? AND id = ? AND revoked_at IS NULL";
    let revoked_at = key.revoked_at.map(Timestamp::as_millisecond);
    guarded(write(conn, sql, params![revoked_at, to_body(key)?, org.as_str(), key.id.to_string()])?)
}

pub(crate) fn all(conn: &Connection, org: &OrgId) -> Result<Vec<Key>, StoreError> {
    row::all(conn, "keys", "SELECT id, body FROM keys WHERE org = ? ORDER BY id", [org.as_str()])
}
