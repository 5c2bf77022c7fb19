//! Who answers in whose place; those that are over stay, because answers name them.

use countersign_domain::OrgId;
use countersign_domain::identity::Delegation;
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{self, Hindrance, guarded, integer, write as run};

pub(crate) fn write(
    conn: &Connection,
    org: &OrgId,
    delegation: &Delegation,
) -> Result<(), Hindrance> {
    let (id, revision, body) =
        (delegation.id.to_string(), integer(delegation.revision.0), to_body(delegation)?);
    let Some(before) = delegation.revision.guards() else {
        let sql = "INSERT INTO delegations (org, id, revision, body) VALUES (?, ?, ?, ?)";
        run(conn, sql, params![org.as_str(), id, revision, body])?;
        return Ok(());
    };
    let sql =
        "UPDATE delegations SET revision = ?, body = ? WHERE org = ? AND id = ? AND revision = ?";
    guarded(run(conn, sql, params![revision, body, org.as_str(), id, integer(before.0)])?)
}

/// The oldest first.
pub(crate) fn all(conn: &Connection, org: &OrgId) -> Result<Vec<Delegation>, StoreError> {
    let sql = "SELECT id, body FROM delegations WHERE org = ? ORDER BY id";
    row::all(conn, "delegations", sql, [org.as_str()])
}
