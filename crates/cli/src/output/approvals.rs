//! Lists of approvals.

use countersign_domain::display::redact_object;
use countersign_wire::Object;
use countersign_wire::approvals::ApprovalView;
use serde::Serialize;
use serde_json::Value;

use super::{Field, shortened, table};

/// A request in the list of those that wait; the field names are public.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct PendingItem {
    request_id: String,
    agent_id: String,
    tool_name: String,
    input: Object,
    submitted_at: String,
    status: String,
    agent: String,
    action: String,
    summary: String,
    risk: String,
    outcome: String,
    question: Option<String>,
    expires_at: Option<String>,
    url: String,
}

impl From<&ApprovalView> for PendingItem {
    fn from(view: &ApprovalView) -> Self {
        Self {
            request_id: view.id.clone(),
            agent_id: view.agent.id.clone(),
            tool_name: view.tool.clone().unwrap_or_else(|| view.action.clone()),
            input: redact_object(&view.params),
            submitted_at: view.created_at.to_string(),
            status: word(&view.status),
            agent: view.agent.name.clone(),
            action: view.action.clone(),
            summary: view.summary.clone(),
            risk: view.risk.as_str().to_owned(),
            outcome: word(&view.outcome),
            question: view.question.clone(),
            expires_at: view.expires_at.map(|at| at.to_string()),
            url: view.url.clone(),
        }
    }
}

/// The requests that wait, a row each.
pub(crate) fn pending_table(items: &[PendingItem]) -> String {
    if items.is_empty() {
        return "nothing waits for an answer".to_owned();
    }
    let columns =
        ["request_id", "agent_id", "tool_name", "input", "submitted_at", "status", "risk"];
    let row = |item: &PendingItem| {
        [
            item.request_id.clone().into(),
            format!("{} ({})", item.agent_id, item.agent).into(),
            Field::Said(shortened(&item.tool_name, 60)),
            shortened(&Value::Object(item.input.clone()).to_string(), 200).into(),
            item.submitted_at.clone().into(),
            item.status.clone().into(),
            item.risk.clone().into(),
        ]
    };
    table(columns, items.iter().map(row))
}

/// The public name of one of the domain's words.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}
