//! The settings, one row per organization.

use countersign_domain::{OrgId, Revision, Settings};
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{Hindrance, guarded, integer, one, write as run};

pub(crate) fn write(conn: &Connection, org: &OrgId, settings: &Settings) -> Result<(), Hindrance> {
    let (revision, body) = (integer(settings.revision.0), to_body(settings)?);
    let Some(before) = settings.revision.guards() else {
        let sql = "INSERT INTO settings (org, revision, body) VALUES (?, ?, ?)";
        run(conn, sql, params![org.as_str(), revision, body])?;
        return Ok(());
    };
    let sql = "UPDATE settings SET revision = ?, body = ? WHERE org = ? AND revision = ?";
    guarded(run(conn, sql, params![revision, body, org.as_str(), integer(before.0)])?)
}

/// The settings; those of the house with revision 0 as long as none were written, so that the first ones
/// that are can be told from a change.
pub(crate) fn get(conn: &Connection, org: &OrgId) -> Result<Settings, StoreError> {
    let found =
        one(conn, "settings", "SELECT org, body FROM settings WHERE org = ?", [org.as_str()])?;
    Ok(found.unwrap_or_else(|| Settings { revision: Revision(0), ..Settings::default() }))
}
