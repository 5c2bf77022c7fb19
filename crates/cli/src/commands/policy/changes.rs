//! `countersign diff`, and how changes are shown.

use clap::Args;
use countersign_client::ClientError;
use countersign_domain::display::sanitise;
use countersign_domain::policy::document::parse::SourceFile;
use countersign_wire::policies::{DocumentChange, PolicyChanges};

use super::files::{Files, to_send};
use super::problems::{counted, errors, problems_text};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{Output, remark};

/// Show what applying files would change.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  countersign diff -f policies/ --prune")]
pub(crate) struct Diff {
    #[command(flatten)]
    files: Files,
    /// Also remove what came from files and stands in none of these
    #[arg(long)]
    prune: bool,
}

impl Diff {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let files = self.files.read()?;
        let answer = globals.client()?.diff_policies(&to_send(&files, self.prune)).await;
        let Some(changes) = accepted(answer, &files, globals.output())? else {
            return Ok(Exit::Usage);
        };
        globals.output().show(&changes, || changes_text(&changes, &files))?;
        Ok(Exit::Success)
    }
}

/// What the server made of files; their mistakes are shown to people with their lines, and give `None`.
pub(super) fn accepted(
    answer: Result<PolicyChanges, ClientError>,
    files: &[SourceFile],
    output: Output,
) -> Result<Option<PolicyChanges>, Failure> {
    match (answer, output) {
        (Err(ClientError::Problem(problem)), Output::Human) if !problem.problems.is_empty() => {
            let mistakes = counted(errors(&problem.problems), "mistake", "mistakes");
            remark(&problems_text(&problem.problems, files));
            remark(&format!(
                "error: {mistakes}; nothing was changed\nnext: {}",
                sanitise(&problem.next)
            ));
            Ok(None)
        }
        (answer, _) => Ok(Some(answer?)),
    }
}

/// Whether anything would change.
pub(super) fn is_change(changes: &PolicyChanges) -> bool {
    changes.documents.iter().any(|document| document.change != "unchanged")
}

/// Every change with its diff, what follows, and the counts.
pub(super) fn changes_text(changes: &PolicyChanges, files: &[SourceFile]) -> String {
    let mut text = String::new();
    let touched = changes.documents.iter().filter(|document| document.change != "unchanged");
    for document in touched {
        text.push_str(&heading(document));
        for line in document.diff.lines() {
            text.push_str(&format!("  {}\n", sanitise(line)));
        }
    }
    for effect in &changes.effects {
        text.push_str(&format!("{}\n", sanitise(effect)));
    }
    if !changes.warnings.is_empty() {
        text.push_str(&format!("{}\n", problems_text(&changes.warnings, files)));
    }
    text + &summary(changes)
}

fn heading(document: &DocumentChange) -> String {
    let (kind, name) = (sanitise(&document.kind), sanitise(&document.name));
    format!("{kind} `{name}` {}\n", sanitise(&document.change))
}

/// How many documents have which fate.
pub(super) fn summary(changes: &PolicyChanges) -> String {
    let count = |fate: &str| changes.documents.iter().filter(|d| d.change == fate).count();
    let fates = ["created", "changed", "removed", "unchanged"];
    fates.map(|fate| format!("{} {fate}", count(fate))).join(", ")
}
