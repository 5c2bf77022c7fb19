//! Capability tokens.

use countersign_domain::Money;
use countersign_domain::identity::capability::Revocation;
use countersign_domain::identity::{Key, KeyHolder};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A capability token to mint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// The agent it speaks for, by id or name.
    pub agent: String,
    /// What to call it.
    pub name: String,
    /// The actions it may ask for, as patterns; `**` stands for everything the agent may ask for.
    pub actions: Vec<String>,
    /// The largest `amount` among the parameters; with it, requests without an amount are not covered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub amount: Option<Money>,
    /// The only task it may ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// How long it works, as `8h` or in ISO 8601.
    pub expires_in: String,
}

/// A capability token, as it was minted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenView {
    /// Its id, which every token that is made of it carries.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The agent it speaks for.
    pub agent: String,
    /// The actions it may ask for.
    pub actions: Vec<String>,
    /// The largest amount.
    #[schema(value_type = Option<String>)]
    pub amount: Option<Money>,
    /// The only task.
    pub task: Option<String>,
    /// When it was minted.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it stops working by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// Why it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_because: Option<String>,
    /// The token itself; shown once, when it is minted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl From<&Key> for TokenView {
    fn from(key: &Key) -> Self {
        let limits = key.limits.clone().unwrap_or_default();
        let agent = match key.holder {
            KeyHolder::Token(agent) | KeyHolder::Agent(agent) => agent.to_string(),
            KeyHolder::Application(_) | KeyHolder::Person(_) => String::new(),
        };
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            agent,
            actions: limits.actions.iter().map(ToString::to_string).collect(),
            amount: limits.amount,
            task: limits.task,
            created_at: key.created_at,
            expires_at: limits.expires_at,
            revoked_at: key.revoked_at,
            revoked_because: key.revoked_because.clone(),
            token: None,
        }
    }
}

/// What is to be revoked: exactly one of a minted token and a block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevocationRequest {
    /// The id of a minted token: it and everything made of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_id: Option<String>,
    /// The revocation id of one block: every token that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation_id: Option<String>,
    /// Why; whoever shows the token is told.
    #[serde(default)]
    #[schema(required)]
    pub reason: String,
}

/// A block that was revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RevocationView {
    /// Which block.
    pub revocation_id: String,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl From<&Revocation> for RevocationView {
    fn from(revocation: &Revocation) -> Self {
        Self {
            revocation_id: revocation.block.to_string(),
            reason: revocation.reason.clone(),
            by: revocation.by.clone(),
            at: revocation.at,
        }
    }
}
