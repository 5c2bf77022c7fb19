//! Agents and what they may do.

use countersign_domain::Money;
use countersign_domain::identity::{Agent, AgentStatus, Trust};
use countersign_domain::policy::{Effect, Permission};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An agent to register.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentRequest {
    /// Its name, unique in the organization.
    pub name: String,
    /// The version it says it has.
    #[serde(default)]
    pub version: String,
    /// The address of the person who answers for it, and so never answers its requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// `untrusted`, `standard` or `trusted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub trust: Option<Trust>,
}

/// What to change about an agent; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentPatch {
    /// The version it says it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `active` or `inactive`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub status: Option<AgentStatus>,
    /// The address of the person who answers for it; `null` for nobody.
    #[serde(default, deserialize_with = "crate::present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub owner: Option<Option<String>>,
    /// `untrusted`, `standard` or `trusted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub trust: Option<Trust>,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The version it says it has.
    pub version: String,
    /// `active` or `inactive`.
    #[schema(value_type = String)]
    pub status: AgentStatus,
    /// `untrusted`, `standard` or `trusted`.
    #[schema(value_type = String)]
    pub trust: Trust,
    /// The address of the person who answers for it.
    pub owner: Option<String>,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Its key; shown once, when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl From<&Agent> for AgentView {
    fn from(agent: &Agent) -> Self {
        Self {
            id: agent.id.to_string(),
            name: agent.name.clone(),
            version: agent.version.clone(),
            status: agent.status,
            trust: agent.trust,
            owner: agent.owner.as_ref().map(ToString::to_string),
            created_at: agent.created_at,
            key: None,
        }
    }
}

/// What an agent may do under one pattern of actions; also what is sent to set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PermissionBody {
    /// The actions: `*` stands for one segment, `**` for any number.
    pub action: String,
    /// `allow`, `deny` or `requires_approval`.
    #[schema(value_type = String)]
    pub effect: Effect,
    /// The largest `amount` among the parameters; more is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub max_amount: Option<Money>,
}

impl From<&Permission> for PermissionBody {
    fn from(permission: &Permission) -> Self {
        Self {
            action: permission.pattern.to_string(),
            effect: permission.effect,
            max_amount: permission.max_amount,
        }
    }
}
