//! Freezes: what a person has stopped.

use countersign_domain::policy::{Freeze, FreezeScope};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How much is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Everything.
    All,
    /// Whatever one agent wants.
    Agent,
    /// These actions, whoever wants them.
    Action,
}

/// Something to stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreezeRequest {
    /// `all`, `agent` or `action`.
    pub scope: Reach,
    /// The agent, by id or name, or the pattern of actions; nothing for `all`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Why; agents are told.
    #[serde(default)]
    pub reason: String,
}

/// Which freeze is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreezeQuery {
    /// `all`, `agent` or `action`.
    pub scope: Reach,
    /// The agent, by id or name, or the pattern of actions, as it was frozen; nothing for `all`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Why it may go on, for the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Something that is stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FreezeView {
    /// `all`, `agent` or `action`.
    pub scope: Reach,
    /// The id of the agent, or the pattern of actions.
    pub name: Option<String>,
    /// Why.
    pub reason: String,
    /// Who stopped it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl From<&Freeze> for FreezeView {
    fn from(freeze: &Freeze) -> Self {
        let (scope, name) = match &freeze.scope {
            FreezeScope::All => (Reach::All, None),
            FreezeScope::Agent(agent) => (Reach::Agent, Some(agent.to_string())),
            FreezeScope::Action(pattern) => (Reach::Action, Some(pattern.to_string())),
        };
        let Freeze { reason, by, at, .. } = freeze.clone();
        Self { scope, name, reason, by, at }
    }
}
