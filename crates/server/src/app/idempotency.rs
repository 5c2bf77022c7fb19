//! Idempotency keys: a retried call finds what the first one did.

use countersign_domain::approval::Digest;
use countersign_domain::identity::Caller;
use countersign_domain::{Idempotency, OrgId, Recorded};
use countersign_wire::Code;
use jiff::Timestamp;

use super::{App, Error};

/// A key that a caller sent with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The client's own text, at most 200 characters.
    pub key: String,
    /// The digest of method, path and body.
    pub fingerprint: Digest,
}

impl IdempotencyKey {
    /// The row that keeps what was done under it.
    pub(super) fn records(
        &self,
        caller: &Caller,
        recorded: Recorded,
        at: Timestamp,
    ) -> Idempotency {
        Idempotency {
            caller: caller.id.clone(),
            key: self.key.clone(),
            fingerprint: self.fingerprint,
            recorded,
            at,
        }
    }

    /// The key of one part of a call that does several things.
    pub fn part(&self, name: &str) -> Self {
        Self { key: format!("{}/{name}", self.key), fingerprint: self.fingerprint }
    }
}

impl App {
    /// What was done under this key before; the same key with another request is refused.
    pub(super) async fn recorded(
        &self,
        org: &OrgId,
        caller: &Caller,
        key: Option<&IdempotencyKey>,
    ) -> Result<Option<Recorded>, Error> {
        let Some(key) = key else { return Ok(None) };
        match self.store.idempotency(org, &caller.id, &key.key).await? {
            Some(row) if row.fingerprint == key.fingerprint => Ok(Some(row.recorded)),
            Some(_) => {
                let text = countersign_domain::display::sanitise(&key.key);
                let detail =
                    format!("the idempotency key `{text}` came with another request before");
                Err(Error::new(Code::IdempotencyMismatch, detail))
            }
            None => Ok(None),
        }
    }
}
