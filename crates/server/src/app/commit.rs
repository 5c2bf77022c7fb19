//! Joins changes that arrive together into one transaction.
//!
//! While one commit is being made durable, the next changes gather; they share the next one. Nobody is
//! answered before their change is durable, and before what is kept in memory says the same.

use std::sync::Arc;
use std::time::Instant;

use countersign_domain::approval::Approval;
use countersign_domain::{Change, OrgId};
use countersign_store::{Kept, Printed, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use super::{App, Error, Live, Snapshots, Wake};
use crate::clock::Clock;
use crate::metrics::Metrics;

/// The most changes that share one transaction.
const BATCH: usize = 512;

/// A commit of so many changes shows that many ask at once.
const SHARED: usize = 4;

/// How many turns the others get.
const TURNS: usize = 3;

/// Hands changes to the task that commits them.
pub struct Committer(mpsc::Sender<Job>);

enum Job {
    Keep(Printed, oneshot::Sender<Result<Commit, Error>>),
    /// Nothing to keep: only whether another program has written.
    Look,
}

/// Whether a change was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Commit {
    /// It is durable.
    Done,
    /// Someone else was faster; decide anew.
    Conflict,
}

/// What the task that commits has to do with.
pub struct Surroundings {
    /// Where changes are kept.
    pub store: Arc<dyn Store>,
    /// Who is woken.
    pub wake: Arc<Wake>,
    /// What is known in memory.
    pub live: Arc<Live>,
    /// What changes seldom.
    pub snapshots: Arc<Snapshots>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

impl Committer {
    /// Starts the task that commits.
    pub fn start(surroundings: Surroundings) -> Self {
        let (sender, receiver) = mpsc::channel(4 * BATCH);
        tokio::spawn(run(surroundings, receiver));
        Self(sender)
    }
}

impl App {
    /// Keeps one change, durably, or finds that someone else was faster. A budget that it brings near its limit
    /// is announced with it.
    pub(super) async fn commit(&self, change: Change) -> Result<Commit, Error> {
        // Printed here, and not where all have to wait for it.
        let change = Printed::of(self.warning(change).await?)?;
        let (reply, answer) = oneshot::channel();
        let closed = |()| Error::from(StoreError::Closed);
        self.committer.0.send(Job::Keep(change, reply)).await.map_err(|_| closed(()))?;
        answer.await.map_err(|_| closed(()))?
    }

    /// Looks whether another program has written, and leaves denials out that no cool-down reaches.
    pub(super) async fn look_around(&self) -> Result<(), Error> {
        self.live.leave_denials_before(self.snapshots.denials_count_since(self.now()));
        self.committer.0.send(Job::Look).await.map_err(|_| Error::from(StoreError::Closed))
    }
}

async fn run(with: Surroundings, mut jobs: mpsc::Receiver<Job>) {
    let mut jobs_at_once = Vec::with_capacity(BATCH);
    let mut before = 0;
    while jobs.recv_many(&mut jobs_at_once, BATCH).await > 0 {
        gather(&mut jobs, &mut jobs_at_once, before).await;
        before = jobs_at_once.len();
        let (mut changes, mut replies) = (Vec::new(), Vec::new());
        for job in jobs_at_once.drain(..) {
            if let Job::Keep(change, reply) = job {
                changes.push(change);
                replies.push(reply);
            }
        }
        with.load().await;
        match with.keep(changes).await {
            Ok(commits) => {
                for (commit, reply) in commits.into_iter().zip(replies) {
                    drop(reply.send(Ok(commit)));
                }
            }
            Err(StoreError::Overtaken) => {
                with.load_configuration().await;
                for reply in replies {
                    drop(reply.send(Ok(Commit::Conflict)));
                }
            }
            Err(error) => {
                let error = Error::from(error);
                for reply in replies {
                    drop(reply.send(Err(error.clone())));
                }
            }
        }
    }
}

/// Lets whoever is about to ask for a commit come along, when the last one was shared: those who were
/// answered after it are the next to ask. It costs no waiting, only a turn of those who can run anyway.
async fn gather(jobs: &mut mpsc::Receiver<Job>, gathered: &mut Vec<Job>, before: usize) {
    for _ in 0..TURNS {
        if before < SHARED || gathered.len() >= before {
            return;
        }
        tokio::task::yield_now().await;
        while gathered.len() < BATCH {
            let Ok(job) = jobs.try_recv() else { break };
            gathered.push(job);
        }
    }
}

impl Surroundings {
    /// Loads what is known in memory, if it was forgotten. Without it everyone asks the store.
    async fn load(&self) {
        if !self.live.is_empty() {
            return;
        }
        let since = self.snapshots.denials_count_since(self.clock.now());
        match self.store.standing(since).await {
            Ok(standing) => self.live.load(standing, since),
            Err(error) => tracing::error!(%error, "what stands cannot be loaded into memory"),
        }
    }

    /// Another program may have changed whom we know and what they may do.
    async fn load_configuration(&self) {
        if let Err(error) = self.snapshots.reload_all().await {
            tracing::error!(%error, "what another program has written cannot be loaded");
        }
    }

    /// Keeps a batch; then memory says the same, and those who wait are woken.
    async fn keep(&self, changes: Vec<Printed>) -> Result<Vec<Commit>, StoreError> {
        let orgs: Vec<OrgId> = changes.iter().map(|change| change.org.clone()).collect();
        let approvals = approvals(&changes);
        self.live.depart(approvals.iter().map(|(_, approval)| approval));
        let (count, start) = (changes.len(), Instant::now());
        let kept = self.store.commit(changes).await.inspect_err(|_| self.live.forget())?;
        if count > 0 {
            self.metrics.committed(count, start.elapsed());
        }
        let done = |index: usize| matches!(kept.get(index), Some(Kept::Done(_)));
        self.live.arrive(approvals.iter().map(|(index, approval)| (approval, done(*index))));
        Ok(kept.iter().zip(orgs).map(|(kept, org)| self.announce(&org, kept)).collect())
    }

    fn announce(&self, org: &OrgId, kept: &Kept) -> Commit {
        let Kept::Done(hints) = kept else { return Commit::Conflict };
        for hint in hints {
            self.metrics.announced(hint.event);
            self.wake.announce(org, *hint);
        }
        Commit::Done
    }
}

/// Every approval of a batch, with the place of its change.
fn approvals(changes: &[Printed]) -> Vec<(usize, Arc<Approval>)> {
    let of_one = |(index, change): (usize, &Printed)| {
        change.approvals().map(|approval| (index, Arc::clone(approval))).collect::<Vec<_>>()
    };
    changes.iter().enumerate().flat_map(of_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_is_lost_when_more_come_than_share_a_commit() {
        let (sender, mut jobs) = mpsc::channel(4 * BATCH);
        for _ in 0..2 * BATCH {
            sender.send(Job::Look).await.unwrap();
        }
        let mut gathered = Vec::new();
        jobs.recv_many(&mut gathered, BATCH - 1).await;
        gather(&mut jobs, &mut gathered, 2 * BATCH).await;
        assert_eq!((gathered.len(), jobs.len()), (BATCH, BATCH));
    }
}
