//! A ticket: something that is handed out once, works once, and ends soon. Links that sign in are tickets.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::PersonId;
use crate::identity::KeyHash;

/// What was handed out. Only the hash of it is kept, and it is gone once it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The hash of the secret.
    pub hash: KeyHash,
    /// What it is good for.
    pub purpose: Purpose,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// What a ticket is good for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "purpose")]
pub enum Purpose {
    /// Signs this person in, who then sets a password or a passkey.
    SignIn {
        /// Who.
        person: PersonId,
    },
}

impl Ticket {
    /// Whether it still works.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}
