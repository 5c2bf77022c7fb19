//! A command line that was not taken: how it is typed, and which variable a value came from that nobody typed.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command, Error};

/// The refusal with the usage of the command as its help shows it, without what merely stands in the
/// environment, and with the variable that a mistake stands in.
pub(crate) fn explained(mut refusal: Error, mut all: Command, line: &[OsString]) -> Error {
    all.build();
    let meant = meant(&all, line);
    if let Some(variable) = variable(&refusal, meant, line) {
        let hint = format!("the value comes from the environment: {variable}");
        refusal.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![hint.into()]));
    }
    if refusal.get(ContextKind::Usage).is_some() {
        let usage = meant.clone().render_usage();
        refusal.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    }
    refusal
}

/// The command that was typed.
fn meant<'a>(all: &'a Command, line: &[OsString]) -> &'a Command {
    let words = line.iter().skip(1).filter_map(|word| word.to_str());
    words.fold(all, |command, word| command.find_subcommand(word).unwrap_or(command))
}

/// The variable that the value of an option came from, where a value was refused that was not typed.
fn variable(refusal: &Error, meant: &Command, line: &[OsString]) -> Option<String> {
    let Some(ContextValue::String(named)) = refusal.get(ContextKind::InvalidArg) else {
        return None;
    };
    let arg = meant.get_arguments().find(|arg| arg.to_string() == *named)?;
    let variable = arg.get_env()?;
    let here = std::env::var_os(variable).is_some() && !is_typed(arg, line);
    here.then(|| variable.to_string_lossy().into_owned())
}

fn is_typed(arg: &Arg, line: &[OsString]) -> bool {
    let Some(long) = arg.get_long() else { return false };
    let names = |word: &str| {
        word.strip_prefix("--").is_some_and(|word| word.split('=').next() == Some(long))
    };
    line.iter().filter_map(|word| word.to_str()).any(names)
}
