//! The open transaction: keeps change after change, each whole or not at all, and numbers their records.

use std::collections::HashMap;

use countersign_domain::audit::Head;
use countersign_domain::{OrgId, Write};
use rusqlite::Connection;

use super::row::{self, Hindrance};
use super::tables::{
    agents, approvals, counters, credentials, delegations, deliveries, documents, external_ids,
    freezes, idempotency, keys, logged_actions, organizations, outbox, people, permissions,
    provider_accounts, records, revocations, sessions, settings, task_comments, tickets, webhooks,
};
use crate::printed::{Fact, Printed, Row, to_body};
use crate::{Hint, Kept, StoreError, Texts};

/// Where the log ends after a change, and what the change announced.
type Numbered = (Head, Vec<Hint>);

/// The connection that writes, and where the log of each organization ends.
pub(crate) struct Ledger {
    conn: Connection,
    /// Of organizations that exist. It runs ahead of the disk inside a transaction, so it is forgotten
    /// whenever one is not kept, and read again.
    heads: HashMap<OrgId, Head>,
    /// Changes when another program has written; then nothing that is known is to be trusted.
    version: i64,
    company: Company,
}

/// What becomes of a transaction before which another program has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Company {
    /// It is refused: its callers remember what was there before.
    Refused,
    /// It goes on from what is there now: its callers remember nothing, and rely on guards alone.
    Welcome,
}

impl Ledger {
    /// Nothing is known yet.
    pub(crate) fn new(conn: Connection, company: Company) -> Result<Self, StoreError> {
        let version = data_version(&conn)?;
        Ok(Self { conn, heads: HashMap::new(), version, company })
    }

    /// Makes a transaction of its own durable that changes nothing anyone reads.
    pub(crate) fn probe(&self) -> Result<(), StoreError> {
        row::write(&self.conn, "UPDATE probe SET times = times + 1", [])?;
        Ok(())
    }

    /// Brings an index of texts forward, in a transaction of its own.
    pub(crate) fn index_texts(&mut self, of: Texts, limit: usize) -> Result<usize, StoreError> {
        row::write(&self.conn, "BEGIN IMMEDIATE", [])?;
        let count = match of {
            Texts::Approvals => approvals::index_texts(&self.conn, limit),
            Texts::Records => records::index_texts(&self.conn, limit),
        };
        let count = count.and_then(|count| {
            row::write(&self.conn, "COMMIT", [])?;
            Ok(count)
        });
        count.inspect_err(|_| self.abandon())
    }

