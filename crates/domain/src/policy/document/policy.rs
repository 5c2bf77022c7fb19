//! `kind: Policy`: rules.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scalar::named;
use super::{Length, NamePattern};
use crate::ActionPattern;
use crate::approval::{Assurance, Risk};
use crate::identity::{Email, Trust};
use crate::policy::ReasonCode;

/// Rules under one name. All policies hold together: any matching deny wins, then escalate, then allow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What happens when no rule matches. The strictest default of all policies holds; without any, a
    /// person is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Default>,
    /// The rules; their order does not matter.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// What happens when no rule matches.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Default {
    /// It runs.
    Allow,
    /// A person decides.
    Escalate,
    /// It is refused.
    Deny,
}

/// One rule: for which checks it speaks, and what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, unique in its policy.
    pub name: String,
    /// For these actions; absent means all.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub actions: Vec<ActionPattern>,
    /// For agents with these names; absent means all.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<NamePattern>,
    /// For these tools; absent means all, and none at all. A rule that restricts asks a person where a check names no
    /// tool and no document says which tool its action is.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<NamePattern>,
    /// For agents that are trusted at most this far; absent means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust_at_most: Option<Trust>,
    /// A condition in CEL over `agent action tool params context cost task now budget history`. One that
    /// cannot be evaluated asks a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// What it says.
    pub verdict: Effect,
    /// The code that callers see; one of the house's or an own one in upper case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub reason_code: Option<ReasonCode>,
    /// The sentence that callers see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The least risk of what it matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<Risk>,
    /// What it demands of people, if it escalates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<ApprovalDemand>,
}

/// What a rule says.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It runs.
    Allow,
    /// A person decides.
    Escalate,
    /// It is refused.
    Deny,
}

/// What a rule demands of people. Demands of several rules add up, and the strictest of each holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, std::default::Default)]
#[serde(deny_unknown_fields, default)]
pub struct ApprovalDemand {
    /// All of these must be met, by distinct people; none means one yes of any approver.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageDocument>,
    /// How long people have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<Length>,
    /// How long the yes can be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_within: Option<Length>,
    /// What silence means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_timeout: Option<OnTimeoutDocument>,
    /// The least assurance of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assurance: Option<Assurance>,
    /// Whether an agent may report what a person said elsewhere; never for high and critical risk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relayed: Option<bool>,
    /// Whether people may answer their own requests, up to this risk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_approval: Option<Risk>,
    /// Whether a grant or trust budget may stand in for people; `false` forbids it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grants: Option<bool>,
    /// Channels that are told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notify: Vec<String>,
}

/// A group of people and how many of them must say yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StageDocument {
    /// What to call it.
    pub name: String,
    /// Members of these groups count.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// These people count.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub people: Vec<Email>,
    /// How many of them, at least 1.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub need: usize,
}

const fn one() -> usize {
    1
}

/// What silence means. It never means yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnTimeoutDocument {
    /// No: it expires.
    Deny,
    /// Nothing: it stays open.
    Keep,
    /// Others are asked as well, level by level.
    Escalate(Vec<LevelDocument>),
}

/// Further people who are asked when time runs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelDocument {
    /// How long they have.
    pub after: Length,
    /// Members of these groups are added.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// These people are added.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub people: Vec<Email>,
}
