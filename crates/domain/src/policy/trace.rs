//! How an evaluation went, one line per check, in a fixed order.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Money;

/// One line of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceLine {
    /// What was looked at.
    pub check: Check,
    /// How it went.
    pub result: TraceResult,
    /// What was compared with what, in one sentence.
    pub details: Details,
}

impl TraceLine {
    /// One line.
    pub fn new(check: Check, result: TraceResult, details: impl Into<Details>) -> Self {
        Self { check, result, details: details.into() }
    }
}

/// A sentence. Most of them are made ready before anything is asked, or written out only when someone reads
/// them: sentences would be the larger part of what an evaluation costs.
#[derive(Clone)]
pub enum Details {
    /// One that is always the same.
    Fixed(&'static str),
    /// One that was made ready with the rulebook.
    Ready(Arc<str>),
    /// One that was written for this evaluation.
    Written(String),
    /// That an amount is within a limit.
    Within {
        /// What is limited.
        what: Arc<str>,
        /// How much it is.
        amount: Money,
        /// How much it may be.
        limit: Money,
    },
}

impl Details {
    /// The sentence, as text of its own.
    pub fn into_text(self) -> String {
        match self {
            Self::Fixed(text) => text.to_owned(),
            Self::Ready(text) => String::from(&*text),
            Self::Written(text) => text,
            within @ Self::Within { .. } => within.to_string(),
        }
    }
}

impl fmt::Display for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(text) => f.write_str(text),
            Self::Ready(text) => f.write_str(text),
            Self::Written(text) => f.write_str(text),
            Self::Within { what, amount, limit } => {
                write!(f, "{what} {amount} is within {limit}")
            }
        }
    }
}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl PartialEq for Details {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Details {}

impl From<&'static str> for Details {
    fn from(text: &'static str) -> Self {
        Self::Fixed(text)
    }
}

impl From<String> for Details {
    fn from(text: String) -> Self {
        Self::Written(text)
    }
}

impl From<&Arc<str>> for Details {
    fn from(text: &Arc<str>) -> Self {
        Self::Ready(Arc::clone(text))
    }
}

impl Serialize for Details {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Details {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d).map(Self::Written)
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
