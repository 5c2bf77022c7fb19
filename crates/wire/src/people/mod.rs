//! People who sign in and answer.

mod delegations;

pub use delegations::{DelegationQuery, DelegationRequest, DelegationView};

use countersign_domain::identity::{Person, PersonStatus, Role};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A person to register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonRequest {
    /// Their address, unique in the organization.
    pub email: String,
    /// `admin`, `approver`, `auditor` or `viewer`.
    #[schema(value_type = String)]
    pub role: Role,
    /// The groups they are a member of.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// What to change about a person; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonPatch {
    /// `admin`, `approver`, `auditor` or `viewer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub role: Option<Role>,
    /// The groups they are a member of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// `active` or `locked`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub status: Option<PersonStatus>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    /// Their id.
    pub id: String,
    /// Their address.
    pub email: String,
    /// `admin`, `approver`, `auditor` or `viewer`.
    #[schema(value_type = String)]
    pub role: Role,
    /// The groups they are a member of.
    pub groups: Vec<String>,
    /// `active` or `locked`.
    #[schema(value_type = String)]
    pub status: PersonStatus,
    /// When they were registered.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Their token; shown once, when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// A link that signs a person in once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkView {
    /// The address to open; shown once, when it is made.
    pub url: String,
    /// Until when it works.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

impl From<&Person> for PersonView {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id.to_string(),
            email: person.email.to_string(),
            role: person.role,
            groups: person.groups.clone(),
            status: person.status,
            created_at: person.created_at,
            token: None,
        }
    }
}
