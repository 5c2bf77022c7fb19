//! What became of a request: what was decided, and how it ran.

use countersign_domain::approval::{Approval, Cost, Execution, State, Status};
use countersign_domain::display;
use serde_json::Value;

use super::{row, words};
use crate::dashboard::layout::{Moment, Phrase, Text};

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// What was decided.
    pub(crate) verdict: String,
    /// When.
    pub(crate) at: Moment,
    /// How it looks, and its icon.
    pub(crate) class: (&'static str, &'static str),
    /// Why, where people said why.
    pub(crate) reason: Option<Text>,
    /// What became of the run.
    pub(crate) run: Option<Phrase>,
    /// Until when it can be used.
    pub(crate) use_by: Option<Moment>,
    /// The receipt of the run.
    pub(crate) receipt: Option<String>,
    /// When the run began and ended.
    pub(crate) times: Vec<(&'static str, Moment)>,
    /// What came of the run: names and texts.
    pub(crate) details: Vec<(&'static str, Text)>,
    /// Whether a person has to say how the run ended.
    pub(crate) is_unknown: bool,
}

/// What became of a request; `None` while it is pending.
pub(super) fn outcome(approval: &Approval) -> Option<Outcome> {
    let (verdict, at) = words::verdict(approval)?;
    let class = match approval.state.status() {
        Status::Approved => ("good", "check"),
        Status::Denied => ("bad", "cross"),
        Status::Expired | Status::Canceled | Status::Pending => ("", "clock"),
    };
    // That nobody answered is the verdict already.
    let is_silence = matches!(approval.state, State::Expired { .. });
    let told = approval.outcome();
    let reason = told.reason.as_deref().filter(|_| !is_silence);
    let started = approval.execution().and_then(Execution::started);
    let ended = approval.execution().and_then(Execution::ended_at);
    let times = [("Started", started.map(|run| run.since)), ("Ended", ended)];
    let unused = matches!(approval.execution(), Some(Execution::Unused));
    Some(Outcome {
        verdict,
        at,
        class,
        reason: reason.map(Text::lines),
        run: approval.execution().map(words::run),
        use_by: approval.use_by().filter(|_| unused).map(Moment::until),
        receipt: started.map(|run| run.receipt.to_string()),
        times: times.into_iter().filter_map(|(name, at)| Some((name, Moment::at(at?)))).collect(),
        details: run_details(approval),
        is_unknown: matches!(approval.execution(), Some(Execution::Unknown { .. })),
    })
}

fn run_details(approval: &Approval) -> Vec<(&'static str, Text)> {
    let (card, execution) = (&approval.card, approval.execution());
    let json = |value: &Value| {
        let shown = card.shown_value(value);
        Text::json(&serde_json::to_string_pretty(&shown).unwrap_or_default())
    };
    let cost = |cost: &Option<Cost>| {
        cost.as_ref().and_then(row::cost).map(|cost| ("Real cost", Text::line(&cost)))
    };
    match execution {
        Some(Execution::Succeeded { result, cost: real, .. }) => {
            let result = result.as_ref().map(|result| ("Result", json(result)));
            result.into_iter().chain(cost(real)).collect()
        }
        Some(Execution::Failed { error, cost: real, .. }) => {
            let error =
                error.as_deref().map(|e| ("Error", Text::said_lines(&display::redact_text(e))));
            error.into_iter().chain(cost(real)).collect()
        }
        Some(
            Execution::Unused
            | Execution::Running { .. }
            | Execution::Unknown { .. }
            | Execution::Lapsed { .. }
            | Execution::Revoked { .. },
        )
        | None => Vec::new(),
    }
}
