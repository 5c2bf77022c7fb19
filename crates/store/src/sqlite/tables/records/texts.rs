//! The index of what records say. It is brought up to date some records at a time; until then they are looked
//! through one by one.

use countersign_domain::OrgId;
use countersign_domain::audit::Record;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{TABLE, words};
use crate::StoreError;
use crate::sqlite::row::{from_body, integer, write};
use crate::sqlite::tables::organizations;

/// So many records may wait: looking through them takes a few milliseconds.
const WAITING: i64 = 300;

/// How many places the log of an organization has in the index.
const PLACES: i64 = 1 << 40;

/// Where the records of an organization stand in the index, and up to which they are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shelf {
    /// What is added to the place in the log.
    pub(super) base: i64,
    /// The last record that is there.
    pub(super) seq: i64,
}

/// `None` as long as none is there.
pub(super) fn shelf(conn: &Connection, org: &OrgId) -> Result<Option<Shelf>, StoreError> {
    let sql = "SELECT number, seq FROM record_texts_cursors WHERE org = ?";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Shelf { base: row.get::<_, i64>(0)? * PLACES, seq: row.get(1)? })
    };
    Ok(conn.prepare_cached(sql)?.query_row([org.as_str()], read).optional()?)
}

/// Puts up to `limit` records into the index of the first organization of which enough wait; gives how many.
pub(crate) fn index_texts(conn: &Connection, limit: usize) -> Result<usize, StoreError> {
    for org in organizations::all(conn)? {
        let seq = shelf(conn, &org)?.map_or(0, |shelf| shelf.seq);
        let sql = "SELECT coalesce(max(seq), 0) FROM records WHERE org = ?";
        let last: i64 = conn.prepare_cached(sql)?.query_row([org.as_str()], |row| row.get(0))?;
        if last - seq >= WAITING {
            return forward(conn, &org, limit);
        }
    }
    Ok(0)
}

fn forward(conn: &Connection, org: &OrgId, limit: usize) -> Result<usize, StoreError> {
    let sql = "INSERT INTO record_texts_cursors (org, number, seq)
               VALUES (?, (SELECT coalesce(max(number), 0) + 1 FROM record_texts_cursors), 0)
               ON CONFLICT (org) DO NOTHING";
    write(conn, sql, [org.as_str()])?;
    let Some(Shelf { base, seq }) = shelf(conn, org)? else { return Ok(0) };
    let sql = "SELECT seq, body FROM records WHERE org = ? AND seq > ? ORDER BY seq LIMIT ?";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![org.as_str(), seq, integer(limit)])?;
    let (mut reached, mut count) = (seq, 0);
    while let Some(row) = rows.next()? {
        let record: Record = from_body(TABLE, row)?;
        reached = integer(record.seq.0);
        let sql = "INSERT INTO record_texts (rowid, words) VALUES (?, ?)";
        write(conn, sql, params![base + reached, words::indexed(&record)])?;
        count += 1;
    }
    let sql = "UPDATE record_texts_cursors SET seq = ? WHERE org = ?";
    write(conn, sql, params![reached, org.as_str()])?;
    Ok(count)
}
