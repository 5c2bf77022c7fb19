//! Every way an approval can change. Each takes the approval, gives the next one with its record, or
//! says why not; whether the change is kept is for the store, which compares revisions.

mod answer;
mod attest;
mod error;
mod execute;
mod finish;
mod notice;
mod open;
mod talk;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

pub use answer::{Answering, Remarks};
pub use attest::Attesting;
pub use error::ApprovalError;
pub use execute::{Demanded, Execution, Resolution, Run, RunEnd};
pub use open::Opening;

use super::{Approval, State};
use crate::audit::{Draft, Kind};
use crate::identity::Caller;
use crate::notification::{Event, Notice};
use crate::{Change, Write};

/// An approval after a change, and the change to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// The approval as it is once the change is kept.
    pub approval: Arc<Approval>,
    /// The row, the record and the announcement.
    pub change: Change,
}

impl Transition {
    /// Both, one after the other, kept together or not at all.
    fn then(mut self, next: Self) -> Self {
        self.change.writes.extend(next.change.writes);
        self.change.records.extend(next.change.records);
        Self { approval: next.approval, change: self.change }
    }
}

/// What a transition leaves on the record.
struct Fact {
    kind: Kind,
    event: Event,
    data: Value,
}

impl Fact {
    fn new(kind: Kind, event: Event, data: Value) -> Self {
        Self { kind, event, data }
    }
}

/// Closes a transition: counts the revision up and joins row, record and announcement.
fn close(mut approval: Approval, fact: Fact, caller: &Caller, now: Timestamp) -> Transition {
    approval.revision = approval.revision.next();
    kept(approval, fact, caller, now)
}

/// Joins row, record and announcement of an approval whose revision is already right.
fn kept(approval: Approval, fact: Fact, caller: &Caller, now: Timestamp) -> Transition {
    let mut data = fact.data;
    if let Value::Object(object) = &mut data {
        object.insert("status".to_owned(), json!(approval.state.status()));
        object.insert("revision".to_owned(), json!(approval.revision));
    }
    let draft = Draft {
        kind: fact.kind,
        at: now,
        caller: caller.clone(),
        agent: Some(approval.card.requester.agent),
        approval: Some(approval.id),
        digest: Some(approval.digest()),
        data,
        announces: Some(Notice { event: fact.event, data: notice::data(&approval) }),
    };
    let approval = Arc::new(approval);
    let change = Change {
        org: approval.org().clone(),
        writes: vec![Write::Approval(Arc::clone(&approval))],
        records: vec![draft],
    };
    Transition { approval, change }
}

impl Approval {
    /// Whether people may still answer now; otherwise what stands in the way. Compares the clocks, so that
    /// an answer after the end is refused also before any sweeper came by.
    fn must_be_pending(&self, now: Timestamp) -> Result<(), ApprovalError> {
        match &self.state {
            State::Pending { expires_at, .. } => match expires_at {
                Some(end) if now >= *end => Err(ApprovalError::TimeRanOut),
                _ => Ok(()),
            },
            other => Err(ApprovalError::Decided(other.status())),
        }
    }
}

#[cfg(test)]
mod tests;
