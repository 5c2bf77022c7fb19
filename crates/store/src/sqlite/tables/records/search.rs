//! Looking for records: those that are in the index of texts by what it answers, those that came after it one by
//! one. What one page looks at is bounded, and where it stopped the next one goes on.

use std::ops::RangeInclusive;

use countersign_domain::audit::Record;
use countersign_domain::identity::CallerKind;
use countersign_domain::{OrgId, Seq};
use rusqlite::{Connection, Params, params};

use super::texts::{Shelf, shelf};
use super::words::{self, Wanted};
use super::{TABLE, list};
use crate::sqlite::row::{from_body, integer, millis_from, whole};
use crate::{RecordPage, RecordQuery, RecordSearch, StoreError};

/// How many records a page looks at: some tens of milliseconds.
const LOOKED_AT: usize = 2_000;

pub(crate) fn search(
    conn: &Connection,
    org: &OrgId,
    wanted: &RecordSearch,
) -> Result<RecordPage, StoreError> {
    if wanted.text.is_none() && wanted.by.is_none() {
        return page_of_all(conn, org, &wanted.within);
    }
    let Some(places) = places(conn, org, &wanted.within)? else {
        return Ok(RecordPage::default());
    };
    let mut look = Look::new(wanted);
    let asked = look.words.asked(&filed_under(wanted));
    // Without a word there is nothing that the index could be asked for.
    let shelf = if asked.is_empty() { None } else { shelf(conn, org)? };
    let shelf = shelf.unwrap_or(Shelf { base: 0, seq: 0 });
    let waiting = (*places.start()).max(shelf.seq + 1)..=*places.end();
    let indexed = *places.start()..=(*places.end()).min(shelf.seq);
    let mut next = None;
    for waits in [wanted.within.newest, !wanted.within.newest] {
        next = match next {
            Some(next) => Some(next),
            None if waits => look.through_the_waiting(conn, org, &waiting)?,
            None => look.through_the_index(conn, org, (&shelf, &asked), &indexed)?,
        };
    }
    let mut records = look.found;
    if wanted.within.newest {
        records.reverse();
    }
    Ok(RecordPage { records, next })
}

/// A page where nothing has to be looked for.
fn page_of_all(
    conn: &Connection,
    org: &OrgId,
    query: &RecordQuery,
) -> Result<RecordPage, StoreError> {
    let mut records = list(conn, org, &RecordQuery { limit: query.limit + 1, ..query.clone() })?;
    let more = records.len() > query.limit;
    if query.newest {
        records.drain(..usize::from(more));
    } else {
        records.truncate(query.limit);
    }
    let last = if query.newest { records.first() } else { records.last() };
    let next = last.filter(|_| more).map(|record| record.seq);
    Ok(RecordPage { records, next })
}

/// From which place to which it is looked; `None` where nothing can be.
fn places(
    conn: &Connection,
    org: &OrgId,
    query: &RecordQuery,
) -> Result<Option<RangeInclusive<i64>>, StoreError> {
    let after = integer(query.after.0);
    let (mut first, mut last) = match query.newest {
        true if after == 0 => (1, i64::MAX),
        true => (1, after - 1),
        false => (after + 1, i64::MAX),
    };
    if query.from.is_some() || query.to.is_some() {
        let (from, to) = period(query);
        let sql = "SELECT min(seq), max(seq) FROM records WHERE org = ? AND at >= ? AND at < ?";
        let mut statement = conn.prepare_cached(sql)?;
        let bounds = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found: (Option<i64>, Option<i64>) =
            statement.query_row(params![org.as_str(), from, to], bounds)?;
        let (Some(earliest), Some(latest)) = found else { return Ok(None) };
        (first, last) = (first.max(earliest), last.min(latest));
    }
    Ok((first <= last).then_some(first..=last))
}

fn period(query: &RecordQuery) -> (i64, i64) {
    (query.from.map_or(i64::MIN, millis_from), query.to.map_or(i64::MAX, millis_from))
}

fn filed_under(RecordSearch { within, by, .. }: &RecordSearch) -> Vec<String> {
    let marks = [
        within.kind.map(words::of_kind),
        within.agent.map(words::of_agent),
        within.approval.map(words::of_approval),
        by.map(words::by_person),
    ];
    marks.into_iter().flatten().collect()
}

/// What is looked for, what was found, and how many records may still be looked at.
struct Look<'a> {
    wanted: &'a RecordSearch,
    words: Wanted,
    by: Option<String>,
    found: Vec<Record>,
    left: usize,
}

impl<'a> Look<'a> {
    fn new(wanted: &'a RecordSearch) -> Self {
        let words = Wanted::of(wanted.text.as_deref().unwrap_or_default());
        let by = wanted.by.map(|person| person.to_string());
        Self { wanted, words, by, found: Vec::new(), left: LOOKED_AT }
    }

    fn through_the_waiting(
        &mut self,
        conn: &Connection,
        org: &OrgId,
        places: &RangeInclusive<i64>,
    ) -> Result<Option<Seq>, StoreError> {
        let sql = format!(
            "SELECT seq, body FROM records WHERE org = ? AND seq >= ? AND seq <= ? ORDER BY seq {}",
            self.order()
        );
        self.through(conn, &sql, params![org.as_str(), places.start(), places.end()])
    }

    fn through_the_index(
        &mut self,
        conn: &Connection,
        org: &OrgId,
        (place, asked): (&Shelf, &str),
        places: &RangeInclusive<i64>,
    ) -> Result<Option<Seq>, StoreError> {
        if places.is_empty() {
            return Ok(None);
        }
        let sql = format!(
            "SELECT records.seq, records.body FROM record_texts
             CROSS JOIN records ON records.org = ? AND records.seq = record_texts.rowid - ?
             WHERE record_texts MATCH ? AND record_texts.rowid >= ? AND record_texts.rowid <= ?
             ORDER BY record_texts.rowid {}",
            self.order()
        );
        let (first, last) = (place.base + places.start(), place.base + places.end());
        self.through(conn, &sql, params![org.as_str(), place.base, asked, first, last])
    }

    const fn order(&self) -> &'static str {
        if self.wanted.within.newest { "DESC" } else { "ASC" }
    }

    /// Looks at one record after the other; gives where to go on if it does not come to their end.
    fn through(
        &mut self,
        conn: &Connection,
        sql: &str,
        params: impl Params,
    ) -> Result<Option<Seq>, StoreError> {
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            if self.left == 0 {
                let seq: i64 = row.get(0)?;
                let before = if self.wanted.within.newest { seq + 1 } else { seq - 1 };
                return Ok(Some(Seq(whole(before))));
            }
            self.left -= 1;
            let record: Record = from_body(TABLE, row)?;
            if self.fits(&record) {
                if self.found.len() == self.wanted.within.limit {
                    return Ok(self.found.last().map(|last| last.seq));
                }
                self.found.push(record);
            }
        }
        Ok(None)
    }

    fn fits(&self, record: &Record) -> bool {
        let RecordQuery { approval, agent, kind, .. } = &self.wanted.within;
        let (from, to) = period(&self.wanted.within);
        let by = |id: &String| record.caller.kind == CallerKind::Person && record.caller.id == *id;
        (from..to).contains(&record.at.as_millisecond())
            && approval.is_none_or(|id| record.approval_id == Some(id))
            && agent.is_none_or(|id| record.agent_id == Some(id))
            && kind.is_none_or(|kind| record.kind == kind)
            && self.by.as_ref().is_none_or(by)
            && (self.wanted.text.is_none() || self.words.fits(&words::text(record)))
    }
}
