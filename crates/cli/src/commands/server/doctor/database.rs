//! The database: whether it is one of ours and of this version, whether it is whole, and whether the record
//! can be continued.

use std::path::Path;

use countersign_domain::OrgId;
use countersign_domain::audit::{Hash, Record};
use countersign_domain::notification::Webhook;
use countersign_server::{DataDir, Inspection, Schema, StoreError};
use jiff::Timestamp;

use super::check::Check;

/// What to do when the file itself is broken.
const RESTORE: &str =
    "stop the server and restore the directory from a backup; keep the broken file aside";

/// What the database says of itself, and what other checks need of it.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub(super) checks: Vec<Check>,
    /// When the newest record was written.
    pub(super) newest: Option<Timestamp>,
    /// The webhooks that are called.
    pub(super) webhooks: Vec<Webhook>,
}

/// Looks at the database of a directory.
pub(super) fn look(dir: &Path) -> Looked {
    let file = dir.join(DataDir::DATABASE);
    if !file.exists() {
        let what = format!("there is no `{}` yet", file.display());
        let next = "`countersign init` makes it, and so does the first `countersign serve`";
        let checks = vec![Check::warning("database", what, next)];
        return Looked { checks, ..Looked::default() };
    }
    let mut looked = Looked::default();
    let done = DataDir::inspect(dir).and_then(|found| looked.look(&found));
    if let Err(error) = done {
        let next = mend(&error);
        looked.checks.push(Check::problem("database", error.to_string(), next));
    }
    looked
}

impl Looked {
    fn look(&mut self, found: &Inspection) -> Result<(), StoreError> {
        let schema = found.schema()?;
        let faults = found.faults()?;
        if faults.is_empty() {
            self.checks.push(version(schema));
            self.checks.push(Check::ok("integrity", "SQLite finds the file whole"));
        } else {
            let what = format!("the file is damaged: {}", faults.join("; "));
            self.checks.push(Check::problem("integrity", what, RESTORE));
        }
        for org in found.organizations()? {
            match found.newest_records(&org) {
                Ok(newest) => {
                    self.newest = self.newest.max(newest.last().map(|record| record.at));
                    self.checks.push(head(&org, &newest));
                }
                Err(error) => {
                    self.checks.push(Check::problem("record", error.to_string(), mend(&error)));
                }
            }
            let active = found.webhooks(&org)?.into_iter().filter(Webhook::is_active);
            self.webhooks.extend(active);
        }
        Ok(())
    }
}

fn version(schema: Schema) -> Check {
    match schema {
        Schema::Current(version) => {
            Check::ok("database", format!("schema version {version}, as this program has it"))
        }
        Schema::Older { found, known } => {
            let what = format!("schema version {found}; this program makes it {known}");
            let next = "back it up before the next start, which brings it up to date for good";
            Check::warning("database", what, next)
        }
    }
}

/// The newest record is what was hashed, and continues the one before it.
fn head(org: &OrgId, newest: &[Record]) -> Check {
    let Some(last) = newest.last() else {
        let what = format!("the organization `{org}` has no record");
        return Check::problem("record", what, RESTORE);
    };
    let before = match newest {
        [before, _] => before.hash,
        _ => Hash::START,
    };
    let place = last.seq.0;
    if last.is_intact() && last.prev == before {
        return Check::ok(
            "record",
            format!(
                "the record of `{org}` ends with {place}, which is linked to the one before it; `countersign audit verify` looks at all"
            ),
        );
    }
    let what = format!("record {place} of `{org}`, the newest, does not fit the one before it");
    let next =
        "find out where it breaks with `countersign audit export` and `audit verify`; then restore";
    Check::problem("record", what, next)
}

fn mend(error: &StoreError) -> &'static str {
    match error {
        StoreError::TooNew { .. } => "use the newer program, or restore the backup from before it",
        StoreError::OtherHistory(_) => "use the program that this database was made with",
        StoreError::Foreign => "name the right directory with --data-dir, or restore from a backup",
        StoreError::Unreadable(_) => RESTORE,
        StoreError::Overtaken | StoreError::Failed(_) | StoreError::Closed => {
            "mend what it says; run this as the account that the server runs as"
        }
    }
}
