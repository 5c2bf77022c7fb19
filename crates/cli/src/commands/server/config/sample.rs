//! The file that `init` leaves: every setting with its meaning and default, commented out.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use super::{NAME, options};

/// Writes it into a data directory, unless there is one.
pub(in crate::commands::server) fn write(data_dir: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).open(data_dir.join(NAME)) {
        Ok(mut file) => file.write_all(text().as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Its text.
pub(super) fn text() -> String {
    let mut text = String::from(
        "# What `countersign serve` takes from here. A flag or a variable of the environment wins over this file;\n\
         # `countersign config explain` shows what holds. Take the `#` away before a line to set it.\n",
    );
    let options = options();
    let here = |name: &str| !["config", "data_dir"].contains(&name);
    for arg in options.get_arguments().filter(|arg| here(arg.get_id().as_str())) {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let defaults = arg.get_default_values().iter().map(|value| value.to_string_lossy());
        let value = match defaults.collect::<Vec<_>>().as_slice() {
            [] if matches!(arg.get_action(), clap::ArgAction::Append) => "[]".to_owned(),
            [one] if one.parse::<i64>().is_ok() || one.parse::<bool>().is_ok() => one.to_string(),
            values => format!("\"{}\"", values.join("")),
        };
        text.push_str(&format!("\n# {help}\n# {} = {value}\n", arg.get_id()));
    }
    text
}
