//! The keys of a data directory: a database without them is half a backup.

use std::path::Path;

use countersign_server::{DataDir, StartError};

use super::check::Check;

/// Looks at the key of the receipts, and at that of the capability tokens.
pub(super) fn checks(dir: &Path) -> [Check; 2] {
    [
        check(dir, ("receipt_key", DataDir::RECEIPT_KEY), "older receipts could not be verified"),
        check(
            dir,
            ("token_key", DataDir::TOKEN_KEY),
            "no capability token would be taken any more",
        ),
    ]
}

/// Looks at one; `without` says what a server could not do without it.
fn check(dir: &Path, (name, file): (&'static str, &str), without: &str) -> Check {
    let restore = "restore it from the backup that the database came from";
    match DataDir::key(dir, file) {
        Ok(_) => Check::ok(name, format!("`{file}` is there and whole")),
        Err(StartError::SigningKeyMissing(_)) if !dir.join(DataDir::DATABASE).exists() => {
            Check::ok(name, format!("`{file}` is made with the database"))
        }
        Err(StartError::SigningKeyMissing(path)) => {
            let what = format!("`{}` is missing: {without}", path.display());
            Check::problem(name, what, restore)
        }
        Err(StartError::SigningKey(path)) => {
            let what = format!("`{}` is damaged, not 64 hex digits: {without}", path.display());
            Check::problem(name, what, restore)
        }
        Err(error) => {
            let next = "run this, and the server, as the owner of the directory";
            Check::problem(name, error.to_string(), next)
        }
    }
}
