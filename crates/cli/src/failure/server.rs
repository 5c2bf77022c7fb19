//! What to do when a server does not start.

use std::io;

use countersign_server::{StartError, StoreError};
use countersign_wire::Code;

/// What to do next.
pub(super) fn next(error: &StartError) -> &'static str {
    match error {
        StartError::InUse(_) => {
            "`countersign doctor` says where the other one listens; two servers never share a directory"
        }
        StartError::AlreadyInitialised(_) => {
            "`countersign serve --data-dir` starts it; to begin anew, name an empty directory"
        }
        StartError::Incomplete(_) => {
            "look at what is in it: put the whole backup there (database and keys together), or name an empty directory"
        }
        StartError::NoDatabase(_) => {
            "see `--data-dir` in the unit or command that starts the server"
        }
        StartError::SigningKeyMissing(_) | StartError::SigningKey(_) => {
            "copy it from the backup that the database came from; `countersign doctor` looks at all keys"
        }
        StartError::File { error, .. } | StartError::Listen { error, .. } => of_io(error),
        StartError::Provider(_) => {
            "compare the `oidc` settings with what the identity provider shows: `countersign config explain` lists them"
        }
        StartError::Store(error) => of_store(error),
        StartError::App(error) if matches!(error.code, Code::NotFound | Code::Invalid) => {
            error.code.next()
        }
        StartError::App(_) => "`countersign doctor` looks at the database and the record",
    }
}

fn of_io(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "stop what listens there (`ss -ltnp` names it), or choose another address with --listen"
        }
        io::ErrorKind::AddrNotAvailable => "choose an address of this machine with --listen",
        io::ErrorKind::PermissionDenied => {
            "run it as the owner of the directory; a port below 1024 takes a right of its own, so choose one above"
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            "mount the filesystem writable, or name another directory with --data-dir"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk",
        io::ErrorKind::NotADirectory => "name a directory, not a file, with --data-dir",
        _ => "`countersign doctor`, with the same options, looks at the directory and the address",
    }
}

fn of_store(error: &StoreError) -> &'static str {
    match error {
        StoreError::TooNew { .. } => {
            "start the newer program again, or put the backup from before it in place"
        }
        StoreError::OtherHistory(_) => "start the program that this database was made with",
        StoreError::Foreign => {
            "something else keeps its data there: name another directory with --data-dir"
        }
        StoreError::Unreadable(_) => {
            "`countersign doctor` says what is damaged; put the newest whole backup in place"
        }
        StoreError::Overtaken => "stop the other program that writes to it, then start again",
        StoreError::Failed(_) | StoreError::Closed => {
            "see that the disk has room and the file can be written; `countersign doctor` looks at both"
        }
    }
}
