//! The record, and figures.

mod checkpoint;
mod export;
mod search;
mod stats;
mod verify;

pub(crate) use stats::Stats;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;

/// The record of everything that happened.
#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Show the newest records
    Tail(search::Tail),
    /// Find records
    Search(search::Search),
    /// Write the whole record as JSON Lines to standard output
    Export,
    /// Write a signed checkpoint of the record to standard output, to be kept outside
    Checkpoint,
    /// Write the public keys that checkpoints and receipts are signed with to standard output
    Keys,
    /// Verify an export: that nothing in it was changed, removed or moved
    Verify(verify::Verify),
}

impl Audit {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        match self {
            Self::Tail(tail) => tail.run(globals).await,
            Self::Search(search) => search.run(globals).await,
            Self::Export => export::export(globals).await,
            Self::Checkpoint => checkpoint::checkpoint(globals).await,
            Self::Keys => checkpoint::keys(globals).await,
            Self::Verify(verify) => verify.run(globals),
        }
    }
}
