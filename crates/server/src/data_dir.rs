//! The directory where a server keeps everything: the database, the keys that sign, and a lock.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use countersign_store::StoreError;
use countersign_store::sqlite::{Inspection, SqliteStore};
use zeroize::Zeroizing;

use crate::app::{Error, ReceiptSigner};
use crate::ids::Ids;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The directory is in use.
    #[error("`{0}` is in use by another server; stop that one, or choose another directory")]
    InUse(PathBuf),
    /// There is an organization already.
    #[error(
        "`{0}` is already initialised; start it with `countersign serve --data-dir`, or choose another directory"
    )]
    AlreadyInitialised(PathBuf),
    /// Something is there, but no organization.
    #[error(
        "`{0}` is not empty, but holds no organization: restore it from a backup, or choose an empty directory"
    )]
    Incomplete(PathBuf),
    /// There is nothing.
    #[error(
        "there is no Countersign database in `{0}`: name the directory that the server keeps, as `--data-dir` of `countersign serve` does"
    )]
    NoDatabase(PathBuf),
    /// A key that signs is gone.
    #[error(
        "`{0}` is missing, so that what was signed with it could not be verified: restore it from a backup"
    )]
    SigningKeyMissing(PathBuf),
    /// A file cannot be read or written.
    #[error("`{path}` cannot be used: {error}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A key that signs is damaged.
    #[error("`{0}` is not 64 hex digits; restore it from a backup")]
    SigningKey(PathBuf),
    /// The address cannot be listened on.
    #[error("cannot listen on `{address}`: {error}")]
    Listen {
        /// Which address.
        address: std::net::SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// The identity provider cannot be used as it is set up.
    #[error("the identity provider cannot be used: {0}")]
    Provider(String),
    /// The database does not open.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The first load failed.
    #[error(transparent)]
    App(#[from] Error),
}

/// An open data directory. It stays locked for other servers until this is dropped.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    empty: bool,
    _lock: File,
}

impl DataDir {
    /// The file of the database in it.
    pub const DATABASE: &str = "countersign.db";
    /// The file with the key of the receipts in it.
    pub const RECEIPT_KEY: &str = "receipts.key";
    /// The file with the key of the capability tokens in it.
    pub const TOKEN_KEY: &str = "tokens.key";
    /// The file that whoever serves the directory holds locked.
    const LOCK: &str = "lock";
    /// The file with settings in it, which the command line reads.
    pub const SETTINGS: &str = "countersign.toml";

    /// Looks at the database of a directory and changes nothing, whether a server runs on it or not.
    pub fn inspect(path: &Path) -> Result<Inspection, StoreError> {
        Inspection::open(&path.join(Self::DATABASE))
    }

    /// Whether a server holds this directory now.
    pub fn is_served(path: &Path) -> io::Result<bool> {
        match File::open(path.join(Self::LOCK)) {
            Ok(lock) => match lock.try_lock_shared() {
                Ok(()) => Ok(false),
                Err(TryLockError::WouldBlock) => Ok(true),
                Err(TryLockError::Error(error)) => Err(error),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The public keys that a server on this directory shows.
    pub fn public_keys(path: &Path) -> Result<serde_json::Value, StartError> {
        let seed = Self::key(path, Self::RECEIPT_KEY)?;
        Ok(ReceiptSigner::new(&seed, String::new()).keys())
    }

    /// Opens the directory, and makes it if need be, readable for its owner only.
    pub fn open(path: &Path) -> Result<Self, StartError> {
        create_private(path).map_err(|error| StartError::File { path: path.to_owned(), error })?;
        let empty =
            is_empty(path).map_err(|error| StartError::File { path: path.to_owned(), error })?;
        if !empty && !path.join(Self::DATABASE).exists() {
            return Err(StartError::Incomplete(path.to_owned()));
        }
        let lock_path = path.join(Self::LOCK);
        let broken = |error| StartError::File { path: lock_path.clone(), error };
        let lock = private().create(true).truncate(false).open(&lock_path).map_err(broken)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), empty, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(broken(error)),
        }
    }

    /// Fails unless it was empty when it was opened: only then may something be made in it.
    pub fn must_be_empty(&self) -> Result<(), StartError> {
        if self.empty { Ok(()) } else { Err(StartError::Incomplete(self.path.clone())) }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the database in it.
    pub fn store(&self) -> Result<SqliteStore, StartError> {
        Ok(SqliteStore::open(&self.path.join(Self::DATABASE))?)
    }

    /// Opens the database of a directory that may be in use: SQLite lets several programs write in turn.
    pub fn existing_store(path: &Path) -> Result<SqliteStore, StartError> {
        let file = path.join("countersign.db");
        if !file.is_file() {
            return Err(StartError::NoDatabase(path.to_owned()));
        }
        Ok(SqliteStore::open_beside(&file)?)
    }

    /// The seed of the key that signs receipts; made only in a directory that was empty.
    pub fn receipt_seed(&self, ids: &Ids) -> Result<Zeroizing<[u8; 32]>, StartError> {
        self.seed(Self::RECEIPT_KEY, ids)
    }

    /// The seed of the key that signs capability tokens; made only in a directory that was empty.
    pub fn token_seed(&self, ids: &Ids) -> Result<Zeroizing<[u8; 32]>, StartError> {
        self.seed(Self::TOKEN_KEY, ids)
    }

    /// The seed in one of the files of keys of a directory, which is only looked at.
    pub fn key(path: &Path, name: &str) -> Result<Zeroizing<[u8; 32]>, StartError> {
        let path = path.join(name);
        let text = std::fs::read(&path).map(Zeroizing::new);
        let text = text.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StartError::SigningKeyMissing(path.clone()),
            _ => StartError::File { path: path.clone(), error },
        })?;
        let mut seed = Zeroizing::new([0; 32]);
        let read = hex::decode_to_slice(text.trim_ascii(), seed.as_mut());
        read.map_err(|_| StartError::SigningKey(path))?;
        Ok(seed)
    }

    fn seed(&self, name: &str, ids: &Ids) -> Result<Zeroizing<[u8; 32]>, StartError> {
        match Self::key(&self.path, name) {
            Err(StartError::SigningKeyMissing(path)) if self.empty => {
                let broken = |error| StartError::File { path: path.clone(), error };
                let seed = ids.seed();
                let text = Zeroizing::new(hex::encode(*seed));
                let mut file = private().create_new(true).open(&path).map_err(broken)?;
                file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(broken)?;
                Ok(seed)
            }
            read => read,
        }
    }
}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

/// Whether nothing is in it, the lock and the settings aside: these may come first.
fn is_empty(path: &Path) -> io::Result<bool> {
    for entry in std::fs::read_dir(path)? {
        let name = entry?.file_name();
        if ![DataDir::LOCK, "lost+found", DataDir::SETTINGS].iter().any(|own| name == *own) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
