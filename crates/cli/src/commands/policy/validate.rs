//! `countersign validate`.

use clap::Args;
use countersign_domain::policy::document::plan;
use countersign_wire::policies::Validation;

use super::files::Files;
use super::problems::{counted, errors, problems_text};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;

/// Look for mistakes in files, without a server.
#[derive(Debug, Args)]
#[command(
    after_help = "What depends on registered people and agents is only a warning here; `countersign diff` knows them.\n\n\
    Example:\n  countersign validate -f policies/"
)]
pub(crate) struct Validate {
    #[command(flatten)]
    files: Files,
}

impl Validate {
    pub(crate) fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let files = self.files.read()?;
        let (documents, problems) = plan::validate(&files);
        let found = Validation::of(&problems);
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
