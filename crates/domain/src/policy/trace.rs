//! How an evaluation went, one line per check, in a fixed order.

use serde::{Deserialize, Serialize};

/// One line of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceLine {
    /// What was looked at.
    pub check: Check,
    /// How it went.
    pub result: TraceResult,
    /// What was compared with what, in one sentence.
    pub details: String,
}

impl TraceLine {
    /// One line.
    pub fn new(check: Check, result: TraceResult, details: impl Into<String>) -> Self {
        Self { check, result, details: details.into() }
    }
}

/// How one check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraceResult {
    /// Nothing stands in the way.
    Pass,
    /// A person is needed; the evaluation goes on.
    Escalate,
    /// It is refused; the evaluation ends.
    Fail,
    /// There was nothing to look at.
    Skip,
}

/// What is looked at, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Whether the agent may act at all.
    AgentStatus,
    /// Whether its manifest covers the action.
    ManifestValidation,
    /// Whether its capability token covers the action.
    CapabilityToken,
    /// Whether the kind of action is permitted.
    ActionType,
    /// Whether the parameters fit the tool's schema.
    ParameterSchema,
    /// Whether the agent may use this, freely or with a person.
    ToolAuthorization,
    /// Whether the amount is within its limits.
    AmountLimits,
    /// Whether the other side is known and not blocked.
    Counterparty,
    /// Whether it is the right time.
    TimeWindow,
    /// Whether it happens too often.
    RateLimit,
    /// Whether the budgets hold.
    Budget,
    /// What the rules say.
    PolicyRules,
    /// Whether a grant makes a person unnecessary.
    Grants,
}

impl Check {
    /// Every check, in order.
    pub const ALL: [Self; 13] = [
        Self::AgentStatus,
        Self::ManifestValidation,
        Self::CapabilityToken,
        Self::ActionType,
        Self::ParameterSchema,
        Self::ToolAuthorization,
        Self::AmountLimits,
        Self::Counterparty,
        Self::TimeWindow,
        Self::RateLimit,
        Self::Budget,
        Self::PolicyRules,
        Self::Grants,
    ];
}
