//! `countersign config explain`.

use clap::parser::ValueSource;
use clap::{Args, Subcommand};
use countersign_server::EffectiveSetting;
use serde::Serialize;

use super::{File, matches, options};
use crate::commands::server::Serve;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::table;

/// What a server is set to.
#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Show each setting of a server, and where it comes from
    Explain(Explain),
}

/// Show each setting of a server, and where it comes from. Give it the options that `serve` is given.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  countersign config explain --data-dir /var/lib/countersign")]
pub(crate) struct Explain {
    #[command(flatten)]
    serve: Serve,
}

/// What holds; the field names are public.
#[derive(Debug, Serialize)]
struct Explained {
    file: Option<String>,
    settings: Vec<EffectiveSetting>,
}

impl Config {
    pub(crate) fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        match self {
            Self::Explain(explain) => explain.run(globals),
        }
    }
}

impl Explain {
    pub(super) const fn serve(&self) -> &Serve {
        &self.serve
    }

    fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let file = File::find(&self.serve)?;
        let settings = effective(&["config", "explain"], file.as_ref())?;
        let file = file.as_ref().map(|file| file.path.display().to_string());
        let explained = Explained { file, settings };
        globals.output().show(&explained, || explained.to_text())?;
        Ok(Exit::Success)
    }
}

impl Explained {
    fn to_text(&self) -> String {
        let row = |one: &EffectiveSetting| {
            [one.name.clone(), one.value.clone().unwrap_or_default(), one.from.to_owned()]
        };
        let file = self.file.as_deref().unwrap_or("none; `countersign init` writes one");
        let rows = table(["setting", "value", "from"], self.settings.iter().map(row));
        format!("{rows}\n\nfile: {}", countersign_domain::display::sanitise(file))
    }
}

/// What the command line of this process sets, below the names that lead to the command. Of a secret only that it
/// is set.
pub(in crate::commands::server) fn effective(
    path: &[&'static str],
    file: Option<&File>,
) -> Result<Vec<EffectiveSetting>, Failure> {
    let all = matches(std::env::args_os().collect(), path, file)?;
    let inner = path.iter().try_fold(&all, |matches, name| matches.subcommand_matches(name));
    let options = options();
    let settings = options.get_arguments().filter_map(|arg| {
        let (name, inner) = (arg.get_id().as_str(), inner?);
        let values = inner.get_raw(name).map(|values| {
            let texts: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
            texts.join(", ")
        });
        let value =
            if arg.is_hide_env_values_set() { values.map(|_| "(set)".into()) } else { values };
        let in_file = file.is_some_and(|file| file.has(name));
        let from = source(inner.value_source(name), in_file);
        Some(EffectiveSetting { name: name.to_owned(), value, from })
    });
    Ok(settings.collect())
}

fn source(source: Option<ValueSource>, in_file: bool) -> &'static str {
    match source {
        Some(ValueSource::CommandLine) => "flag",
        Some(ValueSource::EnvVariable) => "environment",
        Some(_) if in_file => "file",
        Some(_) => "default",
        None => "unset",
    }
}
