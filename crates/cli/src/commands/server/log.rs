//! The log of a server: to standard error, as text or JSON, filtered by `COUNTERSIGN_LOG`.

use std::io::{self, IsTerminal};

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// The variable that says what is logged.
const VARIABLE: &str = "COUNTERSIGN_LOG";

/// How lines of the log look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// For people
    Text,
    /// For machines
    Json,
}

/// Starts logging.
pub(super) fn start(format: LogFormat) -> Result<(), Failure> {
    let wanted = std::env::var(VARIABLE).unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::try_new(&wanted).map_err(|error| {
        Failure::usage(
            format!("{VARIABLE} is `{wanted}`: {error}"),
            "write `info`, or `countersign_server=debug`",
        )
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).try_init(),
        LogFormat::Json => log.json().try_init(),
    };
    started.map_err(|error| Failure::from(io::Error::other(error)))
}
