//! A ticket: something that is handed out once, works once, and ends soon. Links that sign in are tickets,
//! and so is every challenge.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::approval::Digest;
use crate::identity::{Email, KeyHash, Role};
use crate::{ApprovalId, PersonId};

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
    /// Lets someone become a person here.
    Invitation(Invitation),
    /// The password was right; a code is missing.
    SecondStep {
        /// Whose password it was.
        person: PersonId,
    },
    /// A passkey is to be added.
    PasskeyNew {
        /// By whom.
        person: PersonId,
        /// What the verifier needs to know again.
        state: Value,
    },
    /// Someone is to sign in with a passkey.
    PasskeySignIn {
        /// What the verifier needs to know again.
        state: Value,
    },
    /// A person is to show that they mean one answer.
    StepUp {
        /// Who.
        person: PersonId,
        /// Which approval.
        approval: ApprovalId,
        /// The digest of what they answer.
        digest: Digest,
        /// The hash of the card they are shown.
        presented: Digest,
        /// Makes the challenge one of a kind; in hex.
        nonce: String,
        /// What the verifier of passkeys needs to know again.
        state: Value,
    },
}

/// Who is invited, and as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Their address.
    pub email: Email,
    /// What they will be allowed to do.
    pub role: Role,
    /// The groups they will be in.
    pub groups: Vec<String>,
    /// Who invites them.
    pub by: PersonId,
}

impl Ticket {
    /// Whether it still works.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}
