//! Pages of approvals. A page starts after the sort keys of the last item of the page before, so that
//! nothing is skipped or shown twice while others are added.

use countersign_domain::OrgId;
use countersign_domain::approval::{Approval, Status};
use rusqlite::{Connection, params_from_iter};

use super::{TABLE, search, texts};
use crate::query::risk_rank;
use crate::sqlite::filter::Filter;
use crate::sqlite::row::{self, integer, millis_from, whole};
use crate::{ApprovalQuery, Cursor, Page, Sort, StoreError};

/// Up to here a total is counted.
const COUNTED: u64 = 10_000;

pub(crate) fn list(
    conn: &Connection,
    org: &OrgId,
    query: &ApprovalQuery,
) -> Result<Page<Approval>, StoreError> {
    let mut filter = filter(org, query);
    let total = count(conn, &filter, query)?;
    let source = source(conn, &mut filter, query.text.as_deref())?;
    if let Some(after) = query.after {
        place(&mut filter, query.sort, after);
    }
    filter.value(integer(query.limit).saturating_add(1));
    let sql = format!(
        "SELECT id, body FROM {source} WHERE {} ORDER BY {} LIMIT ?",
        filter.sql(),
        order(query.sort)
    );
    let mut items: Vec<Approval> = row::all(conn, TABLE, &sql, params_from_iter(filter.values()))?;
    let more = items.len() > query.limit;
    items.truncate(query.limit);
    let next = items.last().filter(|_| more).map(|last| Cursor::of(last, query.sort));
    Ok(Page { items, next, total })
}

fn filter(org: &OrgId, query: &ApprovalQuery) -> Filter {
    let mut filter = Filter::new("org = ?", org.to_string());
    if let Some(status) = query.status {
        filter.and_plain(has_status(status));
    }
    filter.and_if("agent_id = ?", query.agent.map(|id| id.to_string()));
    filter.and_if("action = ?", query.action.clone());
    filter.and_if("reason_code = ?", query.reason_code.clone());
    filter.and_if("risk_order = ?", query.risk.map(|risk| -risk_rank(risk)));
    filter.and_if("instr(group_names, ?) > 0", query.group.as_deref().map(search::group_name));
    filter.and_if("created_order <= ?", query.from.map(|from| -millis_from(from)));
    filter.and_if("created_order > ?", query.to.map(|to| -millis_from(to)));
    for word in query.text.iter().flat_map(|text| search::words(text)) {
        // Not LIKE: no character of a word means anything but itself.
        filter.and("instr(search, ?) > 0", word);
    }
    filter
}

/// Where a list comes from: from the index of texts when a text is rare, and then from no other index. The
/// words themselves are compared in any case.
fn source(
    conn: &Connection,
    filter: &mut Filter,
    text: Option<&str>,
) -> Result<&'static str, StoreError> {
    let Some(trigrams) = text.and_then(search::trigrams) else { return Ok(TABLE) };
    if !texts::are_rare(conn, &trigrams)? {
        return Ok(TABLE);
    }
    filter.and(
        "place IN (SELECT rowid FROM approval_texts WHERE approval_texts MATCH ?
                   UNION ALL SELECT place FROM approvals WHERE place > ?)",
        trigrams,
    );
    filter.value(texts::cursor(conn)?);
    Ok("approvals NOT INDEXED")
}

/// Spelled out, so that indexes of one status can be used.
const fn has_status(status: Status) -> &'static str {
    match status {
        Status::Pending => "status = 'pending'",
        Status::Approved => "status = 'approved'",
        Status::Denied => "status = 'denied'",
        Status::Expired => "status = 'expired'",
        Status::Canceled => "status = 'canceled'",
    }
}

const fn order(sort: Sort) -> &'static str {
    match sort {
        Sort::Risk => "risk_order, expires_at, id",
        Sort::Created => "created_order, id",
        Sort::Expires => "expires_at, id",
    }
}

/// Only what stands after the cursor; the columns are those of [`order`] and of [`Cursor::of`].
fn place(filter: &mut Filter, sort: Sort, after: Cursor) {
    filter.and_plain(match sort {
        Sort::Risk => "(risk_order, expires_at, id) > (?, ?, ?)",
        Sort::Created => "(created_order, id) > (?, ?)",
        Sort::Expires => "(expires_at, id) > (?, ?)",
    });
    filter.value(after.first);
    match sort {
        Sort::Risk => filter.value(after.second),
        Sort::Created | Sort::Expires => {}
    }
    filter.value(after.id.to_string());
}

/// How many there are on all pages, unless that is many, or a text would have to be looked for in all.
fn count(
    conn: &Connection,
    filter: &Filter,
    query: &ApprovalQuery,
) -> Result<Option<u64>, StoreError> {
    if query.text.is_some() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM approvals WHERE {} LIMIT {})",
        filter.sql(),
        COUNTED + 1
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let count =
        statement.query_row(params_from_iter(filter.values()), |row| row.get(0).map(whole))?;
    Ok((count <= COUNTED).then_some(count))
}
