//! What the agent says, always marked as that.

use countersign_domain::Action;
use countersign_domain::approval::{Card, Cost, Status};
use countersign_domain::display::{
    Piece, names_amount, number, pieces, redact_object, redact_text,
};
use countersign_wire::approvals::ApprovalView;
use serde_json::Value;

use crate::output::{Field, fields};

/// What the first section is about: what would happen, happened, or would have.
pub(super) fn deed(view: &ApprovalView) -> &'static str {
    match (view.status, view.execution.state.as_str()) {
        (Status::Pending, _) => "what would happen",
        (Status::Approved, "succeeded") => "what ran",
        (Status::Approved, "failed") => "what ran, and failed",
        (Status::Approved, "running") => "what runs now",
        (Status::Approved, "unknown") => "what may have run",
        (Status::Approved, "lapsed" | "revoked")
        | (Status::Denied | Status::Expired | Status::Canceled, _) => "what would have happened",
        (Status::Approved, _) => "what may run",
    }
}

/// Over what a yes means.
pub(super) const fn on_yes(status: Status) -> &'static str {
    match status {
        Status::Pending => "if you say yes",
        Status::Approved | Status::Denied | Status::Expired | Status::Canceled => {
            "what a yes meant"
        }
    }
}

/// Over what a no means.
pub(super) const fn on_no(status: Status) -> &'static str {
    match status {
        Status::Pending => "if you say no",
        Status::Approved | Status::Denied | Status::Expired | Status::Canceled => "what a no meant",
    }
}

/// What a yes would cost, as the agent says.
pub(super) fn cost(view: &ApprovalView) -> String {
    let said = |text: &String| Field::Said(text.clone());
    let effect = |effect| ("side effect (as the agent says)", said(effect));
    let cost = match amount(&view.cost) {
        stated if stated.is_empty() => fields([("cost", no_cost(view).to_owned())]),
        stated => fields([("cost (as the agent says)", stated)]),
    };
    let note = view.cost.note.iter().map(|note| ("made of (as the agent says)", said(note)));
    let parts = [cost, fields(note), fields(view.side_effects.iter().map(effect))];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What is said where none is stated: nothing reassuring beside an amount.
fn no_cost(view: &ApprovalView) -> &'static str {
    if names_amount(&redact_object(&view.params)) {
        "none is stated, although the parameters name an amount"
    } else {
        "none, or none is stated"
    }
}

/// What a no would cost, as the agent says.
pub(super) fn cost_of_no(view: &ApprovalView) -> String {
    match &view.if_denied {
        Some(text) => fields([("as the agent says", Field::Said(text.clone()))]),
        None => fields([("consequence", "the agent does not say".to_owned())]),
    }
}

/// An amount with its units; empty where none is stated.
pub(in crate::output) fn amount(cost: &Cost) -> String {
    let estimate = if cost.estimate { "about " } else { "" };
    let usd = (!cost.usd.0.is_zero()).then(|| format!("{} USD", number(&cost.usd.to_string())));
    let tokens = (cost.tokens > 0).then(|| format!("{} tokens", number(&cost.tokens.to_string())));
    let stated: Vec<String> = usd.into_iter().chain(tokens).collect();
    if stated.is_empty() { String::new() } else { format!("{estimate}{}", stated.join(", ")) }
}

/// The summary, where the agent wrote it: one that the gateway made is no word of the agent.
pub(super) fn own_summary(view: &ApprovalView) -> String {
    let ours = |action: Action| redact_text(&Card::summary_of(&view.agent.name, &action));
    let is_ours = view.action.parse().is_ok_and(|action| ours(action) == view.summary);
    if is_ours { String::new() } else { view.summary.clone() }
}

/// Everything the agent wrote freely; nothing where it wrote nothing.
pub(super) fn frame(view: &ApprovalView) -> String {
    let context = Value::Object(redact_object(&view.context));
    let context = if view.context.is_empty() { String::new() } else { context.to_string() };
    let urls: Vec<String> = view.links.iter().map(|link| link.url.clone()).collect();
    let prepared: Vec<String> =
        view.responses.iter().map(|response| response.name.clone()).collect();
    let said = [
        ("summary", own_summary(view)),
        ("reasoning", view.reasoning.clone().unwrap_or_default()),
        ("context", context),
        ("links", urls.join("\n")),
        ("answers it prepared", prepared.join("\n")),
    ];
    if said.iter().all(|(_, text)| text.is_empty()) {
        return String::new();
    }
    let mut lines = vec!["┌─ written by the agent, not verified".to_owned()];
    for (name, text) in said.iter().filter(|(_, text)| !text.is_empty()) {
        lines.push(format!("│ {name}:"));
        lines.push(quoted(text));
    }
    lines.push("└─".to_owned());
    lines.join("\n")
}

/// A text of more than one line, each marked, so that none can look like a line of ours.
pub(super) fn quoted(text: &str) -> String {
    let mut lines = vec![String::new()];
    for piece in pieces(text) {
        match (piece, lines.last_mut()) {
            (Piece::Hidden('\n'), _) | (_, None) => lines.push(String::new()),
            (piece, Some(line)) => line.push_str(&piece.to_string()),
        }
    }
    lines.iter().map(|line| format!("│   {line}")).collect::<Vec<_>>().join("\n")
}
