//! `countersign resolve`.

use clap::Args;
use countersign_domain::approval::Resolution;
use countersign_wire::approvals::ResolveRequest;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::input::words;
use crate::output::outcome_text;

/// Say how a run ended whose end was not seen, or that it may be tried again.
#[derive(Debug, Args)]
pub(crate) struct Resolve {
    /// The approval
    id: String,
    /// What you found out
    #[arg(long = "as", value_parser = words::<Resolution>(&["succeeded", "failed", "retry"]))]
    resolution: Resolution,
    /// How you know; it is on the record
    #[arg(long, value_name = "TEXT")]
    notes: String,
}

impl Resolve {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let resolve =
            ResolveRequest { resolution: self.resolution, notes: Some(self.notes.clone()) };
        let view = globals.client()?.resolve(&self.id, &resolve).await?;
        globals.output().show(&view, || outcome_text(&view))?;
        Ok(Exit::Success)
    }
}
