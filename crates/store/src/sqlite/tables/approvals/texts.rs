//! The index of what people search for. It is brought up to date in large steps, because a step costs about
//! as much for one approval as for a hundred; until then new approvals are looked through one by one.

use rusqlite::{Connection, params};

use super::search;
use crate::StoreError;
use crate::sqlite::row::{integer, write};

/// So many approvals may wait: looking through them takes a few milliseconds.
const WAITING: i64 = 1_000;

/// More approvals than this with a text are as quickly found by looking through all.
const RARE: i64 = 5_000;

/// Up to where approvals are in the index.
pub(super) fn cursor(conn: &Connection) -> Result<i64, StoreError> {
    let mut statement = conn.prepare_cached("SELECT place FROM approval_texts_cursor")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// Whether so few approvals hold these characters that they are to be looked at one by one.
pub(super) fn are_rare(conn: &Connection, trigrams: &str) -> Result<bool, StoreError> {
    let sql =
        "SELECT count(*) FROM (SELECT 1 FROM approval_texts WHERE approval_texts MATCH ? LIMIT ?)";
    let mut statement = conn.prepare_cached(sql)?;
    let count: i64 = statement.query_row(params![trigrams, RARE + 1], |row| row.get(0))?;
    Ok(count <= RARE)
}

/// Puts up to `limit` approvals into the index if enough of them wait; gives how many there were.
pub(crate) fn index_texts(conn: &Connection, limit: usize) -> Result<usize, StoreError> {
    let cursor = cursor(conn)?;
    let mut last = conn.prepare_cached("SELECT coalesce(max(place), 0) FROM approvals")?;
    let last: i64 = last.query_row([], |row| row.get(0))?;
    if last - cursor < WAITING {
        return Ok(0);
    }
    let sql = "SELECT place, search FROM approvals WHERE place > ? ORDER BY place LIMIT ?";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![cursor, integer(limit)])?;
    let (mut reached, mut count) = (cursor, 0);
    while let Some(row) = rows.next()? {
        reached = row.get(0)?;
        let text: String = row.get(1)?;
        let sql = "INSERT INTO approval_texts (rowid, text) VALUES (?, ?)";
        write(conn, sql, params![reached, search::indexed(&text)])?;
        count += 1;
    }
    write(conn, "UPDATE approval_texts_cursor SET place = ?", [reached])?;
    Ok(count)
}