    /// Starts a transaction, unless another program has written since the last one: then nobody is to
    /// decide on what was known before, and the next transaction starts from what is there now.
    pub(crate) fn begin(&mut self) -> Result<(), StoreError> {
        row::write(&self.conn, "BEGIN IMMEDIATE", [])?;
        let version = data_version(&self.conn)?;
        if version == self.version {
            return Ok(());
        }
        self.version = version;
        self.heads.clear();
        match self.company {
            Company::Refused => Err(StoreError::Overtaken),
            Company::Welcome => Ok(()),
        }
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
    pub(crate) fn write_batch(&mut self, batch: &[Printed]) -> Result<Vec<Kept>, StoreError> {
        batch.iter().map(|change| self.write(change)).collect()
    }

    fn write(&mut self, change: &Printed) -> Result<Kept, StoreError> {
        let written = match change.rows.as_slice() {
            [] | [Row::Approval(..)] => self.in_one_step(change),
            [Row::Other(row)] if matches!(**row, Write::Under(_)) => self.in_one_step(change),
            _ => self.under_a_savepoint(change),
        };
        match written {
            Ok((head, hints)) => {
                self.heads.insert(change.org.clone(), head);
                Ok(Kept::Done(hints))
            }
            Err(Hindrance::Conflict) => Ok(Kept::Conflict),
            Err(Hindrance::Store(error)) => Err(error),
        }
    }

    /// A change with at most one row, whose guard fails before anything is written: there is nothing that
    /// would have to be taken back. Its records have no guard; if one of them cannot be written, nothing of
    /// the transaction is kept.
    fn in_one_step(&self, change: &Printed) -> Result<Numbered, Hindrance> {
        let head = self.head(change)?;
        self.rows(change)?;
        self.records(change, head).map_err(|hindrance| match hindrance {
            Hindrance::Conflict => {
                let taken = "the place of a record in the log is taken".to_owned();
                Hindrance::Store(StoreError::Failed(taken))
            }
            failed @ Hindrance::Store(_) => failed,
        })
    }

    fn under_a_savepoint(&self, change: &Printed) -> Result<Numbered, Hindrance> {
        row::write(&self.conn, "SAVEPOINT change", [])?;
        let head = self.head(change);
        let written = head.and_then(|head| {
            self.rows(change)?;
            self.records(change, head)
        });
        match &written {
            Ok(_) => {}
            Err(Hindrance::Conflict) => {
                row::write(&self.conn, "ROLLBACK TO change", [])?;
            }
            Err(Hindrance::Store(_)) => return written,
        }
        row::write(&self.conn, "RELEASE change", [])?;
        written
    }

    fn rows(&self, change: &Printed) -> Result<(), Hindrance> {
        for row in &change.rows {
            write_row(&self.conn, &change.org, row)?;
        }
        let configures = |row: &Row| matches!(row, Row::Other(row) if row.configures());
        if change.rows.iter().any(configures) {
            organizations::changed(&self.conn, &change.org)?;
        }
        Ok(())
    }

    fn records(&self, change: &Printed, mut head: Head) -> Result<Numbered, Hindrance> {
        let org = &change.org;
        let mut hints = Vec::new();
        for Fact { draft, unlinked, announcement } in &change.records {
            let linked = unlinked.link(head);
            records::insert(&self.conn, org, draft, &linked)?;
            head = linked.head;
            if let (Some(notice), Some(body)) = (&draft.announces, announcement) {
                outbox::insert(&self.conn, org, head.seq, body)?;
                hints.push(Hint { seq: head.seq, event: notice.event, approval: draft.approval });
            }
        }
        Ok((head, hints))
    }

    /// Where the log ends that this change continues. Nothing is kept for an organization that is not there.
    fn head(&self, change: &Printed) -> Result<Head, Hindrance> {
        if let Some(head) = self.heads.get(&change.org) {
            return Ok(*head);
        }
        if organizations::exists(&self.conn, &change.org)? {
            return Ok(records::head(&self.conn, &change.org)?);
        }
        let founding = |row: &Row| matches!(row, Row::Other(row) if **row == Write::Organization);
        if change.rows.iter().any(founding) { Ok(Head::START) } else { Err(Hindrance::Conflict) }
    }
}

fn data_version(conn: &Connection) -> Result<i64, StoreError> {
    let mut statement = conn.prepare_cached("PRAGMA data_version")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

fn write_row(conn: &Connection, org: &OrgId, row: &Row) -> Result<(), Hindrance> {
    match row {
        Row::Approval(approval, body) => approvals::write(conn, org, approval, body),
        Row::Other(row) => write_other(conn, org, row),
    }
}

fn write_other(conn: &Connection, org: &OrgId, row: &Write) -> Result<(), Hindrance> {
    match row {
        Write::Organization => organizations::insert(conn, org),
        Write::Agent(agent) => agents::write(conn, org, agent),
        Write::Person(person) => people::write(conn, org, person),
        Write::Delegation(delegation) => delegations::write(conn, org, delegation),
        Write::Key(key) => keys::insert(conn, org, key),
        Write::KeyRevoked(key) => keys::revoke(conn, org, key),
        Write::KeysUsed(uses) => keys::note_uses(conn, org, uses),
        Write::Session(session) => sessions::write(conn, org, session),
        Write::Credentials(theirs) => credentials::write(conn, org, theirs),
        Write::ProviderLinked(account) => provider_accounts::insert(conn, org, account),
        Write::ProviderUnlinked(person, issuer) => {
            provider_accounts::remove(conn, org, *person, issuer)
        }
        Write::Ticket(ticket) => tickets::insert(conn, org, ticket),
        Write::TicketUsed(hash) => tickets::take(conn, org, *hash),
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
        Write::Approval(approval) => approvals::write(conn, org, approval, &to_body(&**approval)?),
        Write::Charge(charge) => counters::charge(conn, org, charge),
        Write::Idempotency(entry) => idempotency::insert(conn, org, entry),
        Write::External(id, approval) => external_ids::insert(conn, org, id, *approval),
        Write::TaskComment(task, message) => task_comments::insert(conn, org, task, message),
        Write::Log(action) => logged_actions::insert(conn, org, action),
        Write::Webhook(webhook) => webhooks::write(conn, org, webhook),
        Write::WebhookRemoved(id) => webhooks::remove(conn, org, *id),
        Write::Delivery(delivery) => deliveries::write(conn, org, delivery),
        Write::DeliveryRemoved(id, revision) => deliveries::remove(conn, org, *id, *revision),
        Write::OutboxForgotten(up_to) => outbox::forget(conn, org, *up_to),
        Write::DeliveryCursor { from, to } => deliveries::move_cursor(conn, org, *from, *to),
    }
}
