//! The data directory: whether it is there, who can read it, whether it can be written, and how much room
//! is left.

use std::io;
use std::path::Path;

use countersign_server::DataDir;
use rustix::fs::{Access, access, statvfs};

use super::check::Check;

const MIB: u64 = 1 << 20;
/// Below this the next burst of requests may fill the disk.
const LITTLE: u64 = 64 * MIB;
/// Below this it is time to make room.
const SOON: u64 = 1024 * MIB;

/// Looks at the directory.
pub(super) fn checks(dir: &Path) -> Vec<Check> {
    let name = dir.display();
    match std::fs::metadata(dir) {
        Ok(found) if found.is_dir() => {
            let there = Check::ok("data_dir", format!("`{name}` is there"));
            vec![there, rights(dir), receipt_key(dir), disk(dir)]
        }
        Ok(_) => {
            let next = "name the directory itself with --data-dir";
            vec![Check::problem("data_dir", format!("`{name}` is not a directory"), next)]
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let next = "name it with --data-dir; `countersign init` makes a new one";
            vec![Check::problem("data_dir", format!("there is no `{name}`"), next)]
        }
        Err(error) => {
            let next = "run this as the account that the server runs as";
            vec![Check::problem("data_dir", format!("`{name}` cannot be looked at: {error}"), next)]
        }
    }
}

/// Everything in it may be read by its owner only, and has to be written by whoever runs the server.
fn rights(dir: &Path) -> Check {
    let files = [DataDir::DATABASE, "countersign.db-wal", DataDir::RECEIPT_KEY, "lock"];
    let there: Vec<_> =
        files.map(|file| dir.join(file)).into_iter().filter(|path| path.exists()).collect();
    for path in std::iter::once(dir).chain(there.iter().map(AsRef::as_ref)) {
        if others_may(path) {
            let what = format!("others on this machine can get at `{}`", path.display());
            let next = format!("chmod -R go-rwx {}", dir.display());
            return Check::problem("rights", what, next);
        }
        if access(path, Access::READ_OK | Access::WRITE_OK).is_err() {
            let what = format!("`{}` cannot be read and written by this account", path.display());
            let next = "run this, and the server, as the owner of the directory";
            return Check::problem("rights", what, next);
        }
    }
    Check::ok("rights", "only its owner can read it, and this account can write it")
}

fn others_may(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

/// A database without the key that signed its receipts is half a backup.
fn receipt_key(dir: &Path) -> Check {
    let (key, database) = (dir.join(DataDir::RECEIPT_KEY), dir.join(DataDir::DATABASE));
    if key.exists() || !database.exists() {
        return Check::ok("receipt_key", "no key that signs receipts is missing");
    }
    let what = format!("`{}` is missing: older receipts could not be verified", key.display());
    Check::problem("receipt_key", what, "restore it from the backup that the database came from")
}

fn disk(dir: &Path) -> Check {
    let free = match statvfs(dir) {
        Ok(found) => found.f_bavail.saturating_mul(found.f_frsize),
        Err(error) => {
            let what = format!("how much room is left cannot be found out: {error}");
            return Check::warning("disk", what, "look at it with `df`");
        }
    };
    let what = format!("{} MiB are free", free / MIB);
    let next = "make room: without it nothing can be asked, answered or recorded";
    match free {
        ..LITTLE => Check::problem("disk", what, next),
        LITTLE..SOON => Check::warning("disk", what, next),
        _ => Check::ok("disk", what),
    }
}
