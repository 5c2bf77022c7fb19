//! `countersign show`.

use clap::Args;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::card;

/// Show one request whole: first what is known, last what the agent says.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The request
    id: String,
}

impl Show {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let view = globals.client()?.approval(&self.id).await?;
        globals.output().show(&view, || card::card(&view))?;
        Ok(Exit::Success)
    }
}
