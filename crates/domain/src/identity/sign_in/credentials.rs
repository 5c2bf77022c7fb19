//! What a person proves with who they are.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::identity::KeyHash;
use crate::{PersonId, Revision};

/// The most passkeys of one person.
const MOST_PASSKEYS: usize = 20;

/// Everything a person can sign in with, tokens and links aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Whose they are.
    pub person: PersonId,
    /// How often the row was written.
    pub revision: Revision,
    /// The password as argon2id hashes it; kept beside the body.
    #[serde(skip)]
    pub password: Option<Hidden>,
    /// The codes of an authenticator app.
    pub totp: Option<Totp>,
    /// The hashes of the recovery codes that were not used yet.
    pub recovery: Vec<KeyHash>,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<Passkey>,
}

/// The codes of an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    /// What the codes are made of, in base 32; kept beside the body.
    #[serde(skip)]
    pub secret: Hidden,
    /// When the person showed that their app makes the right codes; it counts from then on.
    pub confirmed_at: Option<Timestamp>,
    /// The newest time step whose code was used: no code of it or before is taken again.
    pub last_step: Option<u64>,
}

/// One passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The id that its authenticator gave it, in base64url.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// Its public key and counter, as the verifier of signatures writes it.
    pub key: Value,
}

/// A text that is kept and never shown: it cannot be printed or serialised.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// Hides a text.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for those who keep or verify it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(…)")
    }
}

impl Credentials {
    /// Those of a person who has none.
    pub const fn none(person: PersonId) -> Self {
        let revision = Revision(0);
        Self {
            person,
            revision,
            password: None,
            totp: None,
            recovery: Vec::new(),
            passkeys: Vec::new(),
        }
    }

    /// The next version of the row. Everyone who signs in writes one, so that nobody gets in with what was
    /// changed at the same moment.
    pub fn next(&self) -> Self {
        Self { revision: self.revision.next(), ..self.clone() }
    }

    /// The codes that are asked for, if the person confirmed them.
    pub fn second_step(&self) -> Option<&Totp> {
        self.totp.as_ref().filter(|totp| totp.confirmed_at.is_some())
    }

    /// These with the code of a time step used up; `None` if it or a later one was used before.
    pub fn with_step_used(&self, step: u64) -> Option<Self> {
        let totp = self.totp.as_ref()?;
        if totp.last_step.is_some_and(|last| step <= last) {
            return None;
        }
        let totp = Totp { last_step: Some(step), ..totp.clone() };
        Some(Self { totp: Some(totp), ..self.next() })
    }

    /// These with a recovery code used up; `None` if there is no such code.
    pub fn with_recovery_used(&self, code: KeyHash) -> Option<Self> {
        let mut after = self.next();
        after.recovery.retain(|known| *known != code);
        (after.recovery.len() < self.recovery.len()).then_some(after)
    }

    /// Whether one more passkey may be added.
    pub fn has_room(&self) -> bool {
        self.passkeys.len() < MOST_PASSKEYS
    }
}
