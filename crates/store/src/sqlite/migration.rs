//! Brings a database to the schema of this program. Migrations only go forward, and one that was applied
//! never changes: its checksum is compared at every start.

use countersign_domain::approval::Digest;
use rusqlite::{Connection, TransactionBehavior, params};

use crate::StoreError;

struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

/// In order, without gaps. PostgreSQL has the same numbers and names.
const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "start",
    sql: include_str!("../migrations/sqlite/0001_start.sql"),
}];

/// Applies what is missing. Everything is looked at and done under the write lock, so that two programs
/// that start at once do not apply the same migration twice.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (
            version INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            checksum TEXT NOT NULL,
            applied_at INTEGER NOT NULL
        ) STRICT",
    )?;
    for migration in MIGRATIONS {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found: Option<i64> =
            tx.query_row("SELECT max(version) FROM migrations", [], |row| row.get(0))?;
        if let Some(found) = found.filter(|found| *found > known) {
            return Err(StoreError::TooNew { found, known });
        }
        apply(&tx, migration)?;
        tx.commit()?;
    }
    Ok(())
}

fn apply(conn: &Connection, migration: &Migration) -> Result<(), StoreError> {
    let checksum = Digest::of_bytes(migration.sql.as_bytes()).to_string();
    let mut applied = conn.prepare("SELECT checksum FROM migrations WHERE version = ?")?;
    let applied: Vec<String> =
        applied.query_map([migration.version], |row| row.get(0))?.collect::<Result<_, _>>()?;
    match applied.first() {
        Some(before) if *before == checksum => Ok(()),
        Some(_) => Err(StoreError::OtherHistory(migration.version)),
        None => {
            conn.execute_batch(migration.sql)?;
            conn.execute(
                "INSERT INTO migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, unixepoch())",
                params![migration.version, migration.name, checksum],
            )?;
            Ok(())
        }
    }
}
