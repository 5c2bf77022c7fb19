//! Checks: may this run?

use countersign_domain::approval::Cost;
use countersign_domain::policy::{Decision, ReasonCode, TraceLine};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Object;
use crate::approvals::EffectiveView;

/// The question "may this run?".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// The agent, by id or name; an agent's own key needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// What it wants to do, for example `stripe.refund`.
    pub action: String,
    /// With which parameters; an approval is bound to these, the action, the tool and the resource.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub params: Object,
    /// What surrounds it; shown to reviewers. An approval is not bound to it.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub context: Object,
    /// What it would cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::approvals::CostSchema>)]
    pub cost: Option<Cost>,
    /// With which tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// The task it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// What it is done to, where no parameter says so; an approval is bound to it. Conditions read it as
    /// `context.resource`. At most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The person the agent acts for; that person cannot approve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// An approval that is to be used for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_id: Option<String>,
    /// Only say what would happen; nothing is recorded, opened or used.
    #[serde(default)]
    pub dry_run: bool,
    /// How long people have to answer, as `4h` or ISO 8601: shorter than policy gives them, and only where nobody else
    /// is asked after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<String>,
}

/// Several checks at once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchRequest {
    /// The checks, in order: from 1 to 100.
    pub checks: Vec<CheckRequest>,
    /// Whether everything after the first denied one is left out.
    #[serde(default)]
    pub stop_on_deny: bool,
    /// Only say what would happen, to each as if it came alone: what one would count, the next does not see.
    #[serde(default)]
    pub dry_run: bool,
}

/// The answers to several checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BatchView {
    /// One for each check that was answered, in order.
    pub results: Vec<BatchResult>,
    /// How many there are of each.
    pub summary: BatchSummary,
}

/// The answer to one check of several: a verdict or an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BatchResult {
    /// The verdict.
    #[serde(default, flatten, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<VerdictView>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<crate::Problem>,
}

/// How many checks were answered how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchSummary {
    /// May run.
    pub allow: usize,
    /// Must not run.
    pub deny: usize,
    /// A person is asked.
    pub escalate: usize,
    /// Could not be answered.
    pub error: usize,
    /// Were left out, after one that was denied.
    pub skipped: usize,
}

/// The answer to a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct VerdictView {
    /// `allow`, `deny` or `escalate`.
    #[schema(value_type = String)]
    pub verdict: Decision,
    /// Whether it may run now: the only "go".
    pub allowed: bool,
    /// Whether a person is being asked.
    pub requires_approval: bool,
    /// The approval that was opened, joined, used, or that stands in the way.
    pub approval_id: Option<String>,
    /// Why, as a stable code.
    #[schema(value_type = String)]
    pub reason_code: ReasonCode,
    /// Why, in a sentence.
    pub reason: String,
    /// How it came about, one line per check.
    #[schema(value_type = Vec<crate::approvals::TraceLineSchema>)]
    pub policy_trace: Vec<TraceLine>,
    /// The numbers behind it.
    pub risk_snapshot: serde_json::Value,
    /// What may run instead, after edits.
    pub effective: Option<EffectiveView>,
    /// Where an approval was used: a signed statement (JWS) that a person allowed exactly this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// Where a person can look at the approval.
    pub url: Option<String>,
    /// Until when people can answer.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// What would help a reviewer.
    pub hints: Vec<String>,
    /// What the agent should do now.
    pub next: String,
}
