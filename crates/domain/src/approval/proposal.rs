//! The exact thing asked for, and its digest.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::json::{self as strict, Fields, Object};
use crate::{Action, AgentId, OrgId};

/// The exact thing asked for: everything that takes effect, and nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Where.
    pub org: OrgId,
    /// Who wants it.
    pub agent: AgentId,
    /// What kind of thing it is.
    pub action: Action,
    /// With which tool, if one is named.
    pub tool: Option<ToolRef>,
    /// What it is done to, where that is not a parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// With which parameters.
    pub params: Object,
}

/// A tool and the version of its schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolRef {
    /// Its name.
    pub name: String,
    /// The version of its schema, where the tool is registered.
    pub schema_version: Option<String>,
}

impl Proposal {
    /// SHA-256 of the canonical form of all its fields.
    pub fn digest(&self) -> Digest {
        let tool = self.tool.as_ref().map(|tool| {
            Fields::default()
                .text("name", Some(&tool.name))
                .text("schema_version", tool.schema_version.as_deref())
        });
        let fields = Fields::default()
            .text("action", Some(self.action.as_str()))
            .text("agent", Some(&self.agent.to_string()))
            .text("org", Some(self.org.as_str()))
            .object("params", &self.params);
        let fields = match &self.resource {
            Some(resource) => fields.text("resource", Some(resource)),
            None => fields,
        };
        let fields = match &tool {
            Some(tool) => fields.fields("tool", tool),
            None => fields.text("tool", None),
        };
        Digest::of_bytes(format!("{{{}}}", fields.as_str()).as_bytes())
    }

    /// What it has in common with the same thing asked for in another way.
    pub fn likeness(&self) -> Likeness {
        let fields = Fields::default()
            .text("action", Some(&self.action.plain()))
            .object("params", &self.params)
            .text("resource", self.resource.as_deref());
        Likeness(Digest::of_bytes(format!("{{{}}}", fields.as_str()).as_bytes()))
    }
}

/// The same for all proposals of an agent that differ only in how the action is written, or in the tool that is
/// named for it. A yes holds for one digest; a no holds for all that are alike, or it could be got around by a capital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Likeness(Digest);

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Likeness {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        text.parse().map(Self)
    }
}

/// SHA-256 of a canonical form; written `sha256:` and 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// Why a text is not a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a digest: it is written `sha256:` and 64 hex digits")]
pub struct DigestError(String);

impl Digest {
    /// The digest of a value's canonical form.
    pub fn of(value: &Value) -> Self {
        Self::of_bytes(strict::canonical(value).as_bytes())
    }

    /// The digest of bytes.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let mut bytes = [0; 32];
        text.strip_prefix("sha256:")
            .and_then(|digits| hex::decode_to_slice(digits, &mut bytes).ok())
            .map(|()| Self(bytes))
            .ok_or_else(|| DigestError(crate::display::sanitise(text)))
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
