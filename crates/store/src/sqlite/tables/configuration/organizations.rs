//! The organizations.

use countersign_domain::OrgId;
use rusqlite::Connection;

use super::{agents, documents, keys, people, permissions, settings, webhooks};
use crate::sqlite::row::{Hindrance, write};
use crate::{Configuration, StoreError};

pub(crate) fn insert(conn: &Connection, org: &OrgId) -> Result<(), Hindrance> {
    write(conn, "INSERT INTO organizations (org) VALUES (?)", [org.as_str()])?;
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

/// Everything about one organization that changes seldom.
pub(crate) fn configuration(
    conn: &Connection,
    org: &OrgId,
) -> Result<Option<Configuration>, StoreError> {
    if !exists(conn, org)? {
        return Ok(None);
    }
    Ok(Some(Configuration {
        agents: agents::all(conn, org)?,
        people: people::all(conn, org)?,
        keys: keys::all(conn, org)?,
        permissions: permissions::all(conn, org)?,
        webhooks: webhooks::all(conn, org)?,
        settings: settings::get(conn, org)?,
        documents: documents::all(conn, org)?,
        document_set: documents::set(conn, org)?,
    }))
}
