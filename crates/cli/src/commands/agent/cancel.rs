//! `countersign cancel`.

use clap::Args;
use countersign_wire::approvals::CancelRequest;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::outcome_text;

/// Withdraw a request.
#[derive(Debug, Args)]
pub(crate) struct Cancel {
    /// The request
    id: String,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

impl Cancel {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let cancel = CancelRequest { reason: self.reason.clone() };
        let view = globals.client()?.cancel(&self.id, &cancel).await?;
        globals.output().show(&view, || outcome_text(&view))?;
        Ok(Exit::Success)
    }
}
