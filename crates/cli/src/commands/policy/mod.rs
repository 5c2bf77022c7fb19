//! Policy documents: looked at, compared, applied, read.

mod apply;
mod changes;
mod explain;
mod files;
mod get;
mod problems;
mod replay;
mod schema;
mod suggest;
mod test;
mod validate;

pub(crate) use apply::Apply;
pub(crate) use changes::Diff;
pub(crate) use get::{Export, Get};
pub(crate) use validate::Validate;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;

/// Policy documents as files.
#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// Look for mistakes in files, without a server
    Validate(Validate),
    /// Show what applying files would change
    Diff(Diff),
    /// Run the tests that stand beside documents, without a server
    Test(test::Test),
    /// Judge recorded checks by changed files, and show what would have been different
    Replay(replay::Replay),
    /// Show what history suggests, as documents
    Suggest(suggest::Suggest),
    /// Show what policy says to one check, and how it comes to it
    Explain(Box<explain::Explain>),
    /// Print the JSON Schema of a kind of document, for editors
    Schema(schema::Schema),
}

impl Policy {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        match self {
            Self::Validate(validate) => validate.run(globals).await,
            Self::Diff(diff) => diff.run(globals).await,
            Self::Test(test) => test.run(globals),
            Self::Replay(replay) => replay.run(globals).await,
            Self::Suggest(suggest) => suggest.run(globals).await,
            Self::Explain(explain) => explain.run(globals).await,
            Self::Schema(schema) => schema.run(),
        }
    }
}
