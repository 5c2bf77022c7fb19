//! Reading policy files: files, whole directories, or standard input.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use countersign_domain::display::sanitise;
use countersign_domain::policy::document::parse::{MAX_BYTES, SourceFile};
use countersign_wire::policies::{PolicyFile, PolicyFiles};

use crate::failure::Failure;

const NEXT: &str =
    "name YAML files, directories that hold `*.yaml` or `*.yml`, or `-` for standard input";
/// How deep directories are looked through.
const DEPTH: usize = 16;

/// Which files.
#[derive(Debug, Args)]
pub(super) struct Files {
    /// A file, a directory (looked through for `*.yaml` and `*.yml`), or `-` for standard input
    #[arg(short = 'f', long = "file", value_name = "PATH", required = true, num_args = 1..)]
    paths: Vec<PathBuf>,
}

/// Which files, if any.
#[derive(Debug, Args)]
pub(super) struct OptionalFiles {
    /// A file, a directory (looked through for `*.yaml` and `*.yml`), or `-` for standard input
    #[arg(short = 'f', long = "file", value_name = "PATH", num_args = 1..)]
    paths: Vec<PathBuf>,
}

impl Files {
    /// Reads all of them, those of a directory in the order of their names.
    pub(super) fn read(&self) -> Result<Vec<SourceFile>, Failure> {
        read(&self.paths)
    }
}

impl OptionalFiles {
    /// Reads all of them; `None` if none was named.
    pub(super) fn read(&self) -> Result<Option<Vec<SourceFile>>, Failure> {
        (!self.paths.is_empty()).then(|| read(&self.paths)).transpose()
    }
}

fn read(paths: &[PathBuf]) -> Result<Vec<SourceFile>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            found.push(source("-", io::stdin())?);
        } else {
            gather(path, 0, &mut found)?;
        }
    }
    if found.is_empty() {
        return Err(Failure::usage("there is no YAML file in what was named", NEXT));
    }
    Ok(found)
}

/// The files as they are sent.
pub(super) fn to_send(files: &[SourceFile], prune: bool) -> PolicyFiles {
    let one = |file: &SourceFile| PolicyFile { name: file.name.clone(), text: file.text.clone() };
    PolicyFiles { files: files.iter().map(one).collect(), prune, expected: None }
}

fn gather(path: &Path, depth: usize, found: &mut Vec<SourceFile>) -> Result<(), Failure> {
    let name = path.display().to_string();
    let refuse = |error: io::Error| Failure::usage(format!("`{name}`: {error}"), NEXT);
    if !fs::metadata(path).map_err(refuse)?.is_dir() {
        let file = File::open(path).map_err(refuse)?;
        found.push(source(&name, file)?);
        return Ok(());
    }
    if depth > DEPTH {
        return Err(Failure::usage(format!("`{name}`: directories nest too deep"), NEXT));
    }
    let entries = fs::read_dir(path).map_err(refuse)?.collect::<Result<Vec<_>, _>>();
    let mut inner: Vec<_> = entries.map_err(refuse)?.into_iter().map(|e| e.path()).collect();
    inner.sort();
    for path in inner.into_iter().filter(|path| is_wanted(path)) {
        gather(&path, depth + 1, found)?;
    }
    Ok(())
}

/// Directories and YAML files, unless they are hidden.
fn is_wanted(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    !hidden && (yaml || path.is_dir())
}

fn source(name: &str, from: impl Read) -> Result<SourceFile, Failure> {
    let name = sanitise(name);
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let read = from.take(most).read_to_end(&mut bytes);
    read.map_err(|error| Failure::usage(format!("`{name}`: {error}"), NEXT))?;
    if bytes.len() > MAX_BYTES {
        let what = format!("`{name}` has more than {MAX_BYTES} bytes");
        return Err(Failure::usage(what, "divide it into several files"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceFile { name, text }),
        Err(_) => Err(Failure::usage(format!("`{name}` is not UTF-8"), "save it as UTF-8")),
    }
}
