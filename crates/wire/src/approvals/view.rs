//! How an approval is shown.

use countersign_domain::approval::{
    Assurance, Cost, Effective, Link, OutcomeKind, PersonRef, Risk, Status, SuggestedResponse,
};
use countersign_domain::policy::{ReasonCode, TraceLine};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Object;
use crate::comments::MessageView;

/// For whom an approval is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// The agent that asked: it sees the edited parameters whole, because it has to run them.
    Requester,
    /// A person: secrets are redacted.
    Person,
}

/// An approval as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalView {
    /// Its id.
    pub id: String,
    /// The organization.
    pub org: String,
    /// `pending`, `approved`, `denied`, `expired` or `canceled`.
    #[schema(value_type = String)]
    pub status: Status,
    /// What the agent is told: the status, or `edited`, or `asked_question`.
    #[schema(value_type = String)]
    pub outcome: OutcomeKind,
    /// Who asks.
    pub agent: AgentRef,
    /// The person who answers for the agent.
    pub owner: Option<String>,
    /// The person the agent says it acts for.
    pub on_behalf_of: Option<String>,
    /// What it wants to do.
    pub action: String,
    /// One line for people.
    pub summary: String,
    /// With which tool.
    pub tool: Option<String>,
    /// What it is done to, where no parameter says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// With which parameters, secrets redacted.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub params: Object,
    /// What of them is not shown, once edits are made: a receiver or an amount may stand there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<HiddenView>,
    /// What surrounds it, secrets redacted; an answer is not bound to it.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub context: Object,
    /// What an answer is bound to.
    pub digest: String,
    /// The hash of the whole card as it is shown here.
    pub presented: String,
    /// How often it changed.
    pub revision: u64,
    /// Why the agent wants it, in its own words.
    pub reasoning: Option<String>,
    /// What it would cost.
    #[schema(value_type = CostSchema)]
    pub cost: Cost,
    /// What else it would do, as the agent says.
    pub side_effects: Vec<String>,
    /// What happens on a no, as the agent says.
    pub if_denied: Option<String>,
    /// `low`, `medium`, `high` or `critical`.
    #[schema(value_type = String)]
    pub risk: Risk,
    /// The same as the agent says; it can raise `risk`, never lower it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub stated_risk: Option<Risk>,
    /// Why a person is asked, as a stable code.
    #[schema(value_type = String)]
    pub reason_code: ReasonCode,
    /// Why it stands as it does: while pending, why a person is asked; after a no, why.
    pub reason: String,
    /// Why a person was asked, in a sentence.
    pub asked_because: String,
    /// How policy came to ask a person.
    #[schema(value_type = Vec<TraceLineSchema>)]
    pub policy_trace: Vec<TraceLine>,
    /// The numbers a reviewer compares.
    pub risk_snapshot: serde_json::Value,
    /// Who must say yes, and how many have.
    pub stages: Vec<StageView>,
    /// The least assurance of an answer: `session`, `step_up`, `channel` or `relayed`.
    #[schema(value_type = String)]
    pub assurance: Assurance,
    /// What silence means: `deny`, `keep` or `escalate`; never a yes.
    pub on_timeout: OnTimeoutView,
    /// Whether another agent may report what a person said elsewhere.
    pub relayed: bool,
    /// The channels that are told.
    pub notify: Vec<String>,
    /// Who can still decide, by address; only people are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub can_decide: Option<Vec<String>>,
    /// Why a yes may not be used, as policy and people are now; once it is approved, why it will not. People are
    /// told where one request is shown, its agent where it looks at a yes that it has not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<String>,
    /// What people said.
    pub answers: Vec<AnswerView>,
    /// Questions, answers to them, and comments.
    pub thread: Vec<MessageView>,
    /// The open question.
    pub question: Option<String>,
    /// What people changed: dotted keys and new values.
    #[schema(value_type = Option<std::collections::HashMap<String, serde_json::Value>>)]
    pub edits: Option<Object>,
    /// What may run after edits.
    pub effective: Option<EffectiveView>,
    /// What became of it.
    pub execution: ExecutionView,
    /// The task it belongs to.
    pub task_id: Option<String>,
    /// Where a reviewer can read more.
    #[schema(value_type = Vec<serde_json::Value>)]
    pub links: Vec<Link>,
    /// Answers the agent has prepared for the reviewer.
    #[schema(value_type = Vec<serde_json::Value>)]
    pub responses: Vec<SuggestedResponse>,
    /// When it was asked.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Until when people can answer, while it is pending.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// Until when it can be used, once approved.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub use_by: Option<Timestamp>,
    /// When it was decided.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    /// Who decided it: `person:…`, `relayed:…` or `auto:timeout`.
    pub answered_by: Option<String>,
    /// When it was decided.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Timestamp>,
    /// The person whose yes was the last one needed.
    pub approved_by: Option<String>,
    /// When that was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub approved_at: Option<Timestamp>,
    /// What the last person added.
    pub notes: Option<String>,
    /// What the agent should do now.
    pub next: String,
    /// Where a person can look at it.
    pub url: String,
}

