//! Linking records, and verifying that nothing was changed, removed or moved.

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{Draft, Hash, Record};
use crate::{OrgId, Seq, json as strict};

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

/// Gives a fact its place after `head`.
pub fn link(org: &OrgId, head: Head, draft: &Draft) -> Record {
    let mut record = Record {
        seq: head.seq.next(),
        at: draft.at,
        org: org.clone(),
        kind: draft.kind,
        caller: draft.caller.clone(),
        agent_id: draft.agent,
        approval_id: draft.approval,
        digest: draft.digest,
        data: draft.data.clone(),
        prev: head.hash,
        hash: Hash::START,
    };
    record.hash = hash(&record);
    record
}

impl Record {
    /// The head of a log that ends with this record.
    pub const fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

fn hash(record: &Record) -> Hash {
    let body = json!({
        "seq": record.seq,
        "at": record.at,
        "org": record.org,
        "kind": record.kind,
        "caller": record.caller,
        "agent_id": record.agent_id,
        "approval_id": record.approval_id,
        "digest": record.digest,
        "data": record.data,
        "prev": record.prev,
    });
    Hash(Sha256::digest(strict::canonical(&body).as_bytes()).into())
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
        if hash(&record) != record.hash {
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
