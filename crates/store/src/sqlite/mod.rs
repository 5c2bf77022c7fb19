//! SQLite: one file, one thread that writes, a few that read. The asynchronous side only waits for answers.

mod connection;
mod filter;
mod inspection;
mod ledger;
mod migration;
mod readers;
mod row;
mod tables;
mod writer;

use std::collections::HashMap;
use std::path::Path;

use async_trait::async_trait;
use countersign_domain::approval::statistics::Sample;
use countersign_domain::approval::{Approval, Message, Standing, Wanted};
use countersign_domain::audit::{Head, Record};
use countersign_domain::identity::sign_in::{Credentials, ProviderAccount, Session, Ticket};
use countersign_domain::identity::{KeyHash, KeyUse};
use countersign_domain::notification::{Announcement, Delivery};
use countersign_domain::policy::{Counter, Quantity};
use countersign_domain::{
    AgentId, ApprovalId, DeliveryId, ExternalId, Idempotency, OrgId, PersonId, Revision, Seq,
    WebhookId,
};
use jiff::Timestamp;

pub use self::inspection::Inspection;
pub use self::migration::Schema;

use self::ledger::Company;
use self::readers::Readers;
use self::tables::{
    approvals, counters, credentials, deliveries, external_ids, idempotency, keys, organizations,
    outbox, provider_accounts, records, sessions, task_comments, tickets,
};
use self::writer::Writer;
use crate::{
    AlikeTo, ApprovalQuery, Backlog, Configuration, DeliveryQuery, EndedBefore, Kept, Page,
    Printed, RecordPage, RecordQuery, RecordSearch, Store, StoreError, Texts,
};

