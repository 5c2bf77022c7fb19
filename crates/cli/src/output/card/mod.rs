//! One request, whole, in a fixed order: first what is known, last what the agent says.
//!
//! The headline is made of action, tool and agent and not of the summary, because the summary may be the
//! agent's own. Everything the agent wrote freely stands in one frame at the end, each of its lines marked,
//! so that no text of an agent can look like a line of the card.

mod demands;
mod looks;
mod params;
mod words;

use countersign_domain::approval::Status;
use countersign_domain::display::{redact, sanitise};
use countersign_domain::policy::{TraceLine, rated_by};
use countersign_wire::approvals::{AnswerView, ApprovalView};
use countersign_wire::comments::MessageView;

use serde_json::Value;

use super::{Field, effective_lines, fields, table, word};

pub(super) use words::amount;

/// The card of a request.
pub(crate) fn card(view: &ApprovalView) -> String {
    let sections = [
        section("as policy is now", &outlook(view)),
        section("what to look at", &looks::looks(view)),
        section(words::deed(view), &what(view)),
        section("exact parameters", &params::table_of(&view.params)),
        section(words::on_yes(view.status), &words::cost(view)),
        section(words::on_no(view.status), &words::cost_of_no(view)),
        section("risk", &risk(view)),
        section("policy trace", &trace(view)),
        section("who must say yes", &stages(view)),
        section("answers", &list(&view.answers, answer)),
        section("what was edited", &edits(view)),
        section("thread", &list(&view.thread, message)),
        section("run", &run(view)),
        section("how to answer", &how(view)),
        words::frame(view),
    ];
    let sections: Vec<String> = sections.into_iter().filter(|s| !s.is_empty()).collect();
    sections.join("\n\n")
}

fn outlook(view: &ApprovalView) -> String {
    let Some(why) = &view.outlook else { return String::new() };
    fields([
        ("a yes may not be used", why.clone()),
        ("next", "let the agent ask again; what this request asks of people stays as it is".into()),
    ])
}

fn section(title: &str, body: &str) -> String {
    if body.is_empty() {
        return String::new();
    }
    let body: Vec<String> = body.lines().map(|line| format!("  {line}")).collect();
    format!("{}\n{}", title.to_uppercase(), body.join("\n"))
}

