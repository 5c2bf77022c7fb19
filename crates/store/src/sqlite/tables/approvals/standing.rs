//! The approvals that can still mean something to a check.

use std::fmt::Display;
use std::str::FromStr;

use countersign_domain::approval::{Standing, Stands, Status};
use jiff::Timestamp;
use rusqlite::{Connection, Row};

use super::TABLE;
use crate::StoreError;

/// Three questions, because each has its own index.
pub(crate) fn standing(
    conn: &Connection,
    denied_since: Timestamp,
) -> Result<Vec<Standing>, StoreError> {
    let sql = "SELECT id, agent_id, digest, present_digest, status, decided_at, likeness FROM approvals
               WHERE status = 'pending'
               UNION ALL
               SELECT id, agent_id, digest, present_digest, status, decided_at, likeness FROM approvals
               WHERE execution = 'unused'
               UNION ALL
               SELECT id, agent_id, digest, present_digest, status, decided_at, likeness FROM approvals
               WHERE status = 'denied' AND decided_at >= ?";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([denied_since.as_millisecond()])?;
    let mut standing = Vec::new();
    while let Some(row) = rows.next()? {
        standing.push(read(row)?);
    }
    Ok(standing)
}

fn read(row: &Row<'_>) -> Result<Standing, StoreError> {
    Ok(Standing {
        id: parsed(row, 0)?,
        agent: parsed(row, 1)?,
        digests: [parsed(row, 2)?, parsed(row, 3)?],
        stands: stands(row)?,
    })
}

fn stands(row: &Row<'_>) -> Result<Stands, StoreError> {
    let status: String = row.get(4)?;
    if status == Status::Pending.as_str() {
        return Ok(Stands::Pending);
    }
    if status != Status::Denied.as_str() {
        return Ok(Stands::Unused);
    }
    let millis: i64 = row.get(5)?;
    let at = Timestamp::from_millisecond(millis);
    let at = at.map_err(|error| unreadable(&millis, &error))?;
    Ok(Stands::Denied { at, likeness: parsed(row, 6)? })
}

fn parsed<T: FromStr<Err: Display>>(row: &Row<'_>, column: usize) -> Result<T, StoreError> {
    let text: String = row.get(column)?;
    text.parse().map_err(|error| unreadable(&text, &error))
}

fn unreadable(value: &dyn Display, error: &dyn Display) -> StoreError {
    StoreError::Unreadable(format!("`{value}` in {TABLE}: {error}"))
}
