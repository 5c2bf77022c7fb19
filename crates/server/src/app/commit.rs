//! Joins changes that arrive together into one transaction.
//!
//! While one commit is being made durable, the next changes gather; they share the next one. Nobody is
//! answered before their change is durable.

use std::sync::Arc;
use std::time::Instant;

use countersign_domain::Change;
use countersign_store::{Kept, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use super::{App, Error, Wake};
use crate::metrics::Metrics;

/// The most changes that share one transaction.
const BATCH: usize = 512;

/// Hands changes to the task that commits them.
pub struct Committer(mpsc::Sender<Job>);

struct Job {
    change: Change,
    reply: oneshot::Sender<Result<Kept, Error>>,
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

impl Committer {
    /// Starts the task that commits.
    pub fn start(store: Arc<dyn Store>, wake: Arc<Wake>, metrics: Arc<Metrics>) -> Self {
        let (sender, receiver) = mpsc::channel(4 * BATCH);
        tokio::spawn(run((store, wake, metrics), receiver));
        Self(sender)
    }
}

impl App {
    /// Keeps one change, durably, or finds that someone else was faster. A budget that it brings near its limit
    /// is announced with it.
    pub(super) async fn commit(&self, change: Change) -> Result<Commit, Error> {
        let change = self.warning(change).await?;
        let (reply, answer) = oneshot::channel();
        let closed = |()| Error::from(StoreError::Closed);
        self.committer.0.send(Job { change, reply }).await.map_err(|_| closed(()))?;
        match answer.await.map_err(|_| closed(()))?? {
            Kept::Done(_) => Ok(Commit::Done),
            Kept::Conflict => Ok(Commit::Conflict),
        }
    }
}

async fn run(
    (store, wake, metrics): (Arc<dyn Store>, Arc<Wake>, Arc<Metrics>),
    mut jobs: mpsc::Receiver<Job>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    while jobs.recv_many(&mut batch, BATCH).await > 0 {
        let (changes, replies): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|job| (job.change, job.reply)).unzip();
        let orgs: Vec<_> = changes.iter().map(|change| change.org.clone()).collect();
        let (count, start) = (changes.len(), Instant::now());
        match store.commit(changes).await {
            Ok(kept) => {
                metrics.committed(count, start.elapsed());
                for ((kept, reply), org) in kept.into_iter().zip(replies).zip(orgs) {
                    if let Kept::Done(announcements) = &kept {
                        for announcement in announcements {
                            metrics.announced(announcement.event);
                            wake.announce(&org, announcement);
                        }
                    }
                    drop(reply.send(Ok(kept)));
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
