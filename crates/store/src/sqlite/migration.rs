//! Brings a database to the schema of this program. Migrations only go forward, and one that was applied
//! never changes: its checksum is compared at every start.

use countersign_domain::approval::Digest;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::StoreError;

struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

/// In order, without gaps. PostgreSQL has the same numbers and names.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "start",
        sql: include_str!("../migrations/sqlite/0001_start.sql"),
    },
    Migration {
        version: 2,
        name: "delegations",
        sql: include_str!("../migrations/sqlite/0002_delegations.sql"),
    },
    Migration {
        version: 3,
        name: "marks",
        sql: include_str!("../migrations/sqlite/0003_marks.sql"),
    },
    Migration {
        version: 4,
        name: "provider_accounts",
        sql: include_str!("../migrations/sqlite/0004_provider_accounts.sql"),
    },
    Migration {
        version: 5,
        name: "figures",
        sql: include_str!("../migrations/sqlite/0005_figures.sql"),
    },
    Migration {
        version: 6,
        name: "pending_for_whom",
        sql: include_str!("../migrations/sqlite/0006_pending_for_whom.sql"),
    },
    Migration {
        version: 7,
        name: "record_texts",
        sql: include_str!("../migrations/sqlite/0007_record_texts.sql"),
    },
    Migration {
        version: 8,
        name: "likeness",
        sql: include_str!("../migrations/sqlite/0008_likeness.sql"),
    },
    Migration {
        version: 9,
        name: "key_uses",
        sql: include_str!("../migrations/sqlite/0009_key_uses.sql"),
    },
    Migration {
        version: 10,
        name: "alike",
        sql: include_str!("../migrations/sqlite/0010_alike.sql"),
    },
    Migration {
        version: 11,
        name: "risk_in_figures",
        sql: include_str!("../migrations/sqlite/0011_risk_in_figures.sql"),
    },
];

/// What stands in our table of migrations.
const COLUMNS: &str = "version INTEGER, name TEXT, checksum TEXT, applied_at INTEGER";

/// The schema of a database that this program can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// The one of this program; its version.
    Current(i64),
    /// An older one, which the next start brings up to date.
    Older {
        /// The version found.
        found: i64,
        /// The newest version known.
        known: i64,
    },
}

/// Fails if somebody else keeps something in the file; nothing is written into that.
pub(crate) fn must_be_ours(conn: &Connection) -> Result<(), StoreError> {
    let all: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if all > 0 && !keeps_our_history(conn)? { Err(StoreError::Foreign) } else { Ok(()) }
}

/// Whether it has our table of migrations. Others have one of that name too, so that its columns decide.
fn keeps_our_history(conn: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT group_concat(name || ' ' || type, ', ')
               FROM (SELECT name, type FROM pragma_table_info('migrations') ORDER BY cid)";
    let columns: Option<String> = conn.query_row(sql, [], |row| row.get(0))?;
    Ok(columns.as_deref() == Some(COLUMNS))
}

/// Which schema a database has, without changing it.
pub(crate) fn schema(conn: &Connection) -> Result<Schema, StoreError> {
    if !keeps_our_history(conn)? {
        return Err(StoreError::Foreign);
    }
    let known = newest();
    let found: Option<i64> =
        conn.query_row("SELECT max(version) FROM migrations", [], |row| row.get(0))?;
    let found = found.ok_or(StoreError::Foreign)?;
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for migration in MIGRATIONS.iter().filter(|migration| migration.version <= found) {
        let before = applied(conn, migration.version)?;
        if before.is_none_or(|before| before != checksum(migration)) {
            return Err(StoreError::OtherHistory(migration.version));
        }
    }
    Ok(if found < known { Schema::Older { found, known } } else { Schema::Current(found) })
}

/// The version of the newest migration.
fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

fn checksum(migration: &Migration) -> String {
    Digest::of_bytes(migration.sql.as_bytes()).to_string()
}

/// The checksum of a migration as it was applied.
fn applied(conn: &Connection, version: i64) -> Result<Option<String>, StoreError> {
    let mut statement = conn.prepare("SELECT checksum FROM migrations WHERE version = ?")?;
    Ok(statement.query_row([version], |row| row.get(0)).optional()?)
}

/// Applies what is missing. Everything is looked at and done under the write lock, so that two programs
/// that start at once do not apply the same migration twice.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let known = newest();
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
    let checksum = checksum(migration);
    match applied(conn, migration.version)? {
        Some(before) if before == checksum => Ok(()),
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
