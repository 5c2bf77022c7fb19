//! The organizations.

use countersign_domain::OrgId;
use rusqlite::{Connection, OptionalExtension as _};

use super::people::delegations;
use super::{
    agents, documents, freezes, keys, people, permissions, revocations, settings, webhooks,
};
use crate::sqlite::row::{Hindrance, guarded, whole, write};
use crate::{Configuration, StoreError};

pub(crate) fn insert(conn: &Connection, org: &OrgId) -> Result<(), Hindrance> {
    write(conn, "INSERT INTO organizations (org, version) VALUES (?, 0)", [org.as_str()])?;
    Ok(())
}

pub(crate) fn exists(conn: &Connection, org: &OrgId) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM organizations WHERE org = ?")?;
    Ok(statement.exists([org.as_str()])?)
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<OrgId>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT org FROM organizations ORDER BY org")?;
    let mut rows = statement.query([])?;
    let mut orgs = Vec::new();
    while let Some(row) = rows.next()? {
        let org: String = row.get(0)?;
        let org =
            org.parse().map_err(|e| StoreError::Unreadable(format!("in organizations: {e}")))?;
        orgs.push(org);
    }
    Ok(orgs)
}

/// Which version of its configuration an organization has; `None` if there is no such organization.
pub(crate) fn version(conn: &Connection, org: &OrgId) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT version FROM organizations WHERE org = ?";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_row([org.as_str()], |row| row.get(0)).optional()?;
    Ok(found.map(whole))
}

/// A conflict unless the configuration has this version.
pub(crate) fn must_stand(conn: &Connection, org: &OrgId, wanted: u64) -> Result<(), Hindrance> {
    let stands = version(conn, org)? == Some(wanted);
    if stands { Ok(()) } else { Err(Hindrance::Conflict) }
}

/// The configuration was changed: it has the next version.
pub(crate) fn changed(conn: &Connection, org: &OrgId) -> Result<(), Hindrance> {
    let sql = "UPDATE organizations SET version = version + 1 WHERE org = ?";
    guarded(write(conn, sql, [org.as_str()])?)
}

/// Everything about one organization that changes seldom.
pub(crate) fn configuration(
    conn: &Connection,
    org: &OrgId,
) -> Result<Option<Configuration>, StoreError> {
    let Some(version) = version(conn, org)? else {
        return Ok(None);
    };
    Ok(Some(Configuration {
        version,
        agents: agents::all(conn, org)?,
        people: people::all(conn, org)?,
        delegations: delegations::all(conn, org)?,
        keys: keys::all(conn, org)?,
        revocations: revocations::all(conn, org)?,
        permissions: permissions::all(conn, org)?,
        webhooks: webhooks::all(conn, org)?,
        settings: settings::get(conn, org)?,
        freezes: freezes::all(conn, org)?,
        documents: documents::all(conn, org)?,
        document_set: documents::set(conn, org)?,
    }))
}
