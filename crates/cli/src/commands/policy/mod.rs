//! Policy documents: looked at, compared, applied, read.

mod apply;
mod changes;
mod files;
mod get;
mod problems;
mod schema;
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
    /// Print the JSON Schema of a kind of document, for editors
    Schema(schema::Schema),
}

impl Policy {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        match self {
            Self::Validate(validate) => validate.run(globals),
            Self::Diff(diff) => diff.run(globals).await,
            Self::Schema(schema) => schema.run(),
        }
    }
}
