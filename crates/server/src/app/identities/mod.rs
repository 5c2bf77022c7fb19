//! Agents, people, their keys and what agents may do: changed by admins only.

mod agents;
mod keys;
mod log;
mod people;
mod permissions;
mod settings;
mod tokens;
mod try_out;
mod uses;

use countersign_domain::audit::{Draft, Kind};
use countersign_domain::identity::{Caller, Key, KeyHolder};
use countersign_domain::{Change, KeyId, Write};
use jiff::Timestamp;
use serde_json::json;

pub(super) use agents::agent_named;
pub use agents::{AgentChange, NewAgent};
pub use keys::KeyFor;
pub(in crate::app) use people::person_named;
pub use people::{
    DelegationState, GroupState, Member, MembersChange, NewDelegation, NewPerson, Offered,
    PersonChange,
};
pub(super) use uses::KeyUses;

use super::commit::Commit;
use super::record::fact;
use super::{App, Error, IdempotencyKey, SignedIn};
use crate::ids::Secret;

/// Something that was made together with a secret, which is shown once.
#[derive(Debug)]
pub struct Made<T> {
    /// What was made.
    pub made: T,
    /// Its secret.
    pub secret: Secret,
}

impl App {
    /// A fresh key: the row, the record, and the secret.
    pub(in crate::app) fn key(
        &self,
        name: &str,
        holder: KeyHolder,
        caller: &Caller,
        now: Timestamp,
    ) -> (Key, Draft, Secret) {
        let secret = self.ids.secret(holder);
        let key = Key {
            id: KeyId::new(self.ids.ulid(now)),
            name: name.to_owned(),
            holder,
            hash: secret.hash(),
            ends: Some(secret.ending()),
            made_by: Some(caller.name.clone()),
            limits: None,
            created_at: now,
            revoked_at: None,
            revoked_because: None,
        };
        let data = json!({"key_id": key.id, "name": name, "holder": holder});
        (key, fact(Kind::KeyCreated, caller, data, now), secret)
    }

    /// Keeps a change of the configuration and lets every later request see it.
    pub(in crate::app) async fn configure(&self, change: Change) -> Result<Commit, Error> {
        let org = change.org.clone();
        let commit = self.commit(change).await?;
        self.snapshots.reload(&org).await?;
        self.wake.nudge(&org);
        Ok(commit)
    }

    /// Fails if this call was made before: what it made had a secret, which is not kept.
    pub(super) async fn must_be_first(
        &self,
        admin: &SignedIn,
        key: Option<&IdempotencyKey>,
    ) -> Result<(), Error> {
        if self.recorded(admin.org(), &admin.caller, key).await?.is_none() {
            return Ok(());
        }
        let detail = "this call was made before, and the secret it made was shown then";
        Err(Error::new(countersign_wire::Code::KeyNotShownAgain, detail))
    }
}

/// A change of the configuration by an admin.
pub(super) fn change(admin: &SignedIn, writes: Vec<Write>, records: Vec<Draft>) -> Change {
    Change { org: admin.org().clone(), writes, records }
}
