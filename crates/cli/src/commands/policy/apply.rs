//! `countersign apply`.

use std::io::{self, BufRead as _, IsTerminal as _};

use clap::Args;
use countersign_wire::policies::PolicyFiles;

use super::changes::{accepted, changes_text, is_change, summary};
use super::files::{Files, to_send};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{Output, remark};

/// Put files into force, whole or not at all.
#[derive(Debug, Args)]
#[command(
    after_help = "Shows what changes and asks; a mistake anywhere changes nothing.\n\nExamples:\n  \
    countersign apply -f policies/\n  countersign apply -f policies/ --prune --yes"
)]
pub(crate) struct Apply {
    #[command(flatten)]
    files: Files,
    /// Also remove what came from files and stands in none of these
    #[arg(long)]
    prune: bool,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
}

impl Apply {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (files, output, client) = (self.files.read()?, globals.output(), globals.client()?);
        let send = to_send(&files, self.prune);
        let answer = client.diff_policies(&send).await;
        let Some(planned) = accepted(answer, &files, output)? else { return Ok(Exit::Usage) };
        if !is_change(&planned) {
            output.show(&planned, || format!("nothing to change: {}", summary(&planned)))?;
            return Ok(Exit::Success);
        }
        output.tell(&changes_text(&planned, &files));
        if !self.yes && !agreed(output)? {
            remark("nothing was applied");
            return Ok(Exit::Canceled);
        }
        // What was shown is what is applied, or nothing is.
        let send = PolicyFiles { expected: Some(planned.before), ..send };
        let answer = client.apply_policies(&send).await;
        let Some(applied) = accepted(answer, &files, output)? else { return Ok(Exit::Usage) };
        output.show(&applied, || format!("applied: {}", summary(&applied)))?;
        Ok(Exit::Success)
    }
}

/// Asks on a terminal. Where nobody can be asked, `--yes` has to say it.
fn agreed(output: Output) -> Result<bool, Failure> {
    if output == Output::Json || !io::stdin().is_terminal() {
        let what = "nobody can be asked here whether to apply this";
        return Err(Failure::usage(what, "look at it with `countersign diff`, then pass --yes"));
    }
    remark("Apply this? [y/N]");
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes" | "Yes"))
}
