//! `countersign policy suggest`.

use clap::Args;
use countersign_domain::display::sanitise;
use countersign_wire::policies::SuggestionView;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;

/// Show what the answers of the last 90 days suggest: rules and grants that could spare people questions, as
/// documents to read, replay and apply.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign policy suggest > suggested.yaml\n  countersign policy replay -f suggested.yaml"
)]
pub(crate) struct Suggest {}

impl Suggest {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let suggestions = globals.client()?.policy_suggestions().await?;
        globals.output().show(&suggestions, || text(&suggestions.items))?;
        Ok(Exit::Success)
    }
}

/// The documents as one file; the evidence stands in it as comments.
fn text(suggestions: &[SuggestionView]) -> String {
    if suggestions.is_empty() {
        return "# nothing is suggested: no habit of several people was found".to_owned();
    }
    let lines = |yaml: &str| yaml.trim_end().lines().map(sanitise).collect::<Vec<_>>().join("\n");
    suggestions.iter().map(|one| lines(&one.yaml)).collect::<Vec<_>>().join("\n---\n")
}