/// A database in one file. When it is dropped, everything that was asked is finished and the file closed.
pub struct SqliteStore {
    // Closed in this order: whoever closes the file last folds the write-ahead log into it.
    readers: Readers,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the file, or makes it, and brings it to the schema of this program.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_in(path, Company::Refused)
    }

    /// The same, for a program that writes beside a server that may be running, and remembers nothing from one
    /// call to the next.
    pub fn open_beside(path: &Path) -> Result<Self, StoreError> {
        Self::open_in(path, Company::Welcome)
    }

    fn open_in(path: &Path, company: Company) -> Result<Self, StoreError> {
        connection::create_file(path)?;
        let mut conn = connection::writing(path)?;
        migration::migrate(&mut conn)?;
        Ok(Self { writer: Writer::start(conn, path, company)?, readers: Readers::start(path)? })
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, batch: Vec<Printed>) -> Result<Vec<Kept>, StoreError> {
        self.writer.commit(batch).await
    }

    async fn probe(&self) -> Result<(), StoreError> {
        self.writer.probe().await
    }

    async fn index_texts(&self, of: Texts, limit: usize) -> Result<usize, StoreError> {
        self.writer.index_texts(of, limit).await
    }

    async fn organizations(&self) -> Result<Vec<OrgId>, StoreError> {
        self.readers.read(organizations::all).await
    }

    async fn configuration(&self, org: &OrgId) -> Result<Option<Configuration>, StoreError> {
        let org = org.clone();
        self.readers.read(move |conn| organizations::configuration(conn, &org)).await
    }

    async fn version(&self, org: &OrgId) -> Result<Option<u64>, StoreError> {
        let org = org.clone();
        self.readers.look_up(move |conn| organizations::version(conn, &org)).await
    }

    async fn session(&self, hash: KeyHash) -> Result<Option<(OrgId, Session)>, StoreError> {
        self.readers.look_up(move |conn| sessions::with_hash(conn, hash)).await
    }

    async fn key_uses(&self, org: &OrgId) -> Result<Vec<KeyUse>, StoreError> {
        let org = org.clone();
        self.readers.look_up(move |conn| keys::uses(conn, &org)).await
    }

    async fn sessions(&self, org: &OrgId, person: PersonId) -> Result<Vec<Session>, StoreError> {
        let org = org.clone();
        self.readers.look_up(move |conn| sessions::of_person(conn, &org, person)).await
    }

    async fn credentials(
        &self,
        org: &OrgId,
        person: PersonId,
    ) -> Result<Option<Credentials>, StoreError> {
        let org = org.clone();
        self.readers.look_up(move |conn| credentials::get(conn, &org, person)).await
    }

    async fn ticket(&self, hash: KeyHash) -> Result<Option<(OrgId, Ticket)>, StoreError> {
        self.readers.look_up(move |conn| tickets::with_hash(conn, hash)).await
    }

    async fn invitations(&self, org: &OrgId) -> Result<Vec<Ticket>, StoreError> {
        let org = org.clone();
        self.readers.look_up(move |conn| tickets::invitations(conn, &org)).await
    }

    async fn provider_account(
        &self,
        org: &OrgId,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<ProviderAccount>, StoreError> {
        let (org, issuer, subject) = (org.clone(), issuer.to_owned(), subject.to_owned());
        self.readers
            .look_up(move |conn| provider_accounts::get(conn, &org, &issuer, &subject))
            .await
    }

    async fn provider_accounts(
        &self,
        org: &OrgId,
        person: PersonId,
    ) -> Result<Vec<ProviderAccount>, StoreError> {
        let org = org.clone();
        self.readers.look_up(move |conn| provider_accounts::of_person(conn, &org, person)).await
    }

    async fn approval(&self, org: &OrgId, id: ApprovalId) -> Result<Option<Approval>, StoreError> {
        let org = org.clone();
        self.readers.look_up(move |conn| approvals::get(conn, &org, id)).await
    }

    async fn approvals(
        &self,
        org: &OrgId,
        query: &ApprovalQuery,
    ) -> Result<Page<Approval>, StoreError> {
        let (org, query) = (org.clone(), query.clone());
        self.readers.read(move |conn| approvals::list(conn, &org, &query)).await
    }

    async fn approvals_alike(
        &self,
        org: &OrgId,
        kinds: &[AlikeTo],
        limit: usize,
    ) -> Result<Vec<Vec<Approval>>, StoreError> {
        let (org, kinds) = (org.clone(), kinds.to_vec());
        self.readers.read(move |conn| approvals::alike(conn, &org, &kinds, limit)).await
    }

    async fn approval_actions(&self, org: &OrgId, limit: usize) -> Result<Vec<String>, StoreError> {
        let org = org.clone();
        self.readers.read(move |conn| approvals::actions(conn, &org, limit)).await
    }

    async fn approvals_related(
        &self,
        org: &OrgId,
        agent: AgentId,
        wanted: Wanted,
    ) -> Result<Vec<Approval>, StoreError> {
        let org = org.clone();
        self.readers.look_up(move |conn| approvals::related(conn, &org, agent, wanted)).await
    }

    async fn standing(&self, denied_since: Timestamp) -> Result<Vec<Standing>, StoreError> {
        self.readers.read(move |conn| approvals::standing(conn, denied_since)).await
    }

    async fn pending_count(&self, org: &OrgId, agent: AgentId) -> Result<u64, StoreError> {
        let org = org.clone();
        self.readers.look_up(move |conn| approvals::pending_count(conn, &org, agent)).await
    }

    async fn backlog(&self, org: &OrgId) -> Result<Backlog, StoreError> {
        let org = org.clone();
        self.readers.read(move |conn| approvals::backlog(conn, &org)).await
    }

    async fn overdue(&self, now: Timestamp, limit: usize) -> Result<Vec<Approval>, StoreError> {
        self.readers.read(move |conn| approvals::overdue(conn, now, limit)).await
    }

    async fn samples(
        &self,
        org: &OrgId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Sample>, StoreError> {
        // Two readers share a long period, and each takes a half of it.
        let middle = from + to.duration_since(from) / 2;
        let half = |from, to| {
            let org = org.clone();
            self.readers.read(move |conn| approvals::samples(conn, &org, from, to))
        };
        let (mut samples, later) = tokio::try_join!(half(from, middle), half(middle, to))?;
        samples.extend(later);
        Ok(samples)
    }

    async fn idempotency(
        &self,
        org: &OrgId,
        caller: &str,
        key: &str,
    ) -> Result<Option<Idempotency>, StoreError> {
        let (org, caller, key) = (org.clone(), caller.to_owned(), key.to_owned());
        self.readers.look_up(move |conn| idempotency::get(conn, &org, &caller, &key)).await
    }

    async fn counters(
        &self,
        org: &OrgId,
        wanted: &[Counter],
    ) -> Result<HashMap<Counter, Quantity>, StoreError> {
        let (org, wanted) = (org.clone(), wanted.to_vec());
        self.readers.look_up(move |conn| counters::used(conn, &org, &wanted)).await
    }

    async fn counters_of(
        &self,
        org: &OrgId,
        whole: &Counter,
        limit: usize,
    ) -> Result<Vec<(Counter, Quantity)>, StoreError> {
        let (org, whole) = (org.clone(), whole.clone());
        self.readers.read(move |conn| counters::of(conn, &org, &whole, limit)).await
    }

    async fn external(
        &self,
        org: &OrgId,
        id: &ExternalId,
    ) -> Result<Option<ApprovalId>, StoreError> {
        let (org, id) = (org.clone(), id.clone());
        self.readers.look_up(move |conn| external_ids::get(conn, &org, &id)).await
    }

    async fn task_comments(&self, org: &OrgId, task: &str) -> Result<Vec<Message>, StoreError> {
        let (org, task) = (org.clone(), task.to_owned());
        self.readers.read(move |conn| task_comments::of_task(conn, &org, &task)).await
    }

    async fn records(&self, org: &OrgId, query: &RecordQuery) -> Result<Vec<Record>, StoreError> {
        let (org, query) = (org.clone(), query.clone());
        self.readers.read(move |conn| records::list(conn, &org, &query)).await
    }

    async fn search_records(
        &self,
        org: &OrgId,
        wanted: &RecordSearch,
    ) -> Result<RecordPage, StoreError> {
        let (org, wanted) = (org.clone(), wanted.clone());
        self.readers.read(move |conn| records::search(conn, &org, &wanted)).await
    }

    async fn head(&self, org: &OrgId) -> Result<Head, StoreError> {
        let org = org.clone();
        self.readers.look_up(move |conn| records::head(conn, &org)).await
    }

    async fn announcements(
        &self,
        org: &OrgId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Announcement>, StoreError> {
        let org = org.clone();
        self.readers.read(move |conn| outbox::after(conn, &org, after, limit)).await
    }

    async fn delivery_cursor(&self, org: &OrgId) -> Result<Seq, StoreError> {
        let org = org.clone();
        self.readers.read(move |conn| deliveries::cursor(conn, &org)).await
    }

    async fn delivery(&self, org: &OrgId, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let org = org.clone();
        self.readers.read(move |conn| deliveries::get(conn, &org, id)).await
    }

    async fn deliveries(
        &self,
        org: &OrgId,
        query: &DeliveryQuery,
    ) -> Result<Vec<Delivery>, StoreError> {
        let (org, query) = (org.clone(), *query);
        self.readers.read(move |conn| deliveries::list(conn, &org, query)).await
    }

    async fn delivery_backlog(&self, org: &OrgId) -> Result<Backlog, StoreError> {
        let org = org.clone();
        self.readers.read(move |conn| deliveries::backlog(conn, &org)).await
    }

    async fn ended_deliveries(
        &self,
        org: &OrgId,
        before: EndedBefore,
        limit: usize,
    ) -> Result<Vec<(DeliveryId, Revision)>, StoreError> {
        let org = org.clone();
        self.readers.read(move |conn| deliveries::ended(conn, &org, before, limit)).await
    }

    async fn pending_deliveries(
        &self,
        org: &OrgId,
        webhook: WebhookId,
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        let org = org.clone();
        self.readers.read(move |conn| deliveries::pending(conn, &org, webhook, limit)).await
    }
}

#[cfg(test)]
mod tests;
