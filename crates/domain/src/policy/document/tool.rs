//! `kind: Tool`: something agents use.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ActionPattern;
use crate::approval::Risk;

/// A tool: its parameters and how dangerous it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// The action that using it is. What the tool demands holds for this action, also where an agent leaves the
    /// name of the tool out.
    #[schemars(with = "String")]
    pub action: ActionPattern,
    /// What it does, in one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it may be used at all.
    #[serde(default)]
    pub status: crate::identity::AgentStatus,
    /// Whether using it always needs a person.
    #[serde(default)]
    pub sensitive: bool,
    /// The least risk of using it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<Risk>,
    /// What it does to the world.
    #[serde(default)]
    pub annotations: Annotations,
    /// The JSON Schema of its parameters (2020-12); fields with `x-sensitive: true` are never shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_schema: Option<Value>,
}

/// What a tool does to the world, in the words of the Model Context Protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Annotations {
    /// It changes nothing; it then runs without a person unless a rule says otherwise.
    pub read_only: bool,
    /// It may destroy something.
    pub destructive: bool,
    /// Using it twice does no more than using it once.
    pub idempotent: bool,
}

impl Default for Annotations {
    fn default() -> Self {
        Self { read_only: false, destructive: true, idempotent: false }
    }
}
