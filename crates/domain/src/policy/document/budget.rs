//! `kind: Budget`: a limit on actions, money or tokens in a window.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scalar::named;
use super::{NamePattern, Percent, Zone};
use crate::{ActionPattern, Money};

/// A limit that runs are counted against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Its name.
    pub name: String,
    /// What is counted against it.
    #[serde(default)]
    pub scope: Scope,
    /// In what.
    pub unit: Unit,
    /// How much; what would go over it is refused.
    #[schemars(with = "f64")]
    pub limit: Money,
    /// In which window of the calendar.
    pub window: Window,
    /// Where the calendar hangs.
    #[serde(default)]
    pub timezone: Zone,
    /// From which share of the limit a person is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate_at: Option<Percent>,
}

/// What is counted against a budget; an empty scope is the whole organization.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Scope {
    /// Agents with these names; absent means all.
    #[serde(deserialize_with = "named", skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<NamePattern>,
    /// These actions; absent means all.
    #[serde(deserialize_with = "named", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub actions: Vec<ActionPattern>,
    /// These tasks; absent means all, and none at all.
    #[serde(deserialize_with = "named", skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<NamePattern>,
    /// Whether each agent, action or task has the limit for itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub per: Vec<Per>,
}

/// What has a limit for itself.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Each agent.
    Agent,
    /// Each action.
    Action,
    /// Each task.
    Task,
}

/// In what a budget is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Runs.
    Actions,
    /// US dollars, as the stated cost says.
    Usd,
    /// Tokens of a language model, as the stated cost says.
    Tokens,
}

/// A window of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// One hour.
    Hour,
    /// One day.
    Day,
    /// One week, from Monday.
    Week,
    /// One month.
    Month,
    /// For ever.
    Total,
}
