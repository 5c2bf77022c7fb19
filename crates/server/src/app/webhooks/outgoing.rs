//! What the worker that tells webhooks asks and keeps.

use std::sync::Arc;
use std::time::Duration;

use countersign_domain::notification::{Announcement, Attempt, Delivery, Webhook};
use countersign_domain::{Change, DeliveryId, OrgId, Seq, WebhookId, Write};
use countersign_wire::Code;
use tokio::sync::Notify;

use super::super::commit::Commit;
use super::super::{App, Error, Snapshot};
use crate::delivery::Egress;

/// How many announcements are looked at in one transaction.
const PAGE: usize = 200;

impl App {
    /// Makes deliveries of everything that was announced since the last time. Those of a page and the
    /// place behind it are kept together, so that none is lost or made twice.
    pub(crate) async fn fan_out(&self, snapshot: &Snapshot) -> Result<(), Error> {
        loop {
            let from = self.store.delivery_cursor(&snapshot.org).await?;
            let page = self.store.announcements(&snapshot.org, from, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            let writes = self.deliveries_of(snapshot, &page, (from, last.seq));
            let change = Change { org: snapshot.org.clone(), writes, records: Vec::new() };
            match self.commit(change).await? {
                Commit::Done if page.len() < PAGE => return Ok(()),
                Commit::Done => {}
                Commit::Conflict => {
                    return Err(Error::new(Code::Conflict, "the webhooks changed meanwhile"));
                }
            }
        }
    }

    fn deliveries_of(
        &self,
        snapshot: &Snapshot,
        page: &[Announcement],
        (from, to): (Seq, Seq),
    ) -> Vec<Write> {
        let now = self.now();
        let mut writes = vec![Write::DeliveryCursor { from, to }];
        for announcement in page {
            for webhook in snapshot.webhooks().iter().filter(|w| w.wants(announcement)) {
                let id = DeliveryId::new(self.ids.ulid(now));
                let delivery = Delivery::new(id, announcement, webhook, now);
                writes.push(Write::Delivery(Box::new(delivery)));
            }
        }
        writes
    }

    /// What is to be sent to a webhook, the soonest first.
    pub(crate) async fn pending_deliveries(
        &self,
        org: &OrgId,
        webhook: WebhookId,
        limit: usize,
    ) -> Result<Vec<Delivery>, Error> {
        Ok(self.store.pending_deliveries(org, webhook, limit).await?)
    }

    /// Keeps how a call went. If the delivery was asked for again in the meantime, or is gone, that stands.
    pub(crate) async fn attempted(
        &self,
        org: &OrgId,
        delivery: &Delivery,
        attempt: Attempt,
    ) -> Result<(), Error> {
        let took = Duration::from_millis(attempt.millis);
        let next = delivery.clone().attempted(attempt, self.now());
        let status = next.state.status();
        let writes = vec![Write::Delivery(Box::new(next))];
        let change = Change { org: org.clone(), writes, records: Vec::new() };
        match self.commit(change).await? {
            Commit::Done | Commit::Conflict => {
                // Mostly nobody waits for it.
                drop(self.tried.send(delivery.id));
                self.metrics.attempted(status, took);
                Ok(())
            }
        }
    }

    /// A webhook as it is now; `None` once it is gone.
    pub(crate) fn webhook_now(&self, org: &OrgId, id: WebhookId) -> Option<Arc<Webhook>> {
        let snapshot = self.snapshots.of(org)?;
        snapshot.webhooks().iter().find(|webhook| webhook.id == id).cloned()
    }

    /// Every organization as it is now.
    pub(crate) fn snapshots(&self) -> Vec<Arc<Snapshot>> {
        self.snapshots.all()
    }

    /// The only way out.
    pub(crate) const fn egress(&self) -> &Arc<Egress> {
        &self.egress
    }

    /// Tells the worker that something can be sent that nothing announces.
    pub(crate) const fn outgoing(&self) -> &Notify {
        &self.outgoing
    }
}
