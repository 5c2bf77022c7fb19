//! The task that tells webhooks what happened.
//!
//! It looks through the outbox, makes one delivery for each webhook that wants an event, and calls the lane of
//! each webhook, which tries them until they arrive or are given up. Every webhook has a lane of its own, so
//! that a slow, failing or dead receiver delays nobody else. What it knows beyond the store is only what is
//! under way: after a crash everything goes on, and at most the calls that were under way are made again,
//! with the same `webhook-id`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use countersign_domain::{OrgId, WebhookId};
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::{Instant, sleep_until};

use super::lane::Lane;
use crate::app::{App, Error, Snapshot};

/// How long to wait after the store failed.
pub(super) const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// How long to wait when nothing is due.
pub(super) const IDLE: Duration = Duration::from_mins(1);

/// Starts the worker; it ends with the server, or when the handle is aborted.
pub fn start(app: Arc<App>) -> JoinHandle<()> {
    tokio::spawn(Worker { app, running: JoinSet::new(), lanes: HashMap::new() }.run())
}

/// All lanes; they end with it.
struct Worker {
    app: Arc<App>,
    running: JoinSet<()>,
    lanes: HashMap<WebhookId, (AbortHandle, Arc<Notify>)>,
}

impl Worker {
    async fn run(mut self) {
        let mut news = self.app.wake().events();
        let mut stop = self.app.wake().closed();
        loop {
            let pause = self.turn().await;
            tokio::select! {
                _ = stop.wait_for(|stopped| *stopped) => return,
                heard = news.recv() => match heard {
                    // What came in the meantime is looked at in the same turn.
                    Ok(_) | Err(RecvError::Lagged(_)) => news = news.resubscribe(),
                    Err(RecvError::Closed) => return,
                },
                () = self.app.outgoing().notified() => {}
                () = sleep_until(Instant::now() + pause) => {}
            }
        }
    }

    /// Makes the deliveries of what is new and calls the lanes; gives how long to wait at most.
    async fn turn(&mut self) -> Duration {
        let mut pause = IDLE;
        // A lane whose webhook is gone has ended.
        while self.running.try_join_next().is_some() {}
        self.lanes.retain(|_, (lane, _)| !lane.is_finished());
        for snapshot in self.app.snapshots() {
            if let Err(error) = self.serve(&snapshot).await {
                tracing::warn!(org = %snapshot.org, %error, "webhooks have to wait");
                pause = AFTER_FAILURE;
            }
        }
        pause
    }

    /// One organization.
    async fn serve(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        let active: Vec<_> = snapshot.webhooks().iter().filter(|w| w.is_active()).collect();
        if active.is_empty() {
            return Ok(());
        }
        let made = self.app.fan_out(snapshot).await;
        for webhook in active {
            self.lane(&snapshot.org, webhook.id).notify_one();
        }
        made
    }

    /// What calls the lane of a webhook.
    fn lane(&mut self, org: &OrgId, webhook: WebhookId) -> &Notify {
        let (_, called) = self.lanes.entry(webhook).or_insert_with(|| {
            let called = Arc::new(Notify::new());
            let lane = Lane::new(Arc::clone(&self.app), (org.clone(), webhook));
            (self.running.spawn(lane.run(Arc::clone(&called))), called)
        });
        called
    }
}
