//! What callers send about approvals.

use countersign_domain::approval::{Cost, Link, Resolution, Risk, SuggestedResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Object;

/// Asking for a person on one's own initiative.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskRequest {
    /// The agent, by id or name; an agent's own key needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// What it wants to do: a name such as `stripe.refund`, or one plain line.
    pub action: String,
    /// One line for people; by default made of the action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Why it wants it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// What it would cost; zero is said as zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<super::CostSchema>)]
    pub cost: Option<Cost>,
    /// What else it would do.
    #[serde(default)]
    pub side_effects: Vec<String>,
    /// What happens on a no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_denied: Option<String>,
    /// How dangerous the agent thinks it is; can raise what policy says, never lower it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub risk: Option<Risk>,
    /// With which tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// With which parameters; these are what the approval is bound to.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub params: Object,
    /// What surrounds it; shown to reviewers. An approval is not bound to it.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub context: Object,
    /// The task it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// The person the agent acts for; that person cannot approve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// Where a reviewer can read more.
    #[serde(default)]
    #[schema(value_type = Vec<serde_json::Value>)]
    pub links: Vec<Link>,
    /// Answers the agent has prepared for the reviewer.
    #[serde(default)]
    #[schema(value_type = Vec<serde_json::Value>)]
    pub responses: Vec<SuggestedResponse>,
    /// How long people have to answer, as `4h` or ISO 8601: shorter than policy gives them, and only where nobody else
    /// is asked after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<String>,
}

/// A yes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveRequest {
    /// Notes for the agent and the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Dotted keys and their new values: `{"amount": 30, "cost.usd": "3.00"}`. A key that starts with `+` adds a
    /// parameter or a key of one (`{"+memo": "order 17"}`), one that starts with `-` takes it away
    /// (`{"-express": null}`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<std::collections::HashMap<String, serde_json::Value>>)]
    pub edits: Option<Object>,
    /// What the answer is based on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Who typed it, recorded beside the authenticated person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// The digest that was seen; another one that stands now refuses the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_digest: Option<String>,
    /// The code of your authenticator app, where the answer takes a `step_up`; each works once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A no.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DenyRequest {
    /// Why; the agent is told.
    #[serde(default)]
    #[schema(required)]
    pub reason: String,
    /// Notes for the agent and the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// What the answer is based on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Who typed it, recorded beside the authenticated person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// The digest that was seen; another one that stands now refuses the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_digest: Option<String>,
    /// The code of your authenticator app, where the answer takes a `step_up`; each works once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What an agent reports that a person said elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttestRequest {
    /// `approve` or `deny`.
    pub decision: AttestedDecision,
    /// What shows that the person said it: their words, a link, the id of a message.
    #[serde(default)]
    #[schema(required)]
    pub evidence: String,
    /// Who said it, by address or id; absent only where a single person can answer at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// On a no: why, in the person's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttestedDecision {
    /// Yes.
    Approve,
    /// No.
    Deny,
}

/// A question to the agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionRequest {
    /// Its text.
    pub question: String,
}

/// The agent's answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerRequest {
    /// Its text.
    pub answer: String,
}

/// Withdrawing a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelRequest {
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Claiming the one use of an approval.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemRequest {
    /// Exactly the parameters that are about to be used.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub params: Object,
    /// The tool that is about to be used; by default the one that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
}

/// How the run ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultRequest {
    /// `succeeded` or `failed`.
    pub status: ResultStatus,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<serde_json::Value>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What it really cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<super::CostSchema>)]
    pub cost: Option<Cost>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResultStatus {
    /// Well.
    Succeeded,
    /// Badly.
    Failed,
}

/// What a person says about a run whose end was not seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveRequest {
    /// `succeeded`, `failed` or `retry`.
    #[serde(rename = "as")]
    #[schema(value_type = String)]
    pub resolution: Resolution,
    /// How they know; it is on the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required)]
    pub notes: Option<String>,
}
