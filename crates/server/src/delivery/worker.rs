//! The task that tells webhooks what happened.
//!
//! It looks through the outbox, makes one delivery for each webhook that wants an event, and tries each
//! until it arrives or is given up. Every webhook has places of its own, so that a slow or dead receiver
//! delays nobody else. What it knows beyond the store is only what is under way: after a crash everything
//! goes on, and at most the calls that were under way are made again, with the same `webhook-id`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use countersign_domain::notification::{Delivery, Webhook};
use countersign_domain::{DeliveryId, OrgId, WebhookId};
use jiff::Timestamp;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::{Id, JoinHandle, JoinSet};
use tokio::time::{Instant, sleep_until};

use super::webhook::{Message, call};
use crate::app::{App, Snapshot};

/// How many calls of one webhook may be under way.
const AT_ONCE: usize = 4;

/// How long to wait after the store failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// How long to wait when nothing is due.
const IDLE: Duration = Duration::from_mins(1);

/// Starts the worker; it ends with the server, or when the handle is aborted.
pub fn start(app: Arc<App>) -> JoinHandle<()> {
    tokio::spawn(Worker { app, calls: JoinSet::new(), under_way: HashMap::new() }.run())
}

struct Worker {
    app: Arc<App>,
    calls: JoinSet<()>,
    under_way: HashMap<Id, (WebhookId, DeliveryId)>,
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
                Some(ended) = self.calls.join_next_with_id() => {
                    let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                    self.under_way.remove(&id);
                }
                () = sleep_until(Instant::now() + pause) => {}
            }
        }
    }

    /// Starts what can be started; gives the time until something is due.
    async fn turn(&mut self) -> Duration {
        let mut pause = IDLE;
        for snapshot in self.app.snapshots() {
            match self.serve(&snapshot).await {
                Ok(Some(next)) => pause = pause.min(until(next, self.app.now())),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(org = %snapshot.org, %error, "webhooks have to wait");
                    pause = pause.min(AFTER_FAILURE);
                }
            }
        }
        pause
    }

    /// One organization; gives when the next of its deliveries is due.
    async fn serve(&mut self, snapshot: &Snapshot) -> Result<Option<Timestamp>, crate::app::Error> {
        let active: Vec<_> = snapshot.webhooks().iter().filter(|w| w.is_active()).collect();
        if active.is_empty() {
            return Ok(None);
        }
        self.app.fan_out(snapshot).await?;
        let mut next = None;
        for webhook in active {
            let soonest = self.fill(&snapshot.org, webhook).await?;
            next = next.into_iter().chain(soonest).min();
        }
        Ok(next)
    }

    /// Gives the free places of one webhook to what is due; gives when the next is. While no place is
    /// free, that is when a call ends.
    async fn fill(
        &mut self,
        org: &OrgId,
        webhook: &Arc<Webhook>,
    ) -> Result<Option<Timestamp>, crate::app::Error> {
        let ours = self.under_way.values().filter(|(to, _)| *to == webhook.id);
        let busy: HashSet<_> = ours.map(|(_, delivery)| *delivery).collect();
        let mut free = AT_ONCE.saturating_sub(busy.len());
        let pending = self.app.pending_deliveries(org, webhook.id, busy.len() + AT_ONCE).await?;
        let now = self.app.now();
        for delivery in pending.into_iter().filter(|delivery| !busy.contains(&delivery.id)) {
            if delivery.next_at().is_none_or(|next| next > now) {
                return Ok(delivery.next_at());
            }
            if free == 0 {
                return Ok(None);
            }
            free -= 1;
            let key = (webhook.id, delivery.id);
            let (app, org, webhook) = (Arc::clone(&self.app), org.clone(), Arc::clone(webhook));
            let handle = self.calls.spawn(attempt(app, org, webhook, delivery));
            self.under_way.insert(handle.id(), key);
        }
        Ok(None)
    }
}

/// Makes one call and keeps how it went. It holds its place until that is kept: what cannot be written
/// down must not be sent again and again.
async fn attempt(app: Arc<App>, org: OrgId, webhook: Arc<Webhook>, delivery: Delivery) {
    let message = Message { id: delivery.id.to_string(), body: delivery.body.clone() };
    let attempt = call(app.egress(), &webhook, message, app.now()).await;
    while let Err(error) = app.attempted(&org, &delivery, attempt.clone()).await {
        tracing::warn!(delivery = %delivery.id, %error, "how a call of a webhook went is not kept yet");
        sleep_until(Instant::now() + AFTER_FAILURE).await;
    }
}

fn until(next: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(next.duration_since(now)).unwrap_or_default()
}
