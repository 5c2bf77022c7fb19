//! Linking records, and verifying that nothing was changed, removed or moved.

use std::fmt::Display;

use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Draft, Hash, Kind, Record};
use crate::approval::Digest;
use crate::identity::Caller;
use crate::json::Fields;
use crate::{AgentId, ApprovalId, OrgId, Seq};

/// The newest record of a log: where the next one is linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its place; 0 for an empty log.
    pub seq: Seq,
    /// Its hash.
    pub hash: Hash,
}

impl Head {
    /// The head of an empty log.
    pub const START: Self = Self { seq: Seq(0), hash: Hash::START };
}

/// A fact in its place, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// Where the next one is linked.
    pub head: Head,
    /// The record as JSON, in its canonical form.
    pub text: String,
}

/// A fact without its place: everything of it is printed and hashed that does not depend on what stands before it,
/// so that the one who numbers the records of all has little left to do.
#[derive(Debug, Clone)]
pub struct Unlinked {
    /// The fields that stand before the hash in the canonical form.
    before: Fields,
    /// The hash of them.
    begun: Sha256,
    /// The first of those that stand after it.
    after: Fields,
}

impl Unlinked {
    /// Prints what is known of a fact before it has its place.
    pub fn of(org: &OrgId, draft: &Draft) -> Self {
        Content {
            at: draft.at,
            org,
            kind: draft.kind,
            caller: &draft.caller,
            agent_id: draft.agent,
            approval_id: draft.approval,
            digest: draft.digest,
            data: &draft.data,
        }
        .print()
    }

    /// Gives it its place after `head`. What is hashed and what is kept are printed once, for both.
    pub fn link(&self, head: Head) -> Linked {
        let seq = head.seq.next();
        let after = self.after(seq, head.hash);
        let hash = self.hash(&after);
        let own = Fields::default().text("hash", Some(&hash.to_string()));
        let text =
            ["{", self.before.as_str(), ",", own.as_str(), ",", after.as_str(), "}"].concat();
        Linked { head: Head { seq, hash }, text }
    }

    fn after(&self, seq: Seq, prev: Hash) -> Fields {
        self.after.clone().text("prev", Some(&prev.to_string())).number("seq", seq.0)
    }

    fn hash(&self, after: &Fields) -> Hash {
        let mut sha = self.begun.clone();
        sha.update(after.as_str());
        sha.update("}");
        Hash(sha.finalize().into())
    }
}

impl Record {
    /// Whether its content is what was hashed.
    pub fn is_intact(&self) -> bool {
        hash(self) == self.hash
    }

    /// The head of a log that ends with this record.
    pub const fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }

    fn content(&self) -> Content<'_> {
        Content {
            at: self.at,
            org: &self.org,
            kind: self.kind,
            caller: &self.caller,
            agent_id: self.agent_id,
            approval_id: self.approval_id,
            digest: self.digest,
            data: &self.data,
        }
    }
}

/// What is hashed of a record, but for its place.
struct Content<'a> {
    at: Timestamp,
    org: &'a OrgId,
    kind: Kind,
    caller: &'a Caller,
    agent_id: Option<AgentId>,
    approval_id: Option<ApprovalId>,
    digest: Option<Digest>,
    data: &'a Value,
}

impl Content<'_> {
    fn print(&self) -> Unlinked {
        let text = |id: Option<&dyn Display>| id.map(ToString::to_string);
        let before = Fields::default()
            .text("agent_id", text(self.agent_id.as_ref().map(|id| id as _)).as_deref())
            .text("approval_id", text(self.approval_id.as_ref().map(|id| id as _)).as_deref())
            .text("at", Some(&self.at.to_string()))
            .value("caller", &json!(self.caller))
            .value("data", self.data)
            .text("digest", text(self.digest.as_ref().map(|digest| digest as _)).as_deref());
        let after = Fields::default()
            .text("kind", Some(self.kind.as_str()))
            .text("org", Some(self.org.as_str()));
        let mut begun = Sha256::new();
        for part in ["{", before.as_str(), ","] {
            begun.update(part);
        }
        Unlinked { before, begun, after }
    }
}

fn hash(record: &Record) -> Hash {
    let unlinked = record.content().print();
    unlinked.hash(&unlinked.after(record.seq, record.prev))
}

/// Reads a log record by record and stops at the first that does not fit.
#[derive(Debug, Default)]
pub struct Verifier {
    last: Option<Record>,
}

/// Why a record does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// A record is missing, doubled or moved.
    #[error(
        "record {found} stands where record {expected} should be: something was removed, repeated or moved"
    )]
    OutOfPlace {
        /// The place that comes next.
        expected: u64,
        /// The place it claims.
        found: u64,
    },
    /// It does not follow the one before it.
    #[error("record {0} does not continue the record before it: one of the two was replaced")]
    NotLinked(u64),
    /// Its content is not what was hashed.
    #[error("record {0} was changed after it was written")]
    Changed(u64),
    /// It belongs to another log.
    #[error("record {0} belongs to another organization")]
    Foreign(u64),
}

impl Verifier {
    /// Begins at a record within a log instead of at its start: that what stands before it was not touched is
    /// then taken for granted.
    pub fn from_the_middle(first: Option<&Record>) -> Self {
        let before = |record: &Record| Record {
            seq: Seq(record.seq.0.saturating_sub(1)),
            hash: record.prev,
            ..record.clone()
        };
        Self { last: first.filter(|record| record.seq.0 > 1).map(before) }
    }

    /// Takes the next record.
    pub fn next(&mut self, record: Record) -> Result<(), ChainError> {
        let seq = record.seq.0;
        let before = self.head();
        if record.seq != before.seq.next() {
            return Err(ChainError::OutOfPlace { expected: before.seq.0 + 1, found: seq });
        }
        if self.last.as_ref().is_some_and(|last| last.org != record.org) {
            return Err(ChainError::Foreign(seq));
        }
        if !record.is_intact() {
            return Err(ChainError::Changed(seq));
        }
        if record.prev != before.hash {
            return Err(ChainError::NotLinked(seq));
        }
        self.last = Some(record);
        Ok(())
    }

    /// Where the log ends so far.
    pub fn head(&self) -> Head {
        self.last.as_ref().map_or(Head::START, Record::head)
    }
}
