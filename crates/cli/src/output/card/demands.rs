//! What is demanded of the people who answer, beside how many they are.

use countersign_domain::approval::{Assurance, Status};
use countersign_wire::approvals::{ApprovalView, LevelView};

use crate::output::{fields, word};

/// How sure an answer has to be, what silence means, and who can still decide.
pub(super) fn demands(view: &ApprovalView) -> String {
    let relayed = if view.relayed { "; another agent may report the answer" } else { "" };
    let deciders = view.can_decide.as_ref().map(|people| match people.as_slice() {
        [] => "nobody who is registered now".to_owned(),
        people => people.join(", "),
    });
    fields([
        ("least assurance", format!("{}{relayed}", assurance(view.assurance))),
        ("when time runs out", silence(view)),
        ("told", view.notify.join(", ")),
        (
            "who can still decide",
            deciders.filter(|_| view.status == Status::Pending).unwrap_or_default(),
        ),
    ])
}

fn assurance(least: Assurance) -> String {
    let means = match least {
        Assurance::Relayed => "another agent's word",
        Assurance::Channel => "a chat message of a known person",
        Assurance::Session => "a signed-in person",
        Assurance::StepUp => "a passkey or one-time code for this very answer",
    };
    format!("{} ({means})", word(&least))
}

fn silence(view: &ApprovalView) -> String {
    match view.on_timeout.then.as_str() {
        "keep" => "it stays open".to_owned(),
        "escalate" if !view.on_timeout.levels.is_empty() => {
            let levels: Vec<String> = view.on_timeout.levels.iter().map(level).collect();
            format!("{}; then it expires and nothing runs", levels.join("; then "))
        }
        _ => "it expires and nothing runs".to_owned(),
    }
}

fn level(level: &LevelView) -> String {
    let who: Vec<&str> = level.groups.iter().chain(&level.people).map(String::as_str).collect();
    format!("{} may answer as well, within {}", who.join(", "), level.after)
}
