//! Who waits for which approval, and waking them.
//!
//! A parked request is one entry in a map: no thread, no timer of its own. A decision wakes it at once; one
//! task for all of them keeps the deadlines.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use countersign_domain::{ApprovalId, OrgId};
use countersign_store::Hint;
use tokio::sync::{Notify, broadcast, oneshot, watch};
use tokio::time::Instant;

/// How many events a slow stream may lag behind before it reads them from the store.
const EVENT_BUFFER: usize = 1024;

/// Why a parked request goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// The approval changed.
    Changed,
    /// The wait is over.
    TimedOut,
    /// The server stops.
    Closing,
}

/// Everyone who waits.
pub struct Wake {
    waiting: Mutex<Waiting>,
    sooner: Notify,
    events: broadcast::Sender<OrgId>,
    closed: watch::Sender<bool>,
}

#[derive(Default)]
struct Waiting {
    next: u64,
    closing: bool,
    by_approval: HashMap<ApprovalId, HashMap<u64, oneshot::Sender<Woken>>>,
    deadlines: BTreeMap<(Instant, u64), ApprovalId>,
}

impl Wake {
    /// Nobody waits yet; starts the task that keeps the deadlines.
    pub fn start() -> Arc<Self> {
        let wake = Arc::new(Self {
            waiting: Mutex::default(),
            sooner: Notify::new(),
            events: broadcast::channel(EVENT_BUFFER).0,
            closed: watch::channel(false).0,
        });
        tokio::spawn(keep_deadlines(Arc::downgrade(&wake)));
        wake
    }

    /// Enters the waiting room of an approval; enter first, then look at the approval, then wait.
    pub fn park(self: &Arc<Self>, approval: ApprovalId, length: Duration) -> Parked {
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.waiting();
        let ticket = waiting.next;
        waiting.next += 1;
        let deadline = Instant::now() + length;
        if waiting.closing {
            tell(sender, Woken::Closing);
        } else {
            let sooner =
                waiting.deadlines.first_key_value().is_none_or(|((first, _), _)| deadline < *first);
            waiting.by_approval.entry(approval).or_default().insert(ticket, sender);
            waiting.deadlines.insert((deadline, ticket), approval);
            if sooner {
                self.sooner.notify_one();
            }
        }
        drop(waiting);
        Parked { wake: Arc::clone(self), approval, ticket, deadline, receiver }
    }

    /// Wakes those who wait for what was announced, and tells the streams; they read from the store what it is.
    pub fn announce(&self, org: &OrgId, hint: Hint) {
        if let Some(approval) = hint.approval {
            let woken = self.waiting().by_approval.remove(&approval);
            for sender in woken.into_iter().flat_map(HashMap::into_values) {
                tell(sender, Woken::Changed);
            }
        }
        self.nudge(org);
    }

    /// Lets every stream of an organization look again whether its caller still counts.
    pub fn nudge(&self, org: &OrgId) {
        // Without any stream nobody has to be told.
        drop(self.events.send(org.clone()));
    }

    /// Where something happens, from now on.
    pub fn events(&self) -> broadcast::Receiver<OrgId> {
        self.events.subscribe()
    }

    /// How many requests are parked.
    pub fn parked(&self) -> usize {
        self.waiting().deadlines.len()
    }

    /// Becomes true when the server stops; streams end then.
    pub fn closed(&self) -> watch::Receiver<bool> {
        self.closed.subscribe()
    }

    /// Wakes everyone for the last time; whoever comes later does not wait.
    pub fn close(&self) {
        let mut waiting = self.waiting();
        waiting.closing = true;
        let all = std::mem::take(&mut waiting.by_approval);
        waiting.deadlines.clear();
        drop(waiting);
        self.closed.send_replace(true);
        for sender in all.into_values().flat_map(HashMap::into_values) {
            tell(sender, Woken::Closing);
        }
    }

