//! What is kept in memory of approvals, so that most questions about them need no look into the store.
//!
//! Two things are known: which digests an approval stands for that can still mean something to a check, and
//! the approvals that changed last, whole. Both rest on one rule: **of what is not under way to the store,
//! memory says what the store says.** The one task that commits marks the approvals of a batch as under way
//! before it hands the batch over, and takes the mark off once it has noted what became of it, before
//! anybody is answered. Whoever asks about what is under way is sent to the store. When it is not known what
//! became of a batch, or another program has written, everything is forgotten, and loaded anew before the
//! next batch; until then everyone is sent to the store.

mod known;
mod recent;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};

use countersign_domain::approval::{Approval, Standing, Wanted};
use countersign_domain::{AgentId, ApprovalId, OrgId};
use jiff::{SignedDuration, Timestamp};

use self::known::Known;

/// What is kept in memory of approvals.
#[derive(Default)]
pub struct Live(RwLock<Option<Known>>);

impl Live {
    /// Whether certainly no approval of this agent means anything to a check of this at `now`. A denial counts for the
    /// length of `cooldown`.
    pub fn knows_nothing_of(
        &self,
        (agent, wanted): (AgentId, Wanted),
        cooldown: SignedDuration,
        now: Timestamp,
    ) -> bool {
        let Ok(denied_since) = now.checked_sub(cooldown) else { return false };
        self.look(|known| {
            Some(known.denied_since() <= denied_since && !known.stands(agent, wanted))
        })
        .unwrap_or(false)
    }

    /// More approvals of the agent than this are certainly not pending; `None` when only the store knows.
    pub fn pending_at_most(&self, agent: AgentId) -> Option<u64> {
        self.look(|known| Some(known.pending_at_most(agent)))
    }

    /// An approval as the store has it; `None` when only the store knows.
    pub fn approval(&self, org: &OrgId, id: ApprovalId) -> Option<Arc<Approval>> {
        self.look(|known| known.approval(id)).filter(|approval| approval.org() == org)
    }

    /// Whether it has to be loaded.
    pub fn is_empty(&self) -> bool {
        self.look(|_| Some(())).is_none()
    }

    /// Takes what the store has, of denials those at `denied_since` and later. Nothing may be under way.
    pub fn load(&self, standing: Vec<Standing>, denied_since: Timestamp) {
        self.replace(Some(Known::new(standing, denied_since)));
    }

    /// Sends everyone to the store.
    pub fn forget(&self) {
        self.replace(None);
    }

    /// These are under way to the store.
    pub fn depart<'a>(&self, approvals: impl Iterator<Item = &'a Arc<Approval>>) {
        self.change(|known| approvals.for_each(|approval| known.depart(approval)));
    }

    /// These were under way; whether each was kept.
    pub fn arrive<'a>(&self, approvals: impl Iterator<Item = (&'a Arc<Approval>, bool)>) {
        self.change(|known| approvals.for_each(|(approval, kept)| known.arrive(approval, kept)));
    }

    /// Leaves out denials before this time: no cool-down reaches back so far any more.
    pub fn leave_denials_before(&self, time: Timestamp) {
        self.change(|known| known.leave_denials_before(time));
    }

    fn look<T>(&self, question: impl FnOnce(&Known) -> Option<T>) -> Option<T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(question)
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        if let Some(known) = self.0.write().unwrap_or_else(PoisonError::into_inner).as_mut() {
            change(known);
        }
    }

    fn replace(&self, known: Option<Known>) {
        let mut place = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // What was there is dropped after others may look again.
        let _before = std::mem::replace(&mut *place, known);
        drop(place);
    }
}
