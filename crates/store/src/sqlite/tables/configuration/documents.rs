//! The policy documents, and how often they were changed as a set.

use countersign_domain::policy::document::{DocumentKind, StoredDocument};
use countersign_domain::{OrgId, Revision};
use rusqlite::{Connection, OptionalExtension, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{self, Hindrance, guarded, integer, whole, write as run};

pub(crate) fn write(
    conn: &Connection,
    org: &OrgId,
    stored: &StoredDocument,
) -> Result<(), Hindrance> {
    let (kind, name) = (stored.document.kind().as_str(), stored.document.name());
    let (revision, body) = (integer(stored.revision.0), to_body(stored)?);
    let Some(before) = stored.revision.guards() else {
        let sql = "INSERT INTO documents (org, kind, name, revision, body) VALUES (?, ?, ?, ?, ?)";
        run(conn, sql, params![org.as_str(), kind, name, revision, body])?;
        return Ok(());
    };
    let sql = "UPDATE documents SET revision = ?, body = ? WHERE org = ? AND kind = ? AND name = ? AND revision = ?";
    guarded(run(conn, sql, params![revision, body, org.as_str(), kind, name, integer(before.0)])?)
}

pub(crate) fn remove(
    conn: &Connection,
    org: &OrgId,
    kind: DocumentKind,
    name: &str,
) -> Result<(), Hindrance> {
    let sql = "DELETE FROM documents WHERE org = ? AND kind = ? AND name = ?";
    guarded(run(conn, sql, params![org.as_str(), kind.as_str(), name])?)
}

pub(crate) fn all(conn: &Connection, org: &OrgId) -> Result<Vec<StoredDocument>, StoreError> {
    let sql = "SELECT kind || ' ' || name, body FROM documents WHERE org = ? ORDER BY kind, name";
    row::all(conn, "documents", sql, [org.as_str()])
}

/// Counts one change of the set; a conflict unless the one before was counted last.
pub(crate) fn write_set(
    conn: &Connection,
    org: &OrgId,
    revision: Revision,
) -> Result<(), Hindrance> {
    let Some(before) = revision.guards() else {
        let sql = "INSERT INTO document_sets (org, revision) VALUES (?, ?)";
        run(conn, sql, params![org.as_str(), integer(revision.0)])?;
        return Ok(());
    };
    let sql = "UPDATE document_sets SET revision = ? WHERE org = ? AND revision = ?";
    guarded(run(conn, sql, params![integer(revision.0), org.as_str(), integer(before.0)])?)
}

/// How often the documents were changed as a set.
pub(crate) fn set(conn: &Connection, org: &OrgId) -> Result<Revision, StoreError> {
    let sql = "SELECT revision FROM document_sets WHERE org = ?";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_row([org.as_str()], |row| row.get(0)).optional()?;
    Ok(Revision(found.map_or(0, whole)))
}