fn list<T>(items: &[T], line: impl Fn(&T) -> String) -> String {
    items.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn optional(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn what(view: &ApprovalView) -> String {
    let version = if view.agent.version.is_empty() { "" } else { " " };
    let behalf = view.on_behalf_of.as_ref().map(ToString::to_string);
    fields([
        ("action", Field::Said(view.action.clone())),
        ("tool", Field::said(view.tool.as_deref())),
        ("resource", Field::said(view.resource.as_deref())),
        (
            "asked by",
            format!("{}{version}{} ({})", view.agent.name, view.agent.version, view.agent.id)
                .into(),
        ),
        ("answered for by", optional(view.owner.as_ref()).into()),
        ("on behalf of (as the agent says)", Field::said(behalf.as_deref())),
        ("task", Field::said(view.task_id.as_deref())),
        ("request", view.id.clone().into()),
        ("status", word(&view.status).into()),
        ("asked at", view.created_at.to_string().into()),
        ("expires at", optional(view.expires_at.as_ref()).into()),
        ("decided at", optional(view.decided_at.as_ref()).into()),
        ("answered by", optional(view.answered_by.as_ref()).into()),
        ("digest", view.digest.clone().into()),
    ])
}

fn risk(view: &ApprovalView) -> String {
    let numbers = match &view.risk_snapshot {
        Value::Null => String::new(),
        Value::Object(object) => {
            let mut object = object.clone();
            object.retain(|key, _| !["ratings", "unrated"].contains(&key.as_str()));
            if object.is_empty() { String::new() } else { redact(&object.into()).to_string() }
        }
        other => redact(other).to_string(),
    };
    let because = rated_by(view.risk, view.stated_risk, &view.risk_snapshot);
    let head = [
        ("risk", view.risk.as_str().to_owned()),
        ("risk as the agent says", optional(view.stated_risk.as_ref())),
    ];
    let asked = format!("{} ({})", view.asked_because, view.reason_code);
    let lines = head
        .into_iter()
        .chain(because.into_iter().map(|why| ("because", why)))
        .chain([("a person is asked because", asked), ("numbers", numbers)]);
    fields(lines)
}

fn trace(view: &ApprovalView) -> String {
    if view.policy_trace.is_empty() {
        return String::new();
    }
    let row = |line: &TraceLine| [word(&line.check), word(&line.result), line.details.to_string()];
    table(["check", "result", "details"], view.policy_trace.iter().map(row))
}

fn stages(view: &ApprovalView) -> String {
    let rows = view.stages.iter().map(|stage| {
        let who: Vec<&str> = stage.groups.iter().chain(&stage.people).map(String::as_str).collect();
        let who = if who.is_empty() { "any approver".to_owned() } else { who.join(", ") };
        [stage.name.clone(), format!("{} of {}", stage.have, stage.need), who]
    });
    if view.stages.is_empty() {
        return String::new();
    }
    let table = table(["stage", "yeses", "who counts"], rows);
    format!("{table}\n{}", demands::demands(view))
}

fn answer(answer: &AnswerView) -> String {
    let how = answer.relayed_by.clone().unwrap_or_else(|| word(&answer.assurance));
    let own = if answer.self_approved { ", their own request" } else { "" };
    let who = match &answer.in_place_of {
        Some(of) => format!("{} for {}", answer.by.email, of.email),
        None => answer.by.email.clone(),
    };
    let say = fields([(who.as_str(), format!("{} at {} ({how}{own})", answer.say, answer.at))]);
    let more = fields([
        ("  reason", optional(answer.reason.as_ref())),
        ("  notes", optional(answer.notes.as_ref())),
        ("  evidence", optional(answer.evidence.as_ref())),
        ("  typed by", optional(answer.operator.as_ref())),
    ]);
    if more.is_empty() { say } else { format!("{say}\n{more}") }
}

fn edits(view: &ApprovalView) -> String {
    let changed = view.edits.as_ref().map(params::edits_table);
    let effective = view.effective.as_ref().map(effective_lines);
    match (changed, effective) {
        (Some(changed), Some(effective)) => {
            format!("{changed}\nwhat may run instead:\n{effective}")
        }
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => String::new(),
    }
}

fn message(message: &MessageView) -> String {
    let head =
        fields([(word(&message.kind).as_str(), format!("{} at {}", message.by, message.at))]);
    format!("{head}\n{}", words::quoted(&message.body))
}

fn run(view: &ApprovalView) -> String {
    let execution = &view.execution;
    let result = execution.result.as_ref().map(|result| redact(result).to_string());
    fields([
        ("run by", execution.mode.clone().into()),
        ("state", execution.state.clone().into()),
        ("use by", optional(view.use_by.as_ref()).into()),
        ("result", Field::said(result.as_deref())),
        ("error", Field::said(execution.error.as_deref())),
        ("cost", execution.cost.as_ref().map(words::amount).unwrap_or_default().into()),
        ("started at", optional(execution.started_at.as_ref()).into()),
        ("ended at", optional(execution.ended_at.as_ref()).into()),
        ("receipt", optional(execution.receipt_id.as_ref()).into()),
    ])
}

fn how(view: &ApprovalView) -> String {
    let id = sanitise(&view.id);
    match view.status {
        Status::Pending => [
            format!("countersign approve {id}"),
            format!("countersign deny {id} --reason \"…\""),
            format!("countersign ask {id} \"…?\""),
        ]
        .join("\n"),
        Status::Approved | Status::Denied | Status::Expired | Status::Canceled => String::new(),
    }
}

#[cfg(test)]
mod tests;
