//! An agent: a program that acts.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Email;
use crate::{AgentId, Revision};

/// An agent as it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// Its id.
    pub id: AgentId,
    /// How often it was written.
    pub revision: Revision,
    /// Its name, unique in the organization.
    pub name: String,
    /// The version it says it has, or an empty text.
    pub version: String,
    /// Whether it may act.
    pub status: AgentStatus,
    /// How far it is trusted.
    pub trust: Trust,
    /// The person who answers for it and so never answers its requests.
    pub owner: Option<Email>,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// Whether an agent may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentStatus {
    /// It may ask.
    #[default]
    Active,
    /// Everything it asks is refused.
    Inactive,
}

/// How far an agent is trusted; rules match on it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Not at all.
    Untrusted,
    /// As usual.
    #[default]
    Standard,
    /// More than usual.
    Trusted,
}

/// Whether a text can name an agent, or a document: it can be seen whole, stands in a URL, and is not mistaken
/// for an id.
pub fn is_agent_name(name: &str) -> bool {
    let length = (1..=100).contains(&name.chars().count());
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.@ ".contains(c))
        && name.trim() == name;
    length && plain && !name.starts_with(AgentId::PREFIX) && name != "." && name != ".."
}
