//! Looking at a database without changing it, whether a server runs on it or not.

use std::path::Path;
use std::time::Duration;

use countersign_domain::OrgId;
use countersign_domain::audit::Record;
use countersign_domain::notification::Webhook;
use rusqlite::{Connection, OpenFlags};

use super::migration::{self, Schema};
use super::tables::{organizations, records, webhooks};
use crate::{RecordQuery, StoreError};

/// How many of the newest records of an organization are looked at: one, and what it is linked to.
const NEWEST: usize = 2;

/// How many faults of a damaged file are told; the first ones say enough.
const FAULTS: usize = 3;

/// A database that is only looked at.
pub struct Inspection(Connection);

impl Inspection {
    /// Opens the file for reading only; it has to be there. Where no server has it open and none was
    /// killed, there is no write-ahead log, and SQLite is told that the file does not change: otherwise it
    /// would leave side files.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let log = path.with_extension("db-wal");
        let still = !std::fs::exists(&log)
            .map_err(|error| StoreError::Failed(format!("`{}`: {error}", log.display())))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let conn = Connection::open_with_flags(uri(path, still)?, flags)?;
        conn.busy_timeout(Duration::from_secs(10))?;
        Ok(Self(conn))
    }

    /// Which schema it has; fails if it is not a database of Countersign, or one that this program
    /// cannot use.
    pub fn schema(&self) -> Result<Schema, StoreError> {
        migration::schema(&self.0)
    }

    /// What SQLite finds broken in the file, at most three faults; it reads all of it.
    pub fn faults(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self.0.prepare(&format!("PRAGMA quick_check({FAULTS})"))?;
        let lines: Vec<String> =
            statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(lines.into_iter().filter(|line| line != "ok").collect())
    }

    /// Every organization.
    pub fn organizations(&self) -> Result<Vec<OrgId>, StoreError> {
        organizations::all(&self.0)
    }

    /// The newest two records of an organization, in order.
    pub fn newest_records(&self, org: &OrgId) -> Result<Vec<Record>, StoreError> {
        let query = RecordQuery { newest: true, limit: NEWEST, ..RecordQuery::default() };
        records::list(&self.0, org, &query)
    }

    /// The webhooks of an organization.
    pub fn webhooks(&self, org: &OrgId) -> Result<Vec<Webhook>, StoreError> {
        webhooks::all(&self.0, org)
    }
}

/// The path as SQLite takes it with options behind it.
fn uri(path: &Path, still: bool) -> Result<String, StoreError> {
    let path = path
        .to_str()
        .ok_or_else(|| StoreError::Failed(format!("`{}` is not UTF-8", path.display())))?;
    let escaped = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Ok(format!("file:{escaped}{}", if still { "?immutable=1" } else { "" }))
}
