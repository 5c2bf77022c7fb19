//! The approvals that stand, by digest and by agent.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use countersign_domain::approval::{Approval, Digest, Likeness, Standing, Stands, Wanted};
use countersign_domain::{AgentId, ApprovalId};
use jiff::Timestamp;

use super::recent::Recent;

/// Everything that is known; the counts include what is under way, so that they are never too low.
pub(super) struct Known {
    denied_since: Timestamp,
    standing: HashMap<ApprovalId, Standing>,
    by_digest: Counts<(AgentId, Digest)>,
    denied: Counts<(AgentId, Likeness)>,
    pending: Counts<AgentId>,
    under_way: Counts<ApprovalId>,
    recent: Recent,
}

impl Known {
    pub(super) fn new(standing: Vec<Standing>, denied_since: Timestamp) -> Self {
        let mut known = Self {
            denied_since,
            standing: HashMap::with_capacity(standing.len()),
            by_digest: Counts::default(),
            denied: Counts::default(),
            pending: Counts::default(),
            under_way: Counts::default(),
            recent: Recent::default(),
        };
        for one in standing {
            known.count(&one);
            known.standing.insert(one.id, one);
        }
        known
    }

    /// Every denial since then is known.
    pub(super) const fn denied_since(&self) -> Timestamp {
        self.denied_since
    }

    pub(super) fn stands(&self, agent: AgentId, wanted: Wanted) -> bool {
        self.by_digest.of(&(agent, wanted.digest)) > 0
            || self.denied.of(&(agent, wanted.likeness)) > 0
    }

    pub(super) fn pending_at_most(&self, agent: AgentId) -> u64 {
        self.pending.of(&agent)
    }

    pub(super) fn approval(&self, id: ApprovalId) -> Option<Arc<Approval>> {
        if self.under_way.of(&id) > 0 { None } else { self.recent.get(id) }
    }

    pub(super) fn depart(&mut self, approval: &Approval) {
        self.under_way.add(approval.id);
        if let Some(standing) = Standing::of(approval) {
            self.count(&standing);
        }
    }

    /// The counts of the departure are taken back only after those of the arrival were added.
    pub(super) fn arrive(&mut self, approval: &Arc<Approval>, kept: bool) {
        let standing = Standing::of(approval);
        if kept {
            if let Some(before) = self.standing.remove(&approval.id) {
                self.discount(&before);
            }
            if let Some(standing) = standing {
                self.count(&standing);
                self.standing.insert(approval.id, standing);
            }
            self.recent.put(Arc::clone(approval));
        }
        if let Some(standing) = standing {
            self.discount(&standing);
        }
        self.under_way.remove(&approval.id);
    }

    pub(super) fn leave_denials_before(&mut self, time: Timestamp) {
        if time <= self.denied_since {
            return;
        }
        let over = |one: &Standing| matches!(one.stands, Stands::Denied { at, .. } if at < time);
        let left: Vec<_> = self.standing.values().copied().filter(over).collect();
        for one in left {
            self.standing.remove(&one.id);
            self.discount(&one);
        }
        self.denied_since = time;
    }

    fn count(&mut self, standing: &Standing) {
        for digest in standing.digests {
            self.by_digest.add((standing.agent, digest));
        }
        match standing.stands {
            Stands::Pending => self.pending.add(standing.agent),
            Stands::Unused => {}
            Stands::Denied { likeness, .. } => self.denied.add((standing.agent, likeness)),
        }
    }

    fn discount(&mut self, standing: &Standing) {
        for digest in standing.digests {
            self.by_digest.remove(&(standing.agent, digest));
        }
        match standing.stands {
            Stands::Pending => self.pending.remove(&standing.agent),
            Stands::Unused => {}
            Stands::Denied { likeness, .. } => self.denied.remove(&(standing.agent, likeness)),
        }
    }
}

/// How often each is there.
struct Counts<K>(HashMap<K, u64>);

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Counts<K> {
    fn of(&self, key: &K) -> u64 {
        self.0.get(key).copied().unwrap_or_default()
    }

    fn add(&mut self, key: K) {
        *self.0.entry(key).or_default() += 1;
    }

    fn remove(&mut self, key: &K) {
        if let Some(count) = self.0.get_mut(key) {
            *count -= 1;
            if *count == 0 {
                self.0.remove(key);
            }
        }
    }
}
