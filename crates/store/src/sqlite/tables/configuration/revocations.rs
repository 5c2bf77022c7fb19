//! The blocks of capability tokens that were revoked.

use countersign_domain::OrgId;
use countersign_domain::identity::capability::Revocation;
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{self, Hindrance, write};

/// A block is revoked once; that row says since when and why.
pub(crate) fn insert(
    conn: &Connection,
    org: &OrgId,
    revocation: &Revocation,
) -> Result<(), Hindrance> {
    let sql = "INSERT INTO revocations (org, block, body) VALUES (?, ?, ?)
               ON CONFLICT (org, block) DO NOTHING";
    write(conn, sql, params![org.as_str(), revocation.block.as_str(), to_body(revocation)?])?;
    Ok(())
}

pub(crate) fn all(conn: &Connection, org: &OrgId) -> Result<Vec<Revocation>, StoreError> {
    let sql = "SELECT block, body FROM revocations WHERE org = ? ORDER BY block";
    row::all(conn, "revocations", sql, [org.as_str()])
}
