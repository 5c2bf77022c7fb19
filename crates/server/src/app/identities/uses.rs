//! When keys were last used. It is kept in memory and written down now and then, so that nobody waits for it; what
//! was not written yet when a server is killed is lost.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use countersign_domain::identity::{KeyUse, Right};
use countersign_domain::{Change, KeyId, OrgId, Write};
use jiff::Timestamp;

use super::super::commit::Commit;
use super::super::{App, Error, SignedIn};

/// The uses that were not written down yet.
#[derive(Default)]
pub(in crate::app) struct KeyUses(Mutex<HashMap<KeyId, (OrgId, Timestamp)>>);

impl KeyUses {
    /// A key is used.
    pub fn note(&self, org: &OrgId, key: KeyId, now: Timestamp) {
        let mut uses = self.lock();
        match uses.get_mut(&key) {
            Some((_, at)) => *at = now,
            None => drop(uses.insert(key, (org.clone(), now))),
        }
    }

    /// These could not be written; the next time they can.
    fn put_back(&self, org: &OrgId, uses: &[KeyUse]) {
        let mut unwritten = self.lock();
        for one in uses {
            unwritten.entry(one.key).or_insert_with(|| (org.clone(), one.at));
        }
    }

    fn take(&self) -> HashMap<KeyId, (OrgId, Timestamp)> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<KeyId, (OrgId, Timestamp)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// When each key was last used; a key that never was is missing.
    pub async fn key_uses(&self, admin: &SignedIn) -> Result<HashMap<KeyId, Timestamp>, Error> {
        admin.must(Right::Administer)?;
        let written = self.store.key_uses(admin.org()).await?;
        let mut uses: HashMap<_, _> = written.into_iter().map(|it| (it.key, it.at)).collect();
        let unwritten = self.uses.lock();
        uses.extend(unwritten.iter().map(|(key, (_, at))| (*key, *at)));
        Ok(uses)
    }

    /// Writes down what was not yet.
    pub async fn write_key_uses(&self) -> Result<(), Error> {
        let mut by_org = HashMap::<OrgId, Vec<KeyUse>>::new();
        for (key, (org, at)) in self.uses.take() {
            by_org.entry(org).or_default().push(KeyUse { key, at });
        }
        for (org, uses) in by_org {
            let writes = vec![Write::KeysUsed(uses.clone())];
            let change = Change { org: org.clone(), writes, records: Vec::new() };
            let kept = self.commit(change).await;
            if kept != Ok(Commit::Done) {
                self.uses.put_back(&org, &uses);
            }
            kept.map(drop)?;
        }
        Ok(())
    }
}
