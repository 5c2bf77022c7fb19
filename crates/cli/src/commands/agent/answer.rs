//! `countersign answer`.

use clap::Args;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::outcome_text;

/// Answer, as the agent, a person's question.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign answer apr_01J9Z3V5 \"the customer was charged twice\""
)]
pub(crate) struct Answer {
    /// The request
    id: String,
    /// The answer
    text: String,
}

impl Answer {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let view = globals.client()?.answer_question(&self.id, &self.text).await?;
        globals.output().show(&view, || outcome_text(&view))?;
        Ok(Exit::Success)
    }
}
