//! Files that hold a secret, and that others on this machine can read.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

/// A file that holds a secret, and that others on this machine can read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Exposed(PathBuf);

impl Exposed {
    /// Looks at a file that holds a secret.
    pub(super) fn look(path: PathBuf) -> Option<Self> {
        let mode = std::fs::metadata(&path).ok()?.permissions().mode();
        (mode & 0o077 != 0).then_some(Self(path))
    }

    /// What is wrong.
    pub(super) fn what(&self) -> String {
        format!("`{}` holds a secret, and others on this machine can read it", self.0.display())
    }

    /// What to do.
    pub(super) fn next(&self) -> String {
        format!(
            "`chmod 600 {}`, and change the secret if someone may have read it",
            self.0.display()
        )
    }
}
