//! Between rows and values, and what an error of SQLite means for a change.

use std::fmt::Display;

use countersign_domain::OrgId;
use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, ErrorCode, OptionalExtension, Params, Row, ffi};
use serde::de::DeserializeOwned;

use crate::{Backlog, StoreError};

/// Why a row was not written.
pub(crate) enum Hindrance {
    /// A guard failed: what the change was based on does not stand any more.
    Conflict,
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for Hindrance {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for Hindrance {
    fn from(error: Error) -> Self {
        const GUARDS: [i32; 3] = [
            ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
            ffi::SQLITE_CONSTRAINT_UNIQUE,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY,
        ];
        match &error {
            Error::SqliteFailure(cause, _)
                if cause.code == ErrorCode::ConstraintViolation
                    && GUARDS.contains(&cause.extended_code) =>
            {
                Self::Conflict
            }
            _ => Self::Store(error.into()),
        }
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match error {
            Error::FromSqlConversionFailure(..)
            | Error::InvalidColumnType(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::Utf8Error(..) => Self::Unreadable(error.to_string()),
            Error::SqliteFailure(cause, _) if cause.code == ErrorCode::NotADatabase => {
                Self::Foreign
            }
            other => Self::Failed(other.to_string()),
        }
    }
}

/// Runs a statement that is kept prepared; gives the number of rows it wrote.
pub(crate) fn write(conn: &Connection, sql: &str, params: impl Params) -> Result<usize, Error> {
    conn.prepare_cached(sql)?.execute(params)
}

/// Holds a guarded write to the row it was meant for.
pub(crate) fn guarded(rows: usize) -> Result<(), Hindrance> {
    if rows == 0 { Err(Hindrance::Conflict) } else { Ok(()) }
}

/// The value of a row of `table` that was selected as `id, body`.
pub(crate) fn from_body<T: DeserializeOwned>(
    table: &'static str,
    row: &Row<'_>,
) -> Result<T, StoreError> {
    let body = row.get_ref(1)?.as_str().map_err(|error| unreadable(table, row, &error))?;
    serde_json::from_str(body).map_err(|error| unreadable(table, row, &error))
}

/// Every value that `sql`, which selects `id, body` of `table`, finds.
pub(crate) fn all<T: DeserializeOwned>(
    conn: &Connection,
    table: &'static str,
    sql: &str,
    params: impl Params,
) -> Result<Vec<T>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        values.push(from_body(table, row)?);
    }
    Ok(values)
}

/// The one value that `sql`, which selects `id, body` of `table`, finds.
pub(crate) fn one<T: DeserializeOwned>(
    conn: &Connection,
    table: &'static str,
    sql: &str,
    params: impl Params,
) -> Result<Option<T>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_row(params, |row| Ok(from_body(table, row))).optional()?;
    found.transpose()
}

/// The one value, with its organization, that `sql`, which selects `id, body, org` of `table`, finds.
pub(crate) fn one_of_any<T: DeserializeOwned>(
    conn: &Connection,
    table: &'static str,
    sql: &str,
    params: impl Params,
) -> Result<Option<(OrgId, T)>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let read = |row: &Row<'_>| {
        let org: String = row.get(2)?;
        Ok((org, from_body(table, row)))
    };
    let Some((org, value)) = statement.query_row(params, read).optional()? else {
        return Ok(None);
    };
    let org = org.parse().map_err(|e| StoreError::Unreadable(format!("in {table}: {e}")))?;
    Ok(Some((org, value?)))
}

/// What `sql`, which selects a count and the earliest time of an organization, finds.
pub(crate) fn backlog(conn: &Connection, sql: &str, org: &OrgId) -> Result<Backlog, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    Ok(statement.query_row([org.as_str()], |row| {
        let oldest: Option<i64> = row.get(1)?;
        let oldest = oldest.and_then(|millis| Timestamp::from_millisecond(millis).ok());
        Ok(Backlog { pending: row.get(0).map(whole)?, oldest })
    })?)
}

fn unreadable(table: &'static str, row: &Row<'_>, error: &dyn Display) -> StoreError {
    let id = match row.get_ref(0) {
        Ok(ValueRef::Text(text)) => String::from_utf8_lossy(text).into_owned(),
        Ok(ValueRef::Integer(number)) => number.to_string(),
        Ok(ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_)) | Err(_) => "?".to_owned(),
    };
    StoreError::Unreadable(format!("`{id}` in {table}: {error}"))
}

/// A count as SQLite keeps it.
pub(crate) fn integer(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// A count as SQLite gives it.
pub(crate) fn whole(count: i64) -> u64 {
    count.unsigned_abs()
}

/// The first whole millisecond that is not before `at`: rows hold whole ones.
pub(crate) fn millis_from(at: Timestamp) -> i64 {
    let millis = at.as_millisecond();
    let whole = Timestamp::from_millisecond(millis).unwrap_or(at);
    if whole < at { millis + 1 } else { millis }
}
