//! Keeping it: one narrow trait, one implementation per database, and one suite that all must pass.
//!
//! A store judges nothing. It compares revisions, numbers and links the records, and keeps a change whole or
//! not at all.

#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod error;
mod printed;
mod query;
pub mod sqlite;

use std::collections::HashMap;

use async_trait::async_trait;
use countersign_domain::approval::statistics::Sample;
use countersign_domain::approval::{Approval, Message, Standing, Wanted};
use countersign_domain::audit::{Head, Record};
use countersign_domain::identity::capability::Revocation;
use countersign_domain::identity::sign_in::{Credentials, ProviderAccount, Session, Ticket};
use countersign_domain::identity::{Agent, Delegation, Key, KeyHash, KeyUse, Person};
use countersign_domain::notification::{Announcement, Delivery, Event, Webhook};
use countersign_domain::policy::document::StoredDocument;
use countersign_domain::policy::{Counter, Freeze, Permission, Quantity};
use countersign_domain::{
    AgentId, ApprovalId, Change, DeliveryId, ExternalId, Idempotency, OrgId, PersonId, Revision,
    Seq, Settings, WebhookId,
};
use jiff::Timestamp;

pub use error::StoreError;
pub use printed::Printed;
pub use query::{
    AlikeTo, ApprovalQuery, Cursor, CursorError, DeliveryQuery, EndedBefore, Page, RecordPage,
    RecordQuery, RecordSearch, Sort, SortError, Texts,
};

/// What became of one change of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is durable; this is what it announced, in order.
    Done(Vec<Hint>),
    /// One of its guards failed, and nothing of it was kept: something it was based on has changed.
    Conflict,
}

/// That something was announced; the rest of it is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// The place of its record.
    pub seq: Seq,
    /// What happened.
    pub event: Event,
    /// The approval it is about.
    pub approval: Option<ApprovalId>,
}

/// Everything about an organization that changes seldom.
#[derive(Debug, Clone, PartialEq)]
pub struct Configuration {
    /// How often it was changed.
    pub version: u64,
    /// Its agents.
    pub agents: Vec<Agent>,
    /// Its people.
    pub people: Vec<Person>,
    /// Who answers in whose place, the oldest first; also those that are over.
    pub delegations: Vec<Delegation>,
    /// Its keys, the revoked ones included.
    pub keys: Vec<Key>,
    /// The blocks of capability tokens that were revoked.
    pub revocations: Vec<Revocation>,
    /// What its agents may do.
    pub permissions: Vec<Permission>,
    /// Who outside is told what happens.
    pub webhooks: Vec<Webhook>,
    /// Its settings.
    pub settings: Settings,
    /// What is frozen.
    pub freezes: Vec<Freeze>,
    /// Its policy documents, by kind and name.
    pub documents: Vec<StoredDocument>,
    /// How often its documents were changed as a set; 0 as long as they never were.
    pub document_set: Revision,
}

/// What waits: approvals for people, or deliveries for their receivers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// How many are pending.
    pub pending: u64,
    /// When the oldest of them was opened or made.
    pub oldest: Option<Timestamp>,
}

/// A database. Each method is one transaction; what is not there is `None` or an empty list, not an error.
#[async_trait]
pub trait Store: Send + Sync {
    /// Keeps a batch of changes in one durable transaction and answers for each, in order. An error means
    /// that nothing of the batch was kept, or that this is not known. [`StoreError::Overtaken`] comes once
    /// after another program has written, also to an empty batch, which changes nothing.
    async fn commit(&self, batch: Vec<Printed>) -> Result<Vec<Kept>, StoreError>;

    /// The same for changes that nobody has printed yet.
    async fn keep(&self, batch: Vec<Change>) -> Result<Vec<Kept>, StoreError> {
        self.commit(batch.into_iter().map(Printed::of).collect::<Result<_, _>>()?).await
    }

    /// Fails unless a transaction can be made durable now.
    async fn probe(&self) -> Result<(), StoreError>;

    /// Makes the texts of up to `limit` approvals or records quicker to find that came since the last time, if
    /// many did; gives how many. What is found stays the same.
    async fn index_texts(&self, of: Texts, limit: usize) -> Result<usize, StoreError>;

    /// Every organization.
    async fn organizations(&self) -> Result<Vec<OrgId>, StoreError>;

    /// Everything about an organization that changes seldom; `None` if there is no such organization.
    async fn configuration(&self, org: &OrgId) -> Result<Option<Configuration>, StoreError>;

    /// Which version of its configuration an organization has: it counts every change, whichever program
    /// made it. `None` if there is no such organization.
    async fn version(&self, org: &OrgId) -> Result<Option<u64>, StoreError>;

    /// When the keys of an organization were last used, those that ever were.
    async fn key_uses(&self, org: &OrgId) -> Result<Vec<KeyUse>, StoreError>;

    /// The session whose token has this hash, and its organization; also one that is over.
    async fn session(&self, hash: KeyHash) -> Result<Option<(OrgId, Session)>, StoreError>;

    /// The sessions of a person, the oldest first; also those that are over.
    async fn sessions(&self, org: &OrgId, person: PersonId) -> Result<Vec<Session>, StoreError>;

    /// What a person signs in with; `None` if nothing was ever set.
    async fn credentials(
        &self,
        org: &OrgId,
        person: PersonId,
    ) -> Result<Option<Credentials>, StoreError>;

