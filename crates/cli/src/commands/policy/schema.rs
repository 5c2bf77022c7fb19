//! `countersign policy schema`.

use std::io;

use clap::Args;
use countersign_domain::policy::document::{DocumentKind, schema};
use countersign_wire::policies::kind_named;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::print_line;

/// Print the JSON Schema of a kind of document, for editors.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign policy schema > policy.schema.json\n\nThen a file begins with\n  \
    # yaml-language-server: $schema=policy.schema.json"
)]
pub(crate) struct Schema {
    /// Agent, Policy, Budget, Grant, Tool, Group or Defaults; any of them if it is left out
    #[arg(value_parser = kind)]
    kind: Option<DocumentKind>,
}

fn kind(word: &str) -> Result<DocumentKind, String> {
    let kinds = DocumentKind::ALL.map(DocumentKind::as_str).join(", ");
    kind_named(word).ok_or_else(|| format!("kinds are {kinds}"))
}

impl Schema {
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let schema = self.kind.map_or_else(schema::of_any, schema::of);
        print_line(&serde_json::to_string_pretty(&schema).map_err(io::Error::other)?)?;
        Ok(Exit::Success)
    }
}
