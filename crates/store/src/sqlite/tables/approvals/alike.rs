//! Approvals of the same agent for the same action, and which actions there are.

use countersign_domain::OrgId;
use countersign_domain::approval::Approval;
use rusqlite::{Connection, params};

use super::TABLE;
use crate::sqlite::row::{self, integer};
use crate::{AlikeTo, StoreError};

/// Read in the order of an index, so that it ends at the limit.
pub(in crate::sqlite) const OF_A_KIND: &str = "SELECT id, body FROM approvals
    WHERE org = ? AND action = ? AND agent_id = ? ORDER BY created_order, id LIMIT ?";

/// From each action to the next one in the index, without a look at those between.
pub(in crate::sqlite) const ACTIONS: &str = "WITH RECURSIVE known (action) AS (
        SELECT min(action) FROM approvals WHERE org = ?1
        UNION ALL
        SELECT (SELECT min(action) FROM approvals WHERE org = ?1 AND action > known.action)
        FROM known WHERE known.action IS NOT NULL
    )
    SELECT action FROM known WHERE action IS NOT NULL LIMIT ?2";

/// The last `limit` of each kind, newest first.
pub(crate) fn alike(
    conn: &Connection,
    org: &OrgId,
    kinds: &[AlikeTo],
    limit: usize,
) -> Result<Vec<Vec<Approval>>, StoreError> {
    let of = |kind: &AlikeTo| {
        let (action, agent) = (&kind.action, kind.agent.to_string());
        row::all(conn, TABLE, OF_A_KIND, params![org.to_string(), action, agent, integer(limit)])
    };
    kinds.iter().map(of).collect()
}

/// The actions that were asked for, in the order of their names.
pub(crate) fn actions(
    conn: &Connection,
    org: &OrgId,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare_cached(ACTIONS)?;
    let found = statement.query_map(params![org.to_string(), integer(limit)], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}
