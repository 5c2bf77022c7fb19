//! The log. Rows are added and read, never changed.

mod search;
mod texts;
mod words;

pub(crate) use search::search;
pub(crate) use texts::index_texts;

use countersign_domain::OrgId;
use countersign_domain::audit::{Draft, Head, Linked, Record};
use rusqlite::{Connection, params, params_from_iter};

use crate::sqlite::filter::Filter;
use crate::sqlite::row::{self, Hindrance, integer, millis_from, write};
use crate::{RecordQuery, StoreError};

const TABLE: &str = "records";

pub(crate) fn insert(
    conn: &Connection,
    org: &OrgId,
    draft: &Draft,
    linked: &Linked,
) -> Result<(), Hindrance> {
    let sql = "INSERT INTO records (org, seq, at, kind, agent_id, approval_id, body)
               VALUES (?, ?, ?, ?, ?, ?, ?)";
    let params = params![
        org.as_str(),
        integer(linked.head.seq.0),
        draft.at.as_millisecond(),
        draft.kind.as_str(),
        draft.agent.map(|id| id.to_string()),
        draft.approval.map(|id| id.to_string()),
        linked.text,
    ];
    write(conn, sql, params)?;
    Ok(())
}

/// Where the log ends.
pub(crate) fn head(conn: &Connection, org: &OrgId) -> Result<Head, StoreError> {
    let sql = "SELECT seq, body FROM records WHERE org = ? ORDER BY seq DESC LIMIT 1";
    let last: Option<Record> = row::one(conn, TABLE, sql, [org.as_str()])?;
    Ok(last.map_or(Head::START, |record| record.head()))
}

/// Records in order of their place.
pub(crate) fn list(
    conn: &Connection,
    org: &OrgId,
    query: &RecordQuery,
) -> Result<Vec<Record>, StoreError> {
    let mut filter = filter(org, query);
    let order = if query.newest { "seq DESC" } else { "seq" };
    filter.value(integer(query.limit));
    let sql =
        format!("SELECT seq, body FROM records WHERE {} ORDER BY {order} LIMIT ?", filter.sql());
    let mut records = row::all(conn, TABLE, &sql, params_from_iter(filter.values()))?;
    if query.newest {
        records.reverse();
    }
    Ok(records)
}

fn filter(org: &OrgId, query: &RecordQuery) -> Filter {
    let mut filter = Filter::new("org = ?", org.to_string());
    match query.newest {
        true if query.after.0 == 0 => {}
        true => filter.and("seq < ?", integer(query.after.0)),
        false => filter.and("seq > ?", integer(query.after.0)),
    }
    filter.and_if("approval_id = ?", query.approval.map(|id| id.to_string()));
    filter.and_if("agent_id = ?", query.agent.map(|id| id.to_string()));
    filter.and_if("kind = ?", query.kind.map(|kind| kind.to_string()));
    // Read from the newest, a lone lower bound is only where to stop: it must not choose the index. The
    // same holds for a lone upper bound, read from the oldest.
    let from = if query.newest && query.to.is_none() { "+at >= ?" } else { "at >= ?" };
    let to = if !query.newest && query.from.is_none() { "+at < ?" } else { "at < ?" };
    filter.and_if(from, query.from.map(millis_from));
    filter.and_if(to, query.to.map(millis_from));
    filter
}
