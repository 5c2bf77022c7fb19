//! A ticket: something that is handed out once, works once, and ends soon. Links that sign in are tickets,
//! and so is every challenge.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::approval::Digest;
use crate::identity::{Email, KeyHash, Role};
use crate::{ApprovalId, InvitationId, PersonId};

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
        /// The hash of what is kept of the password, so that it is worth nothing once that was changed.
        password: KeyHash,
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
    /// Someone was sent to an identity provider, and is to come back.
    ProviderSignIn {
        /// The hash of what only their browser holds.
        browser: KeyHash,
        /// Where they wanted to go.
        next: String,
        /// When the provider was told to ask them anew who they are; `None` if it may know them still.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        anew: Option<Timestamp>,
    },
    /// A machine shows this code, which a person types to let it in.
    MachineCode {
        /// The hash of what the machine holds.
        machine: KeyHash,
        /// Which machine.
        asking: Machine,
    },
    /// A machine waits until a person lets it in.
    Machine {
        /// Which machine.
        asking: Machine,
        /// The hash of the code that it shows.
        code: KeyHash,
        /// Who let it in.
        confirmed_by: Option<PersonId>,
    },
}

/// A machine whose command line wants to be signed in, as it describes itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// What it calls itself, sanitised.
    pub name: String,
    /// Where it calls from.
    pub ip: Option<IpAddr>,
}

/// Who is invited, and as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id, which is not secret.
    pub id: InvitationId,
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
