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

/// Someone to invite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationRequest {
    /// Their address.
    pub email: String,
    /// `admin`, `approver`, `auditor` or `viewer`.
    #[schema(value_type = String)]
    pub role: Role,
    /// The groups they will be in.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvitationView {
    /// Its id.
    pub id: String,
    /// Who is invited.
    pub email: String,
    /// `admin`, `approver`, `auditor` or `viewer`.
    #[schema(value_type = String)]
    pub role: Role,
    /// The groups they will be in.
    pub groups: Vec<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Until when it works.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// The address to open, which works once; shown once, when the invitation is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// How many links to accounts at identity providers were taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnlinkedView {
    /// How many.
    pub unlinked: usize,
}

/// A machine whose command line wants to be signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// What the machine calls itself; the person who lets it in sees this.
    pub machine: String,
}

/// What the machine shows, and what it comes back with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoginStarted {
    /// Comes back with every question whether it was let in; secret.
    pub ticket: String,
    /// What the machine shows, and the person compares.
    pub code: String,
    /// Where the person lets it in.
    pub url: String,
    /// How many seconds to wait between two questions.
    pub interval: u32,
    /// Until when it can be let in.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// A machine asks whether it was let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginQuestion {
    /// What came with the code.
    pub ticket: String,
}

/// Whether a machine was let in. One that was refused, came too late, or came before finds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoginAnswer {
    /// `waiting` or `confirmed`.
    #[schema(value_type = String)]
    pub status: LoginStatus,
    /// The token, once confirmed; shown this once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The id of the token, by which it can be revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
}

/// How far a sign-in of a machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginStatus {
    /// Nobody has said anything.
    Waiting,
    /// A person let it in.
    Confirmed,
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
