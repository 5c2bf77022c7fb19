//! The keys, revoked ones included.

use countersign_domain::OrgId;
use countersign_domain::identity::{Key, KeyUse};
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

/// The later use of a key holds, in whatever order they are told.
pub(crate) fn note_uses(conn: &Connection, org: &OrgId, uses: &[KeyUse]) -> Result<(), Hindrance> {
    let sql = "INSERT INTO key_uses (org, key_id, used_at) VALUES (?, ?, ?)
               ON CONFLICT (org, key_id) DO UPDATE SET used_at = max(used_at, excluded.used_at)";
    for one in uses {
        write(conn, sql, params![org.as_str(), one.key.to_string(), one.at.as_millisecond()])?;
    }
    Ok(())
}

pub(crate) fn uses(conn: &Connection, org: &OrgId) -> Result<Vec<KeyUse>, StoreError> {
    let sql = "SELECT key_id, used_at FROM key_uses WHERE org = ? ORDER BY key_id";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([org.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut uses = Vec::new();
    for row in rows {
        let (key, used_at): (String, i64) = row?;
        let unreadable = || StoreError::Unreadable(format!("key_uses {key}"));
        uses.push(KeyUse {
            key: key.parse().map_err(|_| unreadable())?,
            at: Timestamp::from_millisecond(used_at).map_err(|_| unreadable())?,
        });
    }
    Ok(uses)
}
