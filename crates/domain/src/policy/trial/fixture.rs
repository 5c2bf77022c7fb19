//! `kind: PolicyTest`: what is given, and what policy is expected to say.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::approval::{Cost, Risk};
use crate::identity::Trust;
use crate::json::Object;
use crate::policy::{Decision, ReasonCode};
use crate::{Action, Money};

/// A test of the documents beside it. It is never applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyTest {
    /// What it shows, in a few words.
    pub name: String,
    /// What is asked, and how things stand.
    pub given: Given,
    /// What policy has to say.
    pub expect: Expected,
}

/// What is asked, and how things stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The name of the agent; its document is taken if there is one.
    pub agent: String,
    /// How far the agent is trusted, in the place of what its document says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<Trust>,
    /// The action.
    #[schemars(with = "String")]
    pub action: Action,
    /// The tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// The parameters.
    #[serde(default, skip_serializing_if = "Object::is_empty")]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub params: Object,
    /// What surrounds it.
    #[serde(default, skip_serializing_if = "Object::is_empty")]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub context: Object,
    /// What it costs, as the agent states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub cost: Option<Cost>,
    /// The task it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// When it is asked; a Wednesday at noon (UTC) where nothing is said.
    #[serde(default = "noon")]
    #[schemars(with = "String")]
    pub now: Timestamp,
    /// How often the agent asked for this action before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
    /// Whether the agent has dealt with this other side before.
    #[serde(default)]
    pub seen: bool,
    /// What was used of budgets in their present windows, by name, in their units.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, f64>")]
    pub budgets: BTreeMap<String, Money>,
    /// What was used of grants in their present windows, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grants: BTreeMap<String, UsedGrant>,
}

fn noon() -> Timestamp {
    // 2026-03-04 was a Wednesday.
    Timestamp::from_second(1_772_625_600).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// How often an agent asked for an action before; rates count the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct History {
    /// In this hour of the clock (UTC).
    pub hour: u32,
    /// On this day (UTC).
    pub day: u32,
    /// Ever.
    pub total: u32,
    /// How often it was let run it, ever; `history.first_seen` holds until then.
    pub runs: u32,
}

/// What was used of a grant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UsedGrant {
    /// How many runs.
    pub uses: u32,
    /// How many US dollars.
    #[schemars(with = "f64")]
    pub usd: Money,
}

/// What policy has to say; what is not named may be anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// `allow`, `deny` or `escalate`.
    #[schemars(with = "String")]
    pub verdict: Decision,
    /// The code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub reason_code: Option<ReasonCode>,
    /// A rule that decided, as `policy/rule`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Exactly these stages, in any order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<Vec<ExpectedStage>>,
    /// The least risk that policy sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<Risk>,
}

/// A stage by its name, and how many yeses it needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectedStage {
    /// Its name.
    pub name: String,
    /// How many yeses.
    #[serde(default = "one")]
    pub need: usize,
}

const fn one() -> usize {
    1
}
