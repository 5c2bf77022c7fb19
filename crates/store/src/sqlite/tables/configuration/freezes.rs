//! What is frozen.

use countersign_domain::OrgId;
use countersign_domain::policy::{Freeze, FreezeScope};
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{self, Hindrance, guarded, write};

pub(crate) fn set(conn: &Connection, org: &OrgId, freeze: &Freeze) -> Result<(), Hindrance> {
    let sql = "INSERT INTO freezes (org, scope, body) VALUES (?, ?, ?)
               ON CONFLICT (org, scope) DO UPDATE SET body = excluded.body";
    write(conn, sql, params![org.as_str(), freeze.scope.to_string(), to_body(freeze)?])?;
    Ok(())
}

pub(crate) fn lift(conn: &Connection, org: &OrgId, scope: &FreezeScope) -> Result<(), Hindrance> {
    let sql = "DELETE FROM freezes WHERE org = ? AND scope = ?";
    guarded(write(conn, sql, params![org.as_str(), scope.to_string()])?)
}

pub(crate) fn all(conn: &Connection, org: &OrgId) -> Result<Vec<Freeze>, StoreError> {
    let sql = "SELECT scope, body FROM freezes WHERE org = ? ORDER BY scope";
    row::all(conn, "freezes", sql, [org.as_str()])
}