    fn time_out(&self, now: Instant) -> Option<Instant> {
        let mut waiting = self.waiting();
        while let Some(((deadline, ticket), approval)) = waiting.deadlines.pop_first() {
            if deadline > now {
                waiting.deadlines.insert((deadline, ticket), approval);
                return Some(deadline);
            }
            if let Some(sender) = waiting.leave(approval, ticket) {
                tell(sender, Woken::TimedOut);
            }
        }
        None
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn leave(&mut self, approval: ApprovalId, ticket: u64) -> Option<oneshot::Sender<Woken>> {
        let room = self.by_approval.get_mut(&approval)?;
        let sender = room.remove(&ticket);
        if room.is_empty() {
            self.by_approval.remove(&approval);
        }
        sender
    }
}

/// Sleeps until the earliest deadline, or until an earlier one comes.
async fn keep_deadlines(wake: std::sync::Weak<Wake>) {
    loop {
        let Some(wake) = wake.upgrade() else { return };
        let idle = Instant::now() + Duration::from_mins(1);
        let next = wake.time_out(Instant::now()).unwrap_or(idle);
        tokio::select! {
            () = tokio::time::sleep_until(next) => {}
            () = wake.sooner.notified() => {}
        }
    }
}

/// Wakes one. Whoever has left in the meantime need not be told.
fn tell(sender: oneshot::Sender<Woken>, woken: Woken) {
    let _left: Result<(), Woken> = sender.send(woken);
}

/// A place in the waiting room; it is given up when this is dropped.
pub struct Parked {
    wake: Arc<Wake>,
    approval: ApprovalId,
    ticket: u64,
    deadline: Instant,
    receiver: oneshot::Receiver<Woken>,
}

impl Parked {
    /// Waits for whatever comes first.
    pub async fn wait(mut self) -> Woken {
        (&mut self.receiver).await.unwrap_or(Woken::Closing)
    }
}

impl Drop for Parked {
    fn drop(&mut self) {
        let mut waiting = self.wake.waiting();
        waiting.deadlines.remove(&(self.deadline, self.ticket));
        drop(waiting.leave(self.approval, self.ticket));
    }
}

#[cfg(test)]
mod tests {
    use countersign_domain::Seq;
    use countersign_domain::notification::Event;
    use ulid::Ulid;

    use super::*;

    fn approval(n: u128) -> ApprovalId {
        ApprovalId::new(Ulid(n))
    }

    fn hint(id: ApprovalId) -> Hint {
        Hint { seq: Seq(1), event: Event::ApprovalApproved, approval: Some(id) }
    }

    #[tokio::test]
    async fn a_decision_wakes_exactly_those_who_wait_for_it() {
        let wake = Wake::start();
        let mine = wake.park(approval(1), Duration::from_secs(50));
        let other = wake.park(approval(2), Duration::from_millis(20));
        wake.announce(&OrgId::first(), hint(approval(1)));
        assert_eq!(mine.wait().await, Woken::Changed);
        assert_eq!(wake.parked(), 1);
        assert_eq!(other.wait().await, Woken::TimedOut);
        assert_eq!(wake.parked(), 0);
    }

    #[tokio::test]
    async fn an_earlier_deadline_is_kept_also_when_it_comes_later() {
        let wake = Wake::start();
        let late = wake.park(approval(1), Duration::from_secs(50));
        tokio::task::yield_now().await;
        let start = Instant::now();
        let soon = wake.park(approval(1), Duration::from_millis(20));
        assert_eq!(soon.wait().await, Woken::TimedOut);
        assert!(start.elapsed() >= Duration::from_millis(20));
        drop(late);
        assert_eq!(wake.parked(), 0);
    }

    #[tokio::test]
    async fn closing_tells_everyone() {
        let wake = Wake::start();
        let parked: Vec<_> =
            (0..500).map(|n| wake.park(approval(n), Duration::from_secs(50))).collect();
        wake.close();
        for one in parked {
            assert_eq!(one.wait().await, Woken::Closing);
        }
        assert_eq!(wake.park(approval(1), Duration::from_secs(50)).wait().await, Woken::Closing);
    }
}
