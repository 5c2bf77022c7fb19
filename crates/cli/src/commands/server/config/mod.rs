//! Where the options of a server come from: flag, environment, file, default, in this order. The file's
//! values become the defaults of the options, so that whatever `serve` takes can stand in the file.

mod explain;
mod file;
mod sample;

use std::ffi::OsString;
use std::path::Path;

use clap::{ArgMatches, Args as _, CommandFactory as _, FromArgMatches as _};

pub(crate) use explain::Config;
pub(super) use explain::effective;
pub(super) use file::{File, NAME};
pub(super) use sample::write as write_sample;

use super::Serve;
use crate::cli::{Cli, Command};
use crate::failure::Failure;

/// The command line with what the file says behind it, where a command takes the options of a server.
pub(crate) fn layered(cli: Cli, line: Vec<OsString>) -> Result<Cli, Failure> {
    let Some((serve, path)) = taking_options(&cli.command) else { return Ok(cli) };
    let file = match File::find(serve) {
        Ok(Some(file)) => file,
        Ok(None) => return Ok(cli),
        // It tells of the mistake itself, and looks at everything else all the same.
        Err(_) if matches!(cli.command, Command::Doctor(_)) => return Ok(cli),
        Err(failure) => return Err(failure),
    };
    let matches = matches(line, path, Some(&file))?;
    Cli::from_arg_matches(&matches).map_err(|error| refused(&error))
}

/// The options of a server in a command, and the names that lead to it.
fn taking_options(command: &Command) -> Option<(&Serve, &'static [&'static str])> {
    if let Command::Serve(serve) = command {
        return Some((serve, &["serve"]));
    }
    if let Command::Doctor(doctor) = command {
        return Some((doctor.serve(), &["doctor"]));
    }
    if let Command::Config(Config::Explain(explain)) = command {
        return Some((explain.serve(), &["config", "explain"]));
    }
    None
}

/// Reads a command line whose command, below this path, has the file's values as its defaults.
fn matches(
    line: Vec<OsString>,
    path: &[&'static str],
    file: Option<&File>,
) -> Result<ArgMatches, Failure> {
    let with_defaults = |command| match file {
        Some(file) => file.defaults(command),
        None => command,
    };
    let command = below(Cli::command(), path, &with_defaults);
    command.try_get_matches_from(line).map_err(|error| refused(&error))
}

fn below(
    command: clap::Command,
    path: &[&'static str],
    change: &dyn Fn(clap::Command) -> clap::Command,
) -> clap::Command {
    match path.split_first() {
        Some((first, rest)) => command.mut_subcommand(first, |inner| below(inner, rest, change)),
        None => change(command),
    }
}

/// The options of a server, as they are typed.
fn options() -> clap::Command {
    Serve::augment_args(clap::Command::new("serve"))
}

fn refused(error: &clap::Error) -> Failure {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let what = first.strip_prefix("error: ").unwrap_or(first).to_owned();
    Failure::usage(what, "see `countersign serve --help`")
}

/// Whether this file belongs to a directory, and not to anything that was named.
fn stands_in(file: &Path, dir: &Path) -> bool {
    file.parent() == Some(dir)
}

#[cfg(test)]
mod tests;
