//! The file: strict, so that a mistake in it is found when it is made.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use countersign_server::DataDir;
use toml::de::{DeTable, DeValue};

use super::{options, stands_in};
use crate::commands::server::Serve;
use crate::failure::Failure;

/// The name of the file in a data directory.
pub(in crate::commands::server) const NAME: &str = DataDir::SETTINGS;

/// A file that was read; every value is one that `serve` takes.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::commands::server) struct File {
    pub(in crate::commands::server) path: PathBuf,
    /// Names of options, and their values as they would be typed.
    values: Vec<(String, Vec<String>)>,
}

impl File {
    /// The file that was named, or else the one in the data directory, if there is one.
    pub(in crate::commands::server) fn find(serve: &Serve) -> Result<Option<Self>, Failure> {
        let own = serve.data_dir.join(NAME);
        let path = serve.config.as_ref().unwrap_or(&own);
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(path, &text, &serve.data_dir).map(Some),
            Err(error) if is_absent(&error) && serve.config.is_none() => Ok(None),
            Err(error) => Err(Failure::usage(
                format!("`{}` cannot be read: {error}", path.display()),
                "name another file with --config",
            )),
        }
    }

    /// Reads the text of a file.
    pub(super) fn read(path: &Path, text: &str, data_dir: &Path) -> Result<Self, Failure> {
        let at = |span: Option<Range<usize>>, what: &str| {
            let before = span.and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            let what = format!("{}:{line}:{column}: {what}", path.display());
            Failure::usage(what, "mend that line; `countersign config explain` shows what holds")
        };
        let table = DeTable::parse(text).map_err(|error| at(error.span(), error.message()))?;
        let mut values = Vec::new();
        for (key, value) in table.into_inner() {
            let (name, place) = (key.get_ref().as_ref(), Some(key.span()));
            known(name).map_err(|what| at(place.clone(), &what))?;
            if name == "data_dir" && stands_in(path, data_dir) {
                return Err(at(place, "this file stands in the directory that `data_dir` names"));
            }
            let typed = typed(value.get_ref()).map_err(|what| at(place.clone(), &what))?;
            taken(name, &typed).map_err(|what| at(place, &what))?;
            values.push((name.to_owned(), typed));
        }
        Ok(Self { path: path.to_owned(), values })
    }

    /// The settings in it that hold a secret.
    pub(in crate::commands::server) fn secrets(&self) -> Vec<&str> {
        let options = options();
        let secret = |name: &str| {
            options.get_arguments().any(|arg| arg.get_id() == name && arg.is_hide_env_values_set())
        };
        self.values.iter().map(|(name, _)| name.as_str()).filter(|name| secret(name)).collect()
    }

    /// Whether a value stands in it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(known, _)| known == name)
    }

    /// The command with the file's values as defaults.
    pub(super) fn defaults(&self, command: clap::Command) -> clap::Command {
        self.values.iter().fold(command, |command, (name, values)| {
            command.mut_arg(name, |arg| arg.default_values(values))
        })
    }
}

/// Whether there is no such file, or no directory for it.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Refuses a name that no option has, and says which it may have been.
fn known(name: &str) -> Result<(), String> {
    let options = options();
    let names =
        || options.get_arguments().map(|arg| arg.get_id().as_str()).filter(|n| *n != "config");
    if names().any(|known| known == name) {
        return Ok(());
    }
    let near = names()
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .filter(|(distance, _)| *distance <= 3)
        .min();
    let what = format!("there is no setting `{name}`");
    Err(match near {
        Some((_, known)) => format!("{what}; `{known}` may be meant"),
        None => format!("{what}; there are {}", names().collect::<Vec<_>>().join(", ")),
    })
}

/// A value as it would be typed.
fn typed(value: &DeValue<'_>) -> Result<Vec<String>, String> {
    match value {
        DeValue::String(text) => Ok(vec![text.to_string()]),
        DeValue::Integer(number) if number.radix() == 10 => Ok(vec![number.as_str().to_owned()]),
        DeValue::Boolean(truth) => Ok(vec![truth.to_string()]),
        DeValue::Array(items) => {
            let each = items.iter().map(|item| match item.get_ref() {
                DeValue::Array(_) => Err("a list holds no lists".to_owned()),
                one => typed(one),
            });
            Ok(each.collect::<Result<Vec<_>, _>>()?.concat())
        }
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => {
            Err("write a text in quotes, a whole number, true or false, or a list of them"
                .to_owned())
        }
    }
}

/// Refuses a value that the option does not take.
fn taken(name: &str, values: &[String]) -> Result<(), String> {
    let options = options();
    let found = options.get_arguments().find(|arg| arg.get_id().as_str() == name);
    let Some(long) = found.and_then(clap::Arg::get_long) else { return Ok(()) };
    let several = found.is_some_and(|arg| matches!(arg.get_action(), clap::ArgAction::Append));
    if !several && values.len() != 1 {
        return Err(format!("`{name}` is one value, not a list"));
    }
    let line = values.iter().map(|value| format!("--{long}={value}"));
    let line = std::iter::once("serve".to_owned()).chain(line);
    options.clone().try_get_matches_from(line).map(drop).map_err(|error| {
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default();
        first.strip_prefix("error: ").unwrap_or(first).to_owned()
    })
}
