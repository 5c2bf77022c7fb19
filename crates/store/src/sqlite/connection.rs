//! Opening the file.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::migration;
use crate::StoreError;

/// More than there are statements, so that each is prepared once per connection.
const STATEMENTS: usize = 256;

/// Makes the file if it is not there, readable by its owner only: it holds what agents ask for. SQLite
/// gives its side files the same permissions.
pub(crate) fn create_file(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(path);
    opened
        .map(drop)
        .map_err(|error| StoreError::Failed(format!("cannot open `{}`: {error}", path.display())))
}

/// The connection of the writer. `FULL` makes every commit wait for the disk.
pub(crate) fn writing(path: &Path) -> Result<Connection, StoreError> {
    let conn = open(path)?;
    migration::must_be_ours(&conn)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -65536;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(conn)
}

/// A connection that cannot write.
pub(crate) fn reading(path: &Path) -> Result<Connection, StoreError> {
    let conn = open(path)?;
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -16384;")?;
    Ok(conn)
}

fn open(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.execute_batch("PRAGMA temp_store = MEMORY;")?;
    Ok(conn)
}
