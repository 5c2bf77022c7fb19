//! The data directory: whether it is there, who can read it, whether it can be written, and how much room
//! is left.

use std::io;
use std::path::Path;

use countersign_server::DataDir;
use rustix::fs::{Access, access, statvfs};
use rustix::io::Errno;

use super::check::Check;
use super::keys;

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
            let [receipts, tokens] = keys::checks(dir);
            vec![there, rights(dir), receipts, tokens, disk(dir)]
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

/// What a directory holds that nobody else may read, and that whoever runs the server has to write.
const PRIVATE: [&str; 6] = [
    DataDir::DATABASE,
    "countersign.db-wal",
    "countersign.db-shm",
    DataDir::RECEIPT_KEY,
    DataDir::TOKEN_KEY,
    "lock",
];

/// Everything in it may be read by its owner only, and has to be written by whoever runs the server.
fn rights(dir: &Path) -> Check {
    let there = PRIVATE.map(|file| dir.join(file)).into_iter().filter(|path| path.exists());
    for path in std::iter::once(dir.to_owned()).chain(there) {
        if others_may(&path) {
            let what = format!("others on this machine can get at `{}`", path.display());
            let next = format!("chmod -R go-rwx {}", dir.display());
            return Check::problem("rights", what, next);
        }
        if let Err(why) = access(&path, Access::READ_OK | Access::WRITE_OK) {
            return refused(&path, why);
        }
    }
    Check::ok("rights", "only its owner can read it, and this account can write it")
}

/// Why a file cannot be read and written.
fn refused(path: &Path, why: Errno) -> Check {
    let path = path.display();
    if why == Errno::ROFS {
        let what = format!("`{path}` stands on a filesystem that can only be read");
        let next = "mount it writable (`mount -o remount,rw …`; in a container, no `:ro`), or move the directory";
        return Check::problem("rights", what, next);
    }
    let what = format!("`{path}` cannot be read and written by this account: {why}");
    Check::problem("rights", what, "run this, and the server, as the owner of the directory")
}

fn others_may(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filesystem_that_can_only_be_read_is_named_as_that() {
        let text = refused(Path::new("/data/countersign.db"), Errno::ROFS).to_text();
        assert!(text.contains("on a filesystem that can only be read"), "{text}");
        let text = refused(Path::new("/data/countersign.db"), Errno::ACCESS).to_text();
        assert!(text.contains("cannot be read and written by this account"), "{text}");
    }
}
