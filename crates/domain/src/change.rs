//! A change: rows, records and announcements that are kept together or not at all.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::approval::{Approval, Digest, Message};
use crate::audit::Draft;
use crate::identity::capability::Revocation;
use crate::identity::sign_in::{Credentials, ProviderAccount, Session, Ticket};
use crate::identity::{Agent, Delegation, Key, KeyHash, KeyUse, Person};
use crate::json::Object;
use crate::notification::{Delivery, Webhook};
use crate::policy::document::{DocumentKind, StoredDocument};
use crate::policy::{Charge, Freeze, FreezeScope, Permission, Verdict};
use crate::{
    ActionPattern, AgentId, ApprovalId, DeliveryId, ExternalId, LogId, OrgId, PersonId, Revision,
    Seq, Settings, WebhookId,
};

/// What one use case wants kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Whose it is.
    pub org: OrgId,
    /// The rows, each with its guard.
    pub writes: Vec<Write>,
    /// The records, in order; each may announce an event.
    pub records: Vec<Draft>,
}

/// One row to keep. A row with a revision is kept only if the revision before it stands in the store;
/// otherwise the whole change is a conflict and leaves nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// A new organization.
    Organization,
    /// A new or changed agent.
    Agent(Agent),
    /// A new or changed person.
    Person(Person),
    /// A new or changed delegation.
    Delegation(Delegation),
    /// A new key.
    Key(Key),
    /// A key stops working.
    KeyRevoked(Key),
    /// Keys were used; what is told of one last holds.
    KeysUsed(Vec<KeyUse>),
    /// A new or changed session.
    Session(Box<Session>),
    /// What a person signs in with, new or changed.
    Credentials(Box<Credentials>),
    /// An account at an identity provider is linked; a conflict if it is already, or if its person has
    /// another one there.
    ProviderLinked(Box<ProviderAccount>),
    /// A person's account at an issuer is linked no more; a conflict if it was not.
    ProviderUnlinked(PersonId, String),
    /// A new ticket.
    Ticket(Box<Ticket>),
    /// A ticket is used up; a conflict if it is gone already.
    TicketUsed(KeyHash),
    /// A block of a capability token is worth nothing any more; once is enough.
    Revocation(Revocation),
    /// A permission, in the place of one for the same agent and pattern.
    Permission(Permission),
    /// A permission goes.
    PermissionRemoved(AgentId, ActionPattern),
    /// The settings.
    Settings(Settings),
    /// Something is stopped, in the place of what was said of the same scope before.
    Freeze(Freeze),
    /// What was stopped may go on; a conflict if it was not stopped.
    Unfreeze(FreezeScope),
    /// A guard: a conflict unless the configuration is still this version. Whatever lets something run
    /// carries it, so that what was tightened or frozen meanwhile is seen.
    Under(u64),
    /// A new or changed document.
    Document(Box<StoredDocument>),
    /// A document goes.
    DocumentRemoved(DocumentKind, String),
    /// The documents were looked at as a whole and changed: a conflict unless this is the next revision of
    /// the whole set.
    DocumentSet(Revision),
    /// A new or changed approval.
    Approval(Arc<Approval>),
    /// Something is counted; a conflict if its limit would be passed.
    Charge(Charge),
    /// What an idempotency key stands for; a conflict if it is taken.
    Idempotency(Idempotency),
    /// What a client's own id stands for; a conflict if it is taken.
    External(ExternalId, ApprovalId),
    /// A comment on a task.
    TaskComment(String, Message),
    /// What an agent reported.
    Log(LoggedAction),
    /// A new or changed webhook.
    Webhook(Webhook),
    /// A webhook goes, with its deliveries.
    WebhookRemoved(WebhookId),
    /// A new or changed delivery; a conflict if its webhook is gone.
    Delivery(Box<Delivery>),
    /// A delivery goes, because its time is over; a conflict unless it has this revision.
    DeliveryRemoved(DeliveryId, Revision),
    /// What was announced up to a place is forgotten, because nobody needs it any more.
    OutboxForgotten(Seq),
    /// Deliveries were made of everything that was announced up to a place; a conflict unless the place
    /// before was this one. 0 is where it starts.
    DeliveryCursor {
        /// Up to where before.
        from: Seq,
        /// Up to where now.
        to: Seq,
    },
}

