//! `countersign ask`.

use clap::Args;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::outcome_text;

/// Ask the agent something before you decide.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  countersign ask apr_01J9Z3V5 \"which order is this about?\"")]
pub(crate) struct Ask {
    /// The request
    id: String,
    /// The question
    question: String,
}

impl Ask {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let view = globals.client()?.ask_question(&self.id, &self.question).await?;
        globals.output().show(&view, || outcome_text(&view))?;
        Ok(Exit::Success)
    }
}
