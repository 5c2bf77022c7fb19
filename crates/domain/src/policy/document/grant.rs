//! `kind: Grant`: a bounded automatic yes.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NamePattern, Window};
use crate::approval::Risk;
use crate::{ActionPattern, ApprovalId, Money};

/// A bounded, revocable, counted automatic yes. With a window it refills, and is called a trust budget.
/// It never covers critical risk, a sensitive tool, what a manifest requires approval for, nor what a rule keeps for
/// people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Its name.
    pub name: String,
    /// Agents with these names.
    #[schemars(length(min = 1))]
    pub agents: Vec<NamePattern>,
    /// These actions.
    #[schemars(with = "Vec<String>", length(min = 1))]
    pub actions: Vec<ActionPattern>,
    /// A condition in CEL, as in rules; one that cannot be evaluated does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Up to which risk it covers; at most high. What no rule and no tool rates counts as medium here at most, because whoever
    /// writes a grant names the agents and actions; an agent that says that it is more is asked about.
    #[serde(default = "medium")]
    pub risk_at_most: Risk,
    /// How much it covers.
    pub limit: GrantLimit,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub expires_at: Option<Timestamp>,
    /// The approval it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub from: Option<ApprovalId>,
}

const fn medium() -> Risk {
    Risk::Medium
}

/// How much a grant covers; at least one of uses and usd is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantLimit {
    /// How many runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<u32>,
    /// How many US dollars in all, as the stated cost says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<f64>")]
    pub usd: Option<Money>,
    /// After which window it refills; `total` never does.
    #[serde(default = "total")]
    pub window: Window,
}

const fn total() -> Window {
    Window::Total
}
