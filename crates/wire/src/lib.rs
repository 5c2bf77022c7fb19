//! What crosses the network: JSON types only, shared by the server and its clients.
//!
//! Requests refuse fields they do not know. Ids, digests and durations are text here and become domain
//! types where they enter the server.

pub mod agents;
pub mod approvals;
pub mod audit;
pub mod budgets;
pub mod checks;
pub mod comments;
pub mod costs;
pub mod freezes;
pub mod grants;
pub mod keys;
pub mod people;
pub mod policies;
mod problem;
pub mod settings;
pub mod statistics;
pub mod tokens;
pub mod webhooks;

pub use problem::{Code, Problem};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A JSON object.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// Reads a field that is there, also when it is `null`: absent stays `None`, `null` becomes `Some(None)`.
#[expect(clippy::option_option, reason = "absent and `null` differ in a patch")]
fn present<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// A list, or a page of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    /// What is on this page.
    pub items: Vec<T>,
    /// Pass it as `cursor` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// How many there are in all, where that is cheap to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

impl<T> List<T> {
    /// A list that is whole.
    pub fn whole(items: Vec<T>) -> Self {
        let total = u64::try_from(items.len()).ok();
        Self { items, next_cursor: None, total }
    }
}

/// Who is on the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// `agent`, `application` or `person`.
    pub kind: String,
    /// The id of the agent, key or person.
    pub id: String,
    /// Its name or address.
    pub name: String,
    /// The organization.
    pub org: String,
    /// A person's role.
    pub role: Option<String>,
}
