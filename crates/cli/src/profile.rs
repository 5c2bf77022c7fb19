//! What `countersign login` leaves behind: for each profile a file with the server, the organization and a token.
//! It stands in the person's own directory, and nobody else may read it.

use std::env;
use std::fs::{self, DirBuilder};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use countersign_domain::OrgId;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// The profile that is meant where none is named.
pub(crate) const DEFAULT: &str = "default";

/// How one person uses one server.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    /// The server.
    pub(crate) url: String,
    /// The organization.
    pub(crate) org: OrgId,
    /// Whose token it is, for people who read the file.
    pub(crate) person: String,
    /// The token.
    pub(crate) token: String,
}

impl Profile {
    /// The profile of this name, if there is one.
    pub(crate) fn load(name: &str) -> Result<Option<Self>, Failure> {
        let Some(path) = path(name)? else { return Ok(None) };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(&path, &error.to_string())),
        };
        must_be_private(&path)?;
        let read = serde_json::from_str(&text);
        // What the file holds is not said: it may be a token.
        let place =
            |error: serde_json::Error| format!("line {} is not what it should be", error.line());
        read.map(Some).map_err(|error| unusable(&path, &place(error)))
    }

    /// Keeps it under this name, in the place of one that was there; gives where.
    pub(crate) fn save(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = path(name)?.ok_or_else(homeless)?;
        let dir = path.parent().ok_or_else(homeless)?;
        private_dir().create(dir)?;
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        // A fresh file is readable by its owner alone, and takes the place of the old one whole.
        let mut file = tempfile::NamedTempFile::new_in(dir)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| error.error)?;
        Ok(path)
    }

    /// Forgets the profile of this name.
    pub(crate) fn forget(name: &str) -> Result<(), Failure> {
        let path = path(name)?.ok_or_else(homeless)?;
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Whether its token may be shown to the server at this address.
    pub(crate) fn is_for(&self, url: &str) -> bool {
        self.url.trim_end_matches('/') == url.trim_end_matches('/')
    }
}

/// The file of a profile; `None` where this account has no directory of its own.
fn path(name: &str) -> Result<Option<PathBuf>, Failure> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || name.len() > 40 || !name.chars().all(plain) {
        return Err(Failure::usage(
            format!("`{name}` is no name of a profile"),
            "use letters, digits, `-` and `_`, at most 40",
        ));
    }
    let set = |variable| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let config = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")));
    Ok(config.map(|dir| dir.join("countersign").join("profiles").join(format!("{name}.json"))))
}

fn homeless() -> Failure {
    Failure::usage("there is no place to keep it", "set HOME or XDG_CONFIG_HOME")
}

fn unusable(path: &Path, why: &str) -> Failure {
    Failure::usage(
        format!("`{}` cannot be used: {why}", path.display()),
        "mend or remove the file, then run `countersign login` again",
    )
}

#[cfg(unix)]
fn private_dir() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt as _;
    let mut dir = DirBuilder::new();
    dir.recursive(true).mode(0o700);
    dir
}

#[cfg(not(unix))]
fn private_dir() -> DirBuilder {
    let mut dir = DirBuilder::new();
    dir.recursive(true);
    dir
}

#[cfg(unix)]
fn must_be_private(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt as _;
    let for_others = fs::metadata(path)?.permissions().mode() & 0o077;
    if for_others == 0 {
        return Ok(());
    }
    Err(Failure::usage(
        format!("`{}` holds a token, and others may read it", path.display()),
        "make it yours alone with `chmod 600`, and revoke the token if someone may have read it",
    ))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
fn must_be_private(_: &Path) -> Result<(), Failure> {
    Ok(())
}