/// What an agent did by itself and reported afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoggedAction {
    /// Its id.
    pub id: LogId,
    /// Who did it.
    pub agent: AgentId,
    /// What.
    pub action: String,
    /// How it went, in the agent's words.
    pub status: String,
    /// What surrounds it, redacted.
    pub context: Option<Object>,
    /// When it was reported.
    pub created_at: Timestamp,
}

/// What was done under an idempotency key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Idempotency {
    /// Whose key it is: the id of the caller.
    pub caller: String,
    /// The client's own text.
    pub key: String,
    /// The digest of what was asked; the same key with another is refused.
    pub fingerprint: Digest,
    /// What came of it.
    pub recorded: Recorded,
    /// When.
    pub at: Timestamp,
}

/// What came of a call that carried an idempotency key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recorded {
    /// A check was answered.
    Verdict(Box<Verdict>, Option<ApprovalId>),
    /// An approval was opened or changed.
    Approval(ApprovalId),
    /// Something else was written; its id.
    Other(String),
}

impl Write {
    /// Whether it changes the configuration, which then has a new version.
    pub const fn configures(&self) -> bool {
        match self {
            Self::Organization
            | Self::Agent(_)
            | Self::Person(_)
            | Self::Delegation(_)
            | Self::Key(_)
            | Self::KeyRevoked(_)
            | Self::Revocation(_)
            | Self::Permission(_)
            | Self::PermissionRemoved(..)
            | Self::Settings(_)
            | Self::Document(_)
            | Self::DocumentRemoved(..)
            | Self::DocumentSet(_)
            | Self::Freeze(_)
            | Self::Unfreeze(_)
            | Self::Webhook(_)
            | Self::WebhookRemoved(_) => true,
            Self::Under(_)
            | Self::Approval(_)
            | Self::Charge(_)
            | Self::Idempotency(_)
            | Self::External(..)
            | Self::TaskComment(..)
            | Self::Log(_)
            | Self::Delivery(_)
            | Self::DeliveryCursor { .. }
            | Self::Credentials(_)
            | Self::DeliveryRemoved(..)
            | Self::OutboxForgotten(_)
            | Self::KeysUsed(_)
            | Self::Session(_)
            | Self::ProviderLinked(_)
            | Self::ProviderUnlinked(..)
            | Self::Ticket(_)
            | Self::TicketUsed(_) => false,
        }
    }
}

impl Change {
    /// A change without rows: only facts.
    pub const fn facts(org: OrgId, records: Vec<Draft>) -> Self {
        Self { org, writes: Vec::new(), records }
    }

    /// The same, kept only if the configuration is still this version.
    pub fn guarded_by(mut self, version: u64) -> Self {
        self.writes.insert(0, Write::Under(version));
        self
    }

    /// The same, with more to count; kept only if no limit is passed.
    pub fn counting(mut self, charges: impl IntoIterator<Item = Charge>) -> Self {
        self.writes.extend(charges.into_iter().map(Write::Charge));
        self
    }

    /// The same, with something more on each of its records.
    pub fn noting(mut self, name: &str, what: &str) -> Self {
        for record in &mut self.records {
            if let serde_json::Value::Object(data) = &mut record.data {
                data.insert(name.to_owned(), what.into());
            }
        }
        self
    }

    /// Adds what an idempotency key stands for, if one was given.
    pub fn under(mut self, idempotency: Option<Idempotency>) -> Self {
        self.writes.extend(idempotency.map(Write::Idempotency));
        self
    }
}
