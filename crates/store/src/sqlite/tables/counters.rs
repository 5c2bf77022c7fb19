//! What was counted, in which window.

use std::collections::HashMap;

use countersign_domain::OrgId;
use countersign_domain::policy::{Charge, Counter, Quantity};
use rusqlite::{Connection, OptionalExtension, params};

use crate::StoreError;
use crate::sqlite::row::{Hindrance, guarded, write};

/// Where a counter stops growing, far below what a column holds.
const MOST: i64 = 4_000_000_000_000_000_000;

/// Counts; a conflict if the limit would be passed.
pub(crate) fn charge(conn: &Connection, org: &OrgId, charge: &Charge) -> Result<(), Hindrance> {
    let sql = "INSERT INTO counters (org, name, since, used)
        SELECT ?1, ?2, ?3, ?4 WHERE ?5 IS NULL OR ?4 <= ?5
        ON CONFLICT (org, name, since) DO UPDATE SET used = MIN(used + ?4, ?6)
        WHERE ?5 IS NULL OR used + ?4 <= ?5";
    let Charge { counter, amount, limit } = charge;
    let since = counter.since.as_millisecond();
    let limit = limit.map(|limit| limit.0);
    let params = params![org.as_str(), counter.name, since, amount.0, limit, MOST];
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
