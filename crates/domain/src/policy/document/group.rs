//! `kind: Group` and `kind: Defaults`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Length;
use crate::approval::Risk;
use crate::identity::Email;

/// People under one name. They are members in addition to those who have the group by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its members.
    #[schemars(with = "Vec<String>")]
    pub members: Vec<Email>,
}

/// What holds where nothing else is said; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Defaults {
    /// How long people have to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<Length>,
    /// How long an approval can be used after it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_within: Option<Length>,
    /// How long an equal request is refused after a denial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denial_cooldown: Option<Length>,
    /// Up to which risk people may answer their own requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_approval: Option<Risk>,
    /// How many requests one agent may have pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_per_agent: Option<u32>,
}
