//! Permissions: per agent and action, what may be done.

use serde::{Deserialize, Serialize};

use crate::{ActionPattern, AgentId, Money};

/// What one agent may do under one pattern of actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// The agent.
    pub agent: AgentId,
    /// The actions.
    pub pattern: ActionPattern,
    /// What they may do.
    pub effect: Effect,
    /// The largest `amount` among the parameters; more is refused.
    pub max_amount: Option<Money>,
}

/// What a permission says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It runs.
    Allow,
    /// It is refused.
    Deny,
    /// A person is asked.
    RequiresApproval,
}
