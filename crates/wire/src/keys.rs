//! Keys of the three kinds.

use countersign_domain::identity::{Key, KeyHolder};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A key to make. Exactly one of `agent` and `person` names its holder; with neither it is an
/// application's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyRequest {
    /// What to call it.
    pub name: String,
    /// The agent it is for, by id or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The person it is for, by id or address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// For an application: the agent it means where a client has no way to name one, by id or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_agent: Option<String>,
}

/// A key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyView {
    /// Its id, which is not secret.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// `agent`, `application`, `person`, or `token` for a capability token.
    pub kind: String,
    /// The agent or person it is for; for an application its default agent.
    pub holder: Option<String>,
    /// By what people recognise the key, which is not kept: how it begins and ends, `csa…x9Qw`.
    #[serde(default)]
    pub looks_like: String,
    /// Who made it; unknown for keys from before this was kept.
    #[serde(default)]
    pub made_by: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last used, as far as is known; nothing if it never was.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// When it stopped working.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// The key itself; shown once, when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

impl From<&Key> for KeyView {
    fn from(key: &Key) -> Self {
        let (kind, holder) = match key.holder {
            KeyHolder::Agent(id) => ("agent", Some(id.to_string())),
            KeyHolder::Application(id) => ("application", id.map(|id| id.to_string())),
            KeyHolder::Person(id) => ("person", Some(id.to_string())),
            KeyHolder::Token(id) => ("token", Some(id.to_string())),
        };
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            kind: kind.to_owned(),
            holder,
            looks_like: key.looks_like(),
            made_by: key.made_by.clone(),
            created_at: key.created_at,
            last_used_at: None,
            revoked_at: key.revoked_at,
            secret: None,
        }
    }
}
