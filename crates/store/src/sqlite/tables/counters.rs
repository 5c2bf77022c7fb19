//! What was counted, in which window.

use std::collections::HashMap;

use countersign_domain::OrgId;
use countersign_domain::policy::{Charge, Counter, Quantity};
use rusqlite::{Connection, OptionalExtension, params};

use crate::StoreError;
use crate::sqlite::row::{Hindrance, guarded, integer, write};

/// Where a counter stops growing, far below what a column holds.
const MOST: i64 = 4_000_000_000_000_000_000;

/// Counts; a conflict if the limit would be passed, or if the counter has moved since it was judged by. What is
/// counted down never gets below nothing.
pub(crate) fn charge(conn: &Connection, org: &OrgId, charge: &Charge) -> Result<(), Hindrance> {
    let sql = "INSERT INTO counters (org, name, since, used)
        SELECT ?1, ?2, ?3, MAX(?4, 0) WHERE (?5 IS NULL OR ?4 <= ?5) AND (IFNULL(?7, 0) = 0
            OR EXISTS (SELECT 1 FROM counters WHERE org = ?1 AND name = ?2 AND since = ?3))
        ON CONFLICT (org, name, since) DO UPDATE SET used = MAX(MIN(used + ?4, ?6), 0)
        WHERE (?5 IS NULL OR used + ?4 <= ?5) AND (?7 IS NULL OR used = ?7)";
    let Charge { counter, amount, limit, seen } = charge;
    let since = counter.since.as_millisecond();
    let (limit, seen) = (limit.map(|limit| limit.0), seen.map(|seen| seen.0));
    let params = params![org.as_str(), counter.name, since, amount.0, limit, MOST, seen];
    guarded(write(conn, sql, params)?)
}

/// How these counters stand; those that nothing was counted in are left out.
pub(crate) fn used(
    conn: &Connection,
    org: &OrgId,
    wanted: &[Counter],
) -> Result<HashMap<Counter, Quantity>, StoreError> {
    let sql = "SELECT used FROM counters WHERE org = ? AND name = ? AND since = ?";
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = HashMap::with_capacity(wanted.len());
    for counter in wanted {
        let key = params![org.as_str(), counter.name, counter.since.as_millisecond()];
        if let Some(used) = statement.query_row(key, |row| row.get(0)).optional()? {
            found.insert(counter.clone(), Quantity(used));
        }
    }
    Ok(found)
}

/// A counter and its parts, the fullest first. `0` follows upon `/`.
pub(crate) fn of(
    conn: &Connection,
    org: &OrgId,
    whole: &Counter,
    limit: usize,
) -> Result<Vec<(Counter, Quantity)>, StoreError> {
    let sql = "SELECT name, used FROM counters
        WHERE org = ?1 AND since = ?3 AND (name = ?2 OR (name > ?2 || '/' AND name < ?2 || '0'))
        ORDER BY used DESC, name LIMIT ?4";
    let since = whole.since.as_millisecond();
    let mut statement = conn.prepare_cached(sql)?;
    let key = params![org.as_str(), whole.name, since, integer(limit)];
    let mut rows = statement.query(key)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let counter = Counter { name: row.get(0)?, since: whole.since };
        found.push((counter, Quantity(row.get(1)?)));
    }
    Ok(found)
}
