//! `countersign policy replay`.

use clap::Args;
use countersign_wire::policies::{DifferenceView, ReplayRequest, ReplayView};

use super::files::{Files, to_send};
use super::problems::counted;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{table, visible_json};

/// Judge recorded checks by changed files, and show what would have been different. Nothing is changed.
#[derive(Debug, Args)]
#[command(
    after_help = "Counters are simulated from a month before. Values that were hidden when they were recorded stay hidden, \
    so that a rule about them may say something else.\n\nExample:\n  countersign policy replay --since 30d -f changed/"
)]
pub(crate) struct Replay {
    #[command(flatten)]
    files: Files,
    /// How far back, as `30d`
    #[arg(long, value_name = "LENGTH", default_value = "30d")]
    since: String,
    /// Leave out what came from files and stands in none of these
    #[arg(long)]
    prune: bool,
}

impl Replay {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let sent = to_send(&self.files.read()?, self.prune);
        let request =
            ReplayRequest { files: sent.files, prune: sent.prune, since: self.since.clone() };
        let view = globals.client()?.replay_policies(&request).await?;
        globals.output().show(&view, || text(&view))?;
        Ok(Exit::Success)
    }
}

fn text(view: &ReplayView) -> String {
    let judged = usize::try_from(view.judged).unwrap_or(usize::MAX);
    let mut lines = vec![format!(
        "{} judged again. With the change {} come out otherwise than without it; {} come out as when they were asked.",
        counted(judged, "check", "checks"),
        view.changed,
        view.same,
    )];
    if view.left_out > 0 {
        lines.push(format!(
            "{} left out: their agent is gone, or people had decided",
            view.left_out
        ));
    }
    if view.redacted > 0 {
        lines.push(format!(
            "{} hold values that were hidden when they were recorded",
            view.redacted
        ));
    }
    if !view.differences.is_empty() {
        lines.push(String::new());
        let columns = ["times", "was", "in force", "would be", "action", "decided by"];
        lines.push(table(columns, view.differences.iter().map(row)));
        lines.extend(view.differences.iter().map(examples));
    }
    lines.join("\n")
}

fn row(difference: &DifferenceView) -> [String; 6] {
    [
        difference.count.to_string(),
        difference.from.clone(),
        difference.in_force.clone(),
        difference.to.clone(),
        difference.action.clone(),
        difference.rule.clone(),
    ]
}

fn examples(difference: &DifferenceView) -> String {
    let DifferenceView { from, to, action, .. } = difference;
    let heading = countersign_domain::display::sanitise(&format!("{from} → {to}, {action}"));
    let row = |example: &countersign_wire::policies::ExampleView| {
        [
            example.seq.to_string(),
            example.agent.clone(),
            visible_json(&serde_json::Value::Object(example.params.clone())),
            example.before.clone(),
            example.after.clone(),
        ]
    };
    let columns = ["record", "agent", "parameters", "because", "would be because"];
    format!("\n{heading}, for example\n{}", table(columns, difference.examples.iter().map(row)))
}
