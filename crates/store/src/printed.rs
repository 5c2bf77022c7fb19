//! A change as it is handed to a store: printed, so that whoever wants it kept does that work, and not the one thread
//! that writes for all.

use std::sync::Arc;

use countersign_domain::approval::Approval;
use countersign_domain::audit::{Draft, Unlinked};
use countersign_domain::notification::{Announcement, Event};
use countersign_domain::{AgentId, ApprovalId, Change, OrgId, Seq, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::StoreError;

/// Room for the body of a usual approval, so that it is not moved while it grows.
const BODY: usize = 4_096;

/// A change with everything printed that does not depend on what is kept before it.
#[derive(Debug, Clone)]
pub struct Printed {
    /// Whose it is.
    pub org: OrgId,
    /// The rows, each with its guard.
    pub(crate) rows: Vec<Row>,
    /// The records, in order.
    pub(crate) records: Vec<Fact>,
}

/// One row.
#[derive(Debug, Clone)]
pub(crate) enum Row {
    /// A new or changed approval, and its body.
    Approval(Arc<Approval>, String),
    /// Any other, which is small.
    Other(Box<Write>),
}

/// One record.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    /// The fact.
    pub(crate) draft: Draft,
    /// Its text, but for its place.
    pub(crate) unlinked: Unlinked,
    /// What the world is told of it, if anything.
    pub(crate) announcement: Option<String>,
}

/// What is kept of an announcement; its place is that of its row.
#[derive(Serialize, Deserialize)]
pub(crate) struct Announced<Data> {
    event: Event,
    at: Timestamp,
    agent_id: Option<AgentId>,
    approval_id: Option<ApprovalId>,
    data: Data,
}

impl Announced<Value> {
    /// The announcement, with its place.
    pub(crate) fn at(self, seq: Seq) -> Announcement {
        let Self { event, at, agent_id, approval_id, data } = self;
        Announcement { seq, event, at, agent_id, approval_id, data }
    }
}

impl Printed {
    /// Prints a change.
    pub fn of(change: Change) -> Result<Self, StoreError> {
        let Change { org, writes, records } = change;
        let rows = writes.into_iter().map(Row::of).collect::<Result<_, _>>()?;
        let fact = |draft| Fact::of(&org, draft);
        let records = records.into_iter().map(fact).collect::<Result<_, _>>()?;
        Ok(Self { org, rows, records })
    }

    /// The approvals among its rows.
    pub fn approvals(&self) -> impl Iterator<Item = &Arc<Approval>> {
        self.rows.iter().filter_map(|row| match row {
            Row::Approval(approval, _) => Some(approval),
            Row::Other(_) => None,
        })
    }
}

impl Row {
    fn of(write: Write) -> Result<Self, StoreError> {
        match write {
            Write::Approval(approval) => {
                let body = to_body(&*approval)?;
                Ok(Self::Approval(approval, body))
            }
            other => Ok(Self::Other(Box::new(other))),
        }
    }
}

impl Fact {
    fn of(org: &OrgId, draft: Draft) -> Result<Self, StoreError> {
        let unlinked = Unlinked::of(org, &draft);
        let announced = draft.announces.as_ref().map(|notice| Announced {
            event: notice.event,
            at: draft.at,
            agent_id: draft.agent,
            approval_id: draft.approval,
            data: &notice.data,
        });
        let announcement = announced.as_ref().map(to_body).transpose()?;
        Ok(Self { draft, unlinked, announcement })
    }
}

/// The `body` of a row.
pub(crate) fn to_body<T: Serialize>(value: &T) -> Result<String, StoreError> {
    let mut body = Vec::with_capacity(BODY);
    serde_json::to_writer(&mut body, value)
        .map_err(|error| StoreError::Failed(error.to_string()))?;
    String::from_utf8(body).map_err(|error| StoreError::Failed(error.to_string()))
}
