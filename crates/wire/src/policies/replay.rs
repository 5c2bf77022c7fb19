//! What recorded checks would come to under changed documents.

use countersign_domain::display;
use countersign_domain::policy::trial::replay::{Difference, Differing, Example, Report};
use countersign_domain::policy::trial::suggest::{Suggestion, SuggestionKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PolicyFile;
use crate::Object;

/// Changed documents, and from when on recorded checks are judged by them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayRequest {
    /// The files; documents in force that they do not name stay.
    pub files: Vec<PolicyFile>,
    /// Whether documents that came from files and stand in none of these are left out.
    #[serde(default)]
    pub prune: bool,
    /// How far back, as `30d` or in ISO 8601.
    pub since: String,
}

/// What history suggests about one agent's action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SuggestionView {
    /// `allow`: a rule that lets it run; `grant`: a grant that stands in for people; `deny`: a rule that
    /// refuses it.
    pub kind: String,
    /// The agent.
    pub agent: String,
    /// The action.
    pub action: String,
    /// What it rests on.
    pub evidence: String,
    /// The document; it applies as it is.
    pub yaml: String,
}

impl From<Suggestion> for SuggestionView {
    fn from(suggestion: Suggestion) -> Self {
        let kind = match suggestion.kind {
            SuggestionKind::Allow => "allow",
            SuggestionKind::Grant => "grant",
            SuggestionKind::Deny => "deny",
        };
        let Suggestion { agent, action, evidence, yaml, .. } = suggestion;
        Self { kind: kind.to_owned(), agent, action, evidence, yaml }
    }
}

/// What would have been different.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReplayView {
    /// How many recorded checks were judged again.
    pub judged: u64,
    /// How many of them come to what was decided then.
    pub same: u64,
    /// How many of them come to something else than by what is in force: what the change does.
    pub changed: u64,
    /// How many could not be judged: their agent is gone, or people and not policy had decided.
    pub left_out: u64,
    /// How many of the judged ones hold values that were hidden when they were recorded.
    pub redacted: u64,
    /// The differences from then or from what is in force: those that the change makes first, then the most frequent.
    pub differences: Vec<DifferenceView>,
}

/// A group of differences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DifferenceView {
    /// What was decided.
    pub from: String,
    /// What would be decided by what is in force.
    pub in_force: String,
    /// What would be decided.
    pub to: String,
    /// The action.
    pub action: String,
    /// The rules that would decide, or the reason code where none does.
    pub rule: String,
    /// How often.
    pub count: u64,
    /// The first few of them.
    pub examples: Vec<ExampleView>,
}

/// One check that would have come to something else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExampleView {
    /// Its place in the log.
    pub seq: u64,
    /// When it was.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The name of the agent.
    pub agent: String,
    /// The parameters, secrets redacted.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub params: Object,
    /// Why it was decided as it was.
    pub before: String,
    /// Why it would be decided otherwise.
    pub after: String,
}

impl From<Report> for ReplayView {
    fn from(report: Report) -> Self {
        let differences = report.by_weight();
        let differences = differences.map(|(what, how)| DifferenceView::of(what, how)).collect();
        let Report { judged, same, changed, left_out, redacted, .. } = report;
        Self { judged, same, changed, left_out, redacted, differences }
    }
}

impl DifferenceView {
    fn of(difference: &Difference, differing: &Differing) -> Self {
        Self {
            from: difference.from.to_owned(),
            in_force: difference.in_force.to_owned(),
            to: difference.to.to_owned(),
            action: difference.action.to_string(),
            rule: difference.rule.clone(),
            count: differing.count,
            examples: differing.examples.iter().map(ExampleView::from).collect(),
        }
    }
}

impl From<&Example> for ExampleView {
    fn from(example: &Example) -> Self {
        Self {
            seq: example.seq.0,
            at: example.at,
            agent: example.agent.clone(),
            params: display::redact_object(&example.params),
            before: display::redact_text(&example.before),
            after: display::redact_text(&example.after),
        }
    }
}