    /// The ticket with this hash, and its organization; also one that is over.
    async fn ticket(&self, hash: KeyHash) -> Result<Option<(OrgId, Ticket)>, StoreError>;

    /// The invitations of an organization, the oldest first; also those that are over.
    async fn invitations(&self, org: &OrgId) -> Result<Vec<Ticket>, StoreError>;

    /// Who signs in with this account at an identity provider.
    async fn provider_account(
        &self,
        org: &OrgId,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<ProviderAccount>, StoreError>;

    /// The accounts at identity providers that a person signs in with.
    async fn provider_accounts(
        &self,
        org: &OrgId,
        person: PersonId,
    ) -> Result<Vec<ProviderAccount>, StoreError>;

    /// One approval.
    async fn approval(&self, org: &OrgId, id: ApprovalId) -> Result<Option<Approval>, StoreError>;

    /// A page of approvals.
    async fn approvals(
        &self,
        org: &OrgId,
        query: &ApprovalQuery,
    ) -> Result<Page<Approval>, StoreError>;

    /// For each of these, the last `limit` approvals of that agent for that action, newest first.
    async fn approvals_alike(
        &self,
        org: &OrgId,
        kinds: &[AlikeTo],
        limit: usize,
    ) -> Result<Vec<Vec<Approval>>, StoreError>;

    /// The first `limit` actions that approvals were opened for, in the order of their names.
    async fn approval_actions(&self, org: &OrgId, limit: usize) -> Result<Vec<String>, StoreError>;

    /// The approvals of an agent whose first or present digest is this one, and the denied ones that asked for the like
    /// of it; newest first, at most 20.
    async fn approvals_related(
        &self,
        org: &OrgId,
        agent: AgentId,
        wanted: Wanted,
    ) -> Result<Vec<Approval>, StoreError>;

    /// Every approval of any organization that can still mean something to a check; of the denied ones those
    /// that were denied at `denied_since` or later.
    async fn standing(&self, denied_since: Timestamp) -> Result<Vec<Standing>, StoreError>;

    /// How many approvals of an agent are pending.
    async fn pending_count(&self, org: &OrgId, agent: AgentId) -> Result<u64, StoreError>;

    /// How many approvals are pending, and since when the oldest is.
    async fn backlog(&self, org: &OrgId) -> Result<Backlog, StoreError>;

    /// Approvals of any organization whose time to answer, or to be used, was over at `now`, and those whose
    /// run was started and whose time to be used was over a day before `now`; the oldest first.
    async fn overdue(&self, now: Timestamp, limit: usize) -> Result<Vec<Approval>, StoreError>;

    /// What the figures over the approvals created in `from..to` are made of.
    async fn samples(
        &self,
        org: &OrgId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Sample>, StoreError>;

    /// What an idempotency key of a caller stands for.
    async fn idempotency(
        &self,
        org: &OrgId,
        caller: &str,
        key: &str,
    ) -> Result<Option<Idempotency>, StoreError>;

    /// How these counters stand; those that nothing was counted in are left out.
    async fn counters(
        &self,
        org: &OrgId,
        wanted: &[Counter],
    ) -> Result<HashMap<Counter, Quantity>, StoreError>;

    /// A counter and those of its parts, whose names follow after a `/`, in the same window; the fullest first.
    async fn counters_of(
        &self,
        org: &OrgId,
        whole: &Counter,
        limit: usize,
    ) -> Result<Vec<(Counter, Quantity)>, StoreError>;

    /// The approval that a client's own id stands for.
    async fn external(
        &self,
        org: &OrgId,
        id: &ExternalId,
    ) -> Result<Option<ApprovalId>, StoreError>;

    /// The comments on a task, oldest first.
    async fn task_comments(&self, org: &OrgId, task: &str) -> Result<Vec<Message>, StoreError>;

    /// Records in order of their place.
    async fn records(&self, org: &OrgId, query: &RecordQuery) -> Result<Vec<Record>, StoreError>;

    /// Records that are looked for. What one page looks at is bounded.
    async fn search_records(
        &self,
        org: &OrgId,
        wanted: &RecordSearch,
    ) -> Result<RecordPage, StoreError>;

    /// Where the log ends.
    async fn head(&self, org: &OrgId) -> Result<Head, StoreError>;

    /// The announcements after `after`, in order.
    async fn announcements(
        &self,
        org: &OrgId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Announcement>, StoreError>;

    /// Up to where deliveries were made of what was announced.
    async fn delivery_cursor(&self, org: &OrgId) -> Result<Seq, StoreError>;

    /// One delivery.
    async fn delivery(&self, org: &OrgId, id: DeliveryId) -> Result<Option<Delivery>, StoreError>;

    /// Deliveries to one webhook, newest first.
    async fn deliveries(
        &self,
        org: &OrgId,
        query: &DeliveryQuery,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// How many deliveries are pending, and since when the oldest is.
    async fn delivery_backlog(&self, org: &OrgId) -> Result<Backlog, StoreError>;

    /// Deliveries that ended long ago, the oldest first.
    async fn ended_deliveries(
        &self,
        org: &OrgId,
        before: EndedBefore,
        limit: usize,
    ) -> Result<Vec<(DeliveryId, Revision)>, StoreError>;

    /// The pending deliveries to one webhook, the soonest first; of equally soon ones in the order of
    /// their events.
    async fn pending_deliveries(
        &self,
        org: &OrgId,
        webhook: WebhookId,
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError>;
}
