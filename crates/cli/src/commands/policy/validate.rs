//! `countersign validate`.

use clap::Args;
use countersign_domain::policy::document::plan;
use countersign_wire::policies::Validation;

use super::files::{Files, to_send};
use super::problems::{counted, errors, problems_text};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;

/// Look for mistakes in files: without a server, or together with what one has.
#[derive(Debug, Args)]
#[command(
    after_help = "Without --server, what depends on registered people, groups and agents is only a warning; with it, a group \
    that neither the files nor the server have is an error.\n\n\
    Examples:\n  countersign validate -f policies/\n  countersign validate -f policies/ --server"
)]
pub(crate) struct Validate {
    #[command(flatten)]
    files: Files,
    /// Ask the server what is registered and in force; needs an admin's key
    #[arg(long)]
    server: bool,
}

impl Validate {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let files = self.files.read()?;
        let (documents, problems) = plan::validate(&files);
        let found = if self.server {
            globals.client()?.validate_policies(&to_send(&files, false)).await?
        } else {
            Validation::of(&problems)
        };
        let count = errors(&found.problems);
        globals.output().show(&found, || {
            let warnings = found.problems.len() - count;
            let mut text = problems_text(&found.problems, &files);
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&format!(
                "{}, {}, {}",
                counted(documents, "document", "documents"),
                counted(count, "error", "errors"),
                counted(warnings, "warning", "warnings")
            ));
            text
        })?;
        Ok(if found.valid { Exit::Success } else { Exit::Usage })
    }
}
