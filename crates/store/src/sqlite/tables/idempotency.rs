//! What idempotency keys stand for.

use countersign_domain::{Idempotency, OrgId};
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{Hindrance, one, write};

pub(crate) fn insert(conn: &Connection, org: &OrgId, entry: &Idempotency) -> Result<(), Hindrance> {
    let sql = "INSERT INTO idempotency (org, caller, key, at, body) VALUES (?, ?, ?, ?, ?)";
    let at = entry.at.as_millisecond();
    write(conn, sql, params![org.as_str(), entry.caller, entry.key, at, to_body(entry)?])?;
    Ok(())
}

pub(crate) fn get(
    conn: &Connection,
    org: &OrgId,
    caller: &str,
    key: &str,
) -> Result<Option<Idempotency>, StoreError> {
    let sql = "SELECT key, body FROM idempotency WHERE org = ? AND caller = ? AND key = ?";
    one(conn, "idempotency", sql, params![org.as_str(), caller, key])
}