/// A parameter whose value is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HiddenView {
    /// Which one, dotted.
    pub path: String,
    /// What of it is hidden, and how long that is: `34 characters`.
    pub length: String,
    /// What could stand there, by its name or the names within it: `a receiver`, `an amount`, or both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_be: Option<String>,
}

/// The agent that asks, as it was when it asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentRef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A group of people and how many of them have said yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StageView {
    /// What it is called.
    pub name: String,
    /// How many yeses it needs.
    pub need: usize,
    /// How many it has.
    pub have: usize,
    /// Members of these groups count.
    pub groups: Vec<String>,
    /// These people count.
    pub people: Vec<String>,
}

/// What happens when time runs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OnTimeoutView {
    /// `deny`: it expires. `keep`: it stays open. `escalate`: further people are asked, level by level, and
    /// then it expires.
    pub then: String,
    /// The levels that were not used yet, the next one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelView>,
}

/// Further people who are asked when time runs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LevelView {
    /// How long they have, in ISO 8601.
    pub after: String,
    /// Members of these groups are added.
    pub groups: Vec<String>,
    /// These people are added.
    pub people: Vec<String>,
}

/// What one person said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnswerView {
    /// Who.
    pub by: PersonView,
    /// In whose place, if not in their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_place_of: Option<PersonView>,
    /// The delegation by which they answered in someone's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation_id: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `approve` or `deny`.
    pub say: String,
    /// Why, on a no.
    pub reason: Option<String>,
    /// What they added.
    pub notes: Option<String>,
    /// What it is based on.
    pub evidence: Option<String>,
    /// Who typed it, as they say.
    pub operator: Option<String>,
    /// How sure we are that it was them.
    #[schema(value_type = String)]
    pub assurance: Assurance,
    /// The agent that reported it, as `relayed:<name>`, where the person did not say it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relayed_by: Option<String>,
    /// Whether they answered their own request.
    pub self_approved: bool,
    /// Whether it counts as a yes to what stands now.
    pub counts: bool,
    /// The digest they answered.
    pub digest: String,
    /// The hash of the card they were shown.
    pub presented: String,
}

/// A person as the record names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AnsweringPerson)]
pub struct PersonView {
    /// Their id.
    pub id: String,
    /// Their address.
    pub email: String,
}

impl From<&PersonRef> for PersonView {
    fn from(person: &PersonRef) -> Self {
        Self { id: person.id.to_string(), email: person.email.to_string() }
    }
}

/// What may run after edits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EffectiveView {
    /// The action.
    pub action: String,
    /// The tool.
    pub tool: Option<String>,
    /// What it is done to, where no parameter says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The parameters.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub params: Object,
    /// The cost.
    #[schema(value_type = CostSchema)]
    pub cost: Cost,
    /// What else it does.
    pub side_effects: Vec<String>,
}

impl From<Effective> for EffectiveView {
    fn from(effective: Effective) -> Self {
        Self {
            action: effective.action.to_string(),
            tool: effective.tool.map(|tool| tool.name),
            resource: effective.resource,
            params: effective.params,
            cost: effective.cost,
            side_effects: effective.side_effects,
        }
    }
}

/// What became of the approved action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExecutionView {
    /// Who runs it: `agent` or `gateway`.
    pub mode: String,
    /// `unused`, `running`, `succeeded`, `failed`, `unknown`, `lapsed` or `revoked`.
    pub state: String,
    /// What came of it, secrets redacted.
    pub result: Option<serde_json::Value>,
    /// What went wrong.
    pub error: Option<String>,
    /// What it really cost.
    #[schema(value_type = Option<CostSchema>)]
    pub cost: Option<Cost>,
    /// The receipt that was given out.
    pub receipt_id: Option<String>,
    /// When the one use was claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// When its end was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

/// The answer to redeeming: what may run now, once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Redeemed {
    /// A signed statement (JWS) that a person allowed exactly this.
    pub receipt: String,
    /// What may run.
    pub effective: EffectiveView,
    /// The approval it comes from.
    pub approval: ApprovalView,
}

/// What an agent that reported an answer is told: how the approval stands, and nothing that it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attested {
    /// The approval.
    pub id: String,
    /// How it stands now.
    #[schema(value_type = String)]
    pub status: Status,
    /// Who decided it: `relayed:…` with the name of the agent that reported the answer.
    pub answered_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Timestamp>,
    /// How many more yeses it needs.
    pub missing: usize,
}

/// What an action would cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Cost)]
pub struct CostSchema {
    /// Money in US dollars, as a decimal; numbers are taken as well.
    #[serde(default)]
    pub usd: String,
    /// Tokens of a language model.
    #[serde(default)]
    pub tokens: u64,
    /// Whether this is an estimate.
    #[serde(default)]
    pub estimate: bool,
    /// What the figure is made of.
    pub note: Option<String>,
}

/// One line of a policy trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TraceLine)]
pub struct TraceLineSchema {
    /// What was looked at.
    pub check: String,
    /// `pass`, `escalate`, `fail` or `skip`.
    pub result: String,
    /// What was compared with what.
    pub details: String,
}
