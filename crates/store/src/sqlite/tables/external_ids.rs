//! What clients' own ids stand for.

use countersign_domain::{ApprovalId, ExternalId, OrgId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::StoreError;
use crate::sqlite::row::{Hindrance, write};

pub(crate) fn insert(
    conn: &Connection,
    org: &OrgId,
    id: &ExternalId,
    approval: ApprovalId,
) -> Result<(), Hindrance> {
    let sql =
        "INSERT INTO external_ids (org, key_id, kind, id, approval_id) VALUES (?, ?, ?, ?, ?)";
    let key = id.key.to_string();
    write(conn, sql, params![org.as_str(), key, id.kind, id.id, approval.to_string()])?;
    Ok(())
}

pub(crate) fn get(
    conn: &Connection,
    org: &OrgId,
    id: &ExternalId,
) -> Result<Option<ApprovalId>, StoreError> {
    let sql =
        "SELECT approval_id FROM external_ids WHERE org = ? AND key_id = ? AND kind = ? AND id = ?";
    let mut statement = conn.prepare_cached(sql)?;
    let params = params![org.as_str(), id.key.to_string(), id.kind, id.id];
    let found: Option<String> = statement.query_row(params, |row| row.get(0)).optional()?;
    let parsed = found.map(|text| text.parse()).transpose();
    parsed.map_err(|error| StoreError::Unreadable(format!("`{}` in external_ids: {error}", id.id)))
}
