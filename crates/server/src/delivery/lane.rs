//! The lane of one webhook: its deliveries in turn, a bounded number at once, whatever the others do.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use countersign_domain::notification::{Delivery, Webhook};
use countersign_domain::{DeliveryId, OrgId, WebhookId};
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

use super::webhook::{Message, call};
use super::worker::{AFTER_FAILURE, IDLE};
use crate::app::{App, Error};

/// How many calls of one webhook may be under way.
const AT_ONCE: usize = 4;

/// The lane of one webhook.
pub(super) struct Lane {
    app: Arc<App>,
    org: OrgId,
    webhook: WebhookId,
    calls: JoinSet<()>,
    under_way: HashMap<Id, DeliveryId>,
}

impl Lane {
    /// A lane in which nothing is under way.
    pub(super) fn new(app: Arc<App>, (org, webhook): (OrgId, WebhookId)) -> Self {
        Self { app, org, webhook, calls: JoinSet::new(), under_way: HashMap::new() }
    }

    /// Goes on until the webhook is gone, also while it is disabled.
    pub(super) async fn run(mut self, called: Arc<Notify>) {
        while let Some(pause) = self.turn().await {
            tokio::select! {
                () = called.notified() => {}
                Some(ended) = self.calls.join_next_with_id() => self.ended(ended),
                () = sleep_until(Instant::now() + pause) => {}
            }
            while let Some(ended) = self.calls.try_join_next_with_id() {
                self.ended(ended);
            }
        }
    }

    fn ended(&mut self, call: Result<(Id, ()), JoinError>) {
        let id = call.map_or_else(|error| error.id(), |(id, ())| id);
        self.under_way.remove(&id);
    }

    /// Starts what can be started; gives how long to wait at most, or `None` once the webhook is gone.
    async fn turn(&mut self) -> Option<Duration> {
        let webhook = self.app.webhook_now(&self.org, self.webhook)?;
        if !webhook.is_active() {
            return Some(IDLE);
        }
        match self.fill(&webhook).await {
            Ok(next) => Some(next.map_or(IDLE, |next| until(next, self.app.now()).min(IDLE))),
            Err(error) => {
                tracing::warn!(webhook = %self.webhook, %error, "a webhook has to wait");
                Some(AFTER_FAILURE)
            }
        }
    }

    /// Gives the free places to what is due; gives when the next is. While no place is free, that is when a
    /// call ends.
    async fn fill(&mut self, webhook: &Arc<Webhook>) -> Result<Option<Timestamp>, Error> {
        let busy = self.under_way.len();
        let mut free = AT_ONCE.saturating_sub(busy);
        if free == 0 {
            return Ok(None);
        }
        let pending = self.app.pending_deliveries(&self.org, self.webhook, busy + AT_ONCE).await?;
        let now = self.app.now();
        let busy: Vec<_> = self.under_way.values().copied().collect();
        for delivery in pending.into_iter().filter(|delivery| !busy.contains(&delivery.id)) {
            if delivery.next_at().is_none_or(|next| next > now) {
                return Ok(delivery.next_at());
            }
            if free == 0 {
                return Ok(None);
            }
            free -= 1;
            let id = delivery.id;
            let (app, org, webhook) =
                (Arc::clone(&self.app), self.org.clone(), Arc::clone(webhook));
            let handle = self.calls.spawn(attempt(app, org, webhook, delivery));
            self.under_way.insert(handle.id(), id);
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
