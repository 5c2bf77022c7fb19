//! Single approvals, and those that something is due for.

use countersign_domain::approval::{Approval, Wanted};
use countersign_domain::{AgentId, ApprovalId, OrgId};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::TABLE;
use crate::sqlite::row::{self, integer, whole};
use crate::{Backlog, StoreError};

/// How long after the end of its use a run that was started may still be reported, in milliseconds.
const DAY: i64 = 86_400_000;

pub(crate) fn get(
    conn: &Connection,
    org: &OrgId,
    id: ApprovalId,
) -> Result<Option<Approval>, StoreError> {
    let sql = "SELECT id, body FROM approvals WHERE org = ? AND id = ?";
    row::one(conn, TABLE, sql, params![org.as_str(), id.to_string()])
}

/// Newest first, at most 20. Three questions, because each has its own index.
pub(crate) fn related(
    conn: &Connection,
    org: &OrgId,
    agent: AgentId,
    wanted: Wanted,
) -> Result<Vec<Approval>, StoreError> {
    let sql = "SELECT id, body, created_at FROM approvals
               WHERE org = ?1 AND agent_id = ?2 AND digest = ?3
               UNION ALL
               SELECT id, body, created_at FROM approvals
               WHERE org = ?1 AND agent_id = ?2 AND present_digest = ?3 AND present_digest <> digest
               UNION ALL
               SELECT id, body, created_at FROM approvals
               WHERE org = ?1 AND agent_id = ?2 AND likeness = ?4 AND status = 'denied'
                   AND digest <> ?3 AND present_digest <> ?3
               ORDER BY created_at DESC, id DESC LIMIT 20";
    let Wanted { digest, likeness } = wanted;
    let params = params![org.as_str(), agent.to_string(), digest.to_string(), likeness.to_string()];
    row::all(conn, TABLE, sql, params)
}

pub(crate) fn pending_count(
    conn: &Connection,
    org: &OrgId,
    agent: AgentId,
) -> Result<u64, StoreError> {
    let sql =
        "SELECT count(*) FROM approvals WHERE org = ? AND agent_id = ? AND status = 'pending'";
    let mut statement = conn.prepare_cached(sql)?;
    Ok(statement
        .query_row(params![org.as_str(), agent.to_string()], |row| row.get(0).map(whole))?)
}

pub(crate) fn overdue(
    conn: &Connection,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Approval>, StoreError> {
    let sql = "SELECT id, body FROM (
                   SELECT * FROM (
                       SELECT id, body, expires_at AS due FROM approvals
                       WHERE status = 'pending' AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2)
                   UNION ALL
                   SELECT * FROM (
                       SELECT id, body, use_by AS due FROM approvals
                       WHERE execution = 'unused' AND use_by <= ?1 ORDER BY use_by LIMIT ?2)
                   UNION ALL
                   SELECT * FROM (
                       SELECT id, body, use_by AS due FROM approvals
                       WHERE execution = 'running' AND use_by <= ?1 - ?3 ORDER BY use_by LIMIT ?2))
               ORDER BY due, id LIMIT ?2";
    row::all(conn, TABLE, sql, params![now.as_millisecond(), integer(limit), DAY])
}

/// How many approvals are pending, and since when the oldest is.
pub(crate) fn backlog(conn: &Connection, org: &OrgId) -> Result<Backlog, StoreError> {
    let sql =
        "SELECT count(*), min(created_at) FROM approvals WHERE org = ? AND status = 'pending'";
    row::backlog(conn, sql, org)
}
