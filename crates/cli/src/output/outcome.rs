//! What the one who asked is told: outcome, reason, what may run, what to do next.

use countersign_domain::policy::Decision;
use countersign_wire::approvals::{ApprovalView, EffectiveView};
use countersign_wire::checks::VerdictView;
use serde_json::{Value, json};

use super::{Field, fields, in_commands, visible_json, word};

/// The outcome of an approval; after edits, what may run instead stands in it as JSON.
pub(crate) fn outcome_text(view: &ApprovalView) -> String {
    let effective = view.effective.as_ref().map(effective_lines).unwrap_or_default();
    // Of a yes the view only says why a person was asked.
    let reason = if view.approved_at.is_some() { String::new() } else { view.reason.clone() };
    let told = [
        ("outcome", word(&view.outcome)),
        ("approval", view.id.clone()),
        ("answered by", view.answered_by.clone().unwrap_or_default()),
        ("reason", reason),
        ("question", view.question.clone().unwrap_or_default()),
        ("notes", view.notes.clone().unwrap_or_default()),
    ];
    let next = [("next", in_commands(&view.next))];
    join([fields(told), effective, fields(next)])
}

/// Why a yes is no go any more; `None` for one that is, and for everything that is no yes.
pub(crate) fn spent_text(view: &ApprovalView) -> Option<String> {
    view.approved_at?;
    let id = &view.id;
    if let Some(why) = view.outlook.as_ref().filter(|_| view.execution.state == "unused") {
        return Some(format!("the yes of {id} would not be used as policy is now: {why}"));
    }
    let said = match view.execution.state.as_str() {
        "running" => "was used already: its one run is under way",
        "succeeded" => "was used already: its one run succeeded",
        "failed" => "was used already: its one run failed",
        "unknown" => "was used already: nobody saw how its one run ended",
        "lapsed" => "was not used in time",
        "revoked" => "was taken back",
        _ => return None,
    };
    Some(format!("the yes of {id} {said}; ask again if it is wanted once more"))
}

/// The answer to a check.
pub(crate) fn verdict_text(verdict: &VerdictView) -> String {
    let effective = verdict.effective.as_ref().map(effective_lines).unwrap_or_default();
    let told = [
        ("outcome", verdict_outcome(verdict).to_owned()),
        ("reason code", verdict.reason_code.to_string()),
        ("reason", verdict.reason.clone()),
        ("approval", verdict.approval_id.clone().unwrap_or_default()),
        ("url", verdict.url.clone().unwrap_or_default()),
        ("expires at", verdict.expires_at.map(|at| at.to_string()).unwrap_or_default()),
    ];
    let hints = verdict.hints.iter().map(|hint| ("hint", hint.clone()));
    let next = [("next", in_commands(&verdict.next))];
    join([fields(told), effective, fields(hints), fields(next)])
}

/// The answer to a check as JSON, with the outcome in one word beside it.
pub(crate) fn verdict_json(verdict: &VerdictView) -> Value {
    let mut value = json!(verdict);
    if let Value::Object(object) = &mut value {
        object.insert("outcome".to_owned(), verdict_outcome(verdict).into());
        object.insert("next".to_owned(), in_commands(&verdict.next).into());
    }
    value
}

/// What may run, as lines. Parameters stay JSON, because something has to read them.
pub(crate) fn effective_lines(effective: &EffectiveView) -> String {
    let params = visible_json(&Value::Object(effective.params.clone()));
    let action = fields([("action", Field::Said(effective.action.clone()))]);
    let cost = super::card::amount(&effective.cost);
    join([action, format!("params: {params}"), fields([("cost", cost)])])
}

const fn verdict_outcome(verdict: &VerdictView) -> &'static str {
    match (verdict.verdict, verdict.allowed) {
        (Decision::Allow, true) => "allowed",
        (Decision::Allow, false) | (Decision::Deny, _) => "denied",
        (Decision::Escalate, _) => "pending",
    }
}

fn join<const N: usize>(parts: [String; N]) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}
