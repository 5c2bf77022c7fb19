//! Keys: what a caller shows to be known. Only their hashes are kept.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::capability::{self, TokenLimits};
use crate::{AgentId, KeyId, PersonId};

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its id, which is not secret.
    pub id: KeyId,
    /// What to call it.
    pub name: String,
    /// Whose it is.
    pub holder: KeyHolder,
    /// The hash of its secret.
    pub hash: KeyHash,
    /// How the secret ends, so that people can tell keys apart; none of those made before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Ending>,
    /// Who made it, by name or address; none of those made before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<String>,
    /// What a capability token was limited to when it was minted.
    pub limits: Option<TokenLimits>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stopped working.
    pub revoked_at: Option<Timestamp>,
    /// Why, where whoever revoked it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_because: Option<String>,
}

impl Key {
    /// By what people recognise the secret, which is not kept: `csa…x9Qw`, without the sign after which a
    /// secret goes on, so that nothing takes it for one.
    pub fn looks_like(&self) -> String {
        let ending = self.ends.as_ref().map(|ends| ends.0.as_str()).unwrap_or_default();
        format!("{}…{ending}", self.holder.prefix().trim_end_matches('_'))
    }
}

/// That a key was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUse {
    /// Which key.
    pub key: KeyId,
    /// When, to the millisecond.
    pub at: Timestamp,
}

/// The last characters of a secret: too few to help anyone who guesses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ending(String);

impl Ending {
    /// How many there are.
    const LENGTH: usize = 4;

    /// The last characters of a secret.
    pub fn of(secret: &str) -> Self {
        let start = secret.chars().count().saturating_sub(Self::LENGTH);
        Self(secret.chars().skip(start).collect())
    }
}

/// Whose a key is; the kind decides what it can ever do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyHolder {
    /// One agent (`csa_`).
    Agent(AgentId),
    /// An application that speaks for the organization's agents (`csk_`); the agent it means where a
    /// client has no way to name one.
    Application(Option<AgentId>),
    /// A person (`csp_`).
    Person(PersonId),
    /// Whoever holds a capability token of this agent (`csc_`).
    Token(AgentId),
}

impl KeyHolder {
    /// What the secret of such a key starts with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Agent(_) => "csa_",
            Self::Application(_) => "csk_",
            Self::Person(_) => "csp_",
            Self::Token(_) => capability::PREFIX,
        }
    }
}

/// SHA-256 of a key's secret. The secrets hold 256 random bits, so that a plain hash suffices.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// The hash of a secret.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }
}

impl fmt::Display for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyHash(…)")
    }
}

impl Serialize for KeyHash {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyHash {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(&text, &mut bytes).map_err(serde::de::Error::custom)?;
        Ok(Self(bytes))
    }
}
