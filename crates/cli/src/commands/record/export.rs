//! `countersign audit export`.

use std::io::{self, IsTerminal, Write};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::visible;

/// Writes the record line by line as it arrives: as the server wrote it, or on a terminal with every
/// character visible, which reads as the same JSON.
pub(super) async fn export(globals: &Globals) -> Result<Exit, Failure> {
    let mut lines = globals.client()?.export().await?;
    let mut out = io::BufWriter::new(io::stdout());
    let seen_by_a_person = io::stdout().is_terminal();
    while let Some(line) = lines.next().await? {
        let line = if seen_by_a_person { visible(&line) } else { line };
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(Exit::Success)
}
