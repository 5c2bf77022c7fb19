//! The open transaction: keeps change after change, each whole or not at all, and numbers their records.

use std::collections::HashMap;

use countersign_domain::audit::{Draft, Head, link};
use countersign_domain::notification::Announcement;
use countersign_domain::{Change, OrgId, Write};
use rusqlite::Connection;

use super::row::{self, Hindrance};
use super::tables::{
    agents, approvals, counters, deliveries, documents, external_ids, freezes, idempotency, keys,
    logged_actions, organizations, outbox, people, permissions, records, revocations, settings, task_comments,
    webhooks,
};
use crate::{Kept, StoreError};

/// The connection that writes, and where the log of each organization ends.
pub(crate) struct Ledger {
    conn: Connection,
    /// Of organizations that exist. It runs ahead of the disk inside a transaction, so it is forgotten
    /// whenever one is not kept, and read again.
    heads: HashMap<OrgId, Head>,
    /// Changes when another program has written; then the heads are not to be trusted.
    version: Option<i64>,
}

impl Ledger {
    /// Nothing is known yet.
    pub(crate) fn new(conn: Connection) -> Self {
        Self { conn, heads: HashMap::new(), version: None }
    }

    /// Makes a transaction of its own durable that changes nothing anyone reads.
    pub(crate) fn probe(&self) -> Result<(), StoreError> {
        row::write(&self.conn, "UPDATE probe SET times = times + 1", [])?;
        Ok(())
    }

    /// Starts a transaction.
    pub(crate) fn begin(&mut self) -> Result<(), StoreError> {
        row::write(&self.conn, "BEGIN IMMEDIATE", [])?;
        let version = self
            .conn
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get::<_, i64>(0))?;
        if self.version.replace(version) != Some(version) {
            self.heads.clear();
        }
        Ok(())
    }

    /// Makes the transaction durable.
    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        row::write(&self.conn, "COMMIT", [])?;
        Ok(())
    }

    /// Leaves nothing of the transaction.
    pub(crate) fn abandon(&mut self) {
        self.heads.clear();
        // After a full disk SQLite has ended the transaction by itself.
        if !self.conn.is_autocommit()
            && let Err(error) = row::write(&self.conn, "ROLLBACK", [])
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }

    /// Keeps the changes of a batch, each whole or not at all.
    pub(crate) fn write_batch(&mut self, batch: &[Change]) -> Result<Vec<Kept>, StoreError> {
        batch.iter().map(|change| self.write(change)).collect()
    }

    fn write(&mut self, change: &Change) -> Result<Kept, StoreError> {
        row::write(&self.conn, "SAVEPOINT change", [])?;
        match self.rows_and_records(change) {
            Ok((head, announcements)) => {
                row::write(&self.conn, "RELEASE change", [])?;
                self.heads.insert(change.org.clone(), head);
                Ok(Kept::Done(announcements))
            }
            Err(Hindrance::Conflict) => {
                row::write(&self.conn, "ROLLBACK TO change", [])?;
                row::write(&self.conn, "RELEASE change", [])?;
                Ok(Kept::Conflict)
            }
            Err(Hindrance::Store(error)) => Err(error),
        }
    }

    fn rows_and_records(&self, change: &Change) -> Result<(Head, Vec<Announcement>), Hindrance> {
        let org = &change.org;
        let mut head = self.head(change)?;
        for row in &change.writes {
            write_row(&self.conn, org, row)?;
        }
        if change.writes.iter().any(Write::configures) {
            organizations::changed(&self.conn, org)?;
        }
        let mut announcements = Vec::new();
        for draft in &change.records {
            let record = link(org, head, draft);
            records::insert(&self.conn, &record)?;
            head = record.head();
            if let Some(announcement) = announcement(draft, head) {
                outbox::insert(&self.conn, org, &announcement)?;
                announcements.push(announcement);
            }
        }
        Ok((head, announcements))
    }

    /// Where the log ends that this change continues. Nothing is kept for an organization that is not there.
    fn head(&self, change: &Change) -> Result<Head, Hindrance> {
        if let Some(head) = self.heads.get(&change.org) {
            return Ok(*head);
        }
        if organizations::exists(&self.conn, &change.org)? {
            return Ok(records::head(&self.conn, &change.org)?);
        }
        if change.writes.contains(&Write::Organization) {
            Ok(Head::START)
        } else {
            Err(Hindrance::Conflict)
        }
    }
}

fn announcement(draft: &Draft, head: Head) -> Option<Announcement> {
    draft.announces.as_ref().map(|notice| Announcement {
        seq: head.seq,
        event: notice.event,
        at: draft.at,
        agent_id: draft.agent,
        approval_id: draft.approval,
        data: notice.data.clone(),
    })
}

fn write_row(conn: &Connection, org: &OrgId, row: &Write) -> Result<(), Hindrance> {
    match row {
        Write::Organization => organizations::insert(conn, org),
        Write::Agent(agent) => agents::write(conn, org, agent),
        Write::Person(person) => people::write(conn, org, person),
        Write::Key(key) => keys::insert(conn, org, key),
        Write::KeyRevoked(key) => keys::revoke(conn, org, key),
        Write::Revocation(revocation) => revocations::insert(conn, org, revocation),
        Write::Permission(permission) => permissions::set(conn, org, permission),
        Write::PermissionRemoved(agent, pattern) => permissions::remove(conn, org, *agent, pattern),
        Write::Settings(settings) => settings::write(conn, org, settings),
        Write::Freeze(freeze) => freezes::set(conn, org, freeze),
        Write::Unfreeze(scope) => freezes::lift(conn, org, scope),
        Write::Under(version) => organizations::must_stand(conn, org, *version),
        Write::Document(document) => documents::write(conn, org, document),
        Write::DocumentRemoved(kind, name) => documents::remove(conn, org, *kind, name),
        Write::DocumentSet(revision) => documents::write_set(conn, org, *revision),
        Write::Approval(approval) => approvals::write(conn, org, approval),
        Write::Charge(charge) => counters::charge(conn, org, charge),
        Write::Idempotency(entry) => idempotency::insert(conn, org, entry),
        Write::External(id, approval) => external_ids::insert(conn, org, id, *approval),
        Write::TaskComment(task, message) => task_comments::insert(conn, org, task, message),
        Write::Log(action) => logged_actions::insert(conn, org, action),
        Write::Webhook(webhook) => webhooks::write(conn, org, webhook),
        Write::WebhookRemoved(id) => webhooks::remove(conn, org, *id),
        Write::Delivery(delivery) => deliveries::write(conn, org, delivery),
        Write::DeliveryCursor { from, to } => deliveries::move_cursor(conn, org, *from, *to),
    }
}
