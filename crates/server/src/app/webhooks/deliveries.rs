//! What was sent, and sending it again.

use std::time::Duration;

use countersign_domain::audit::Kind;
use countersign_domain::identity::Right;
use countersign_domain::notification::{Delivery, DeliveryStatus};
use countersign_domain::{DeliveryId, Recorded, WebhookId, Write};
use countersign_store::DeliveryQuery;
use countersign_wire::Code;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use super::super::commit::Commit;
use super::super::identities::change;
use super::super::record::fact;
use super::super::{App, Error, IdempotencyKey, SignedIn, TRIES};
use super::webhook_with;

/// How long someone who sends a delivery again waits to see how it goes.
const A_MOMENT: Duration = Duration::from_secs(3);

/// A page of deliveries that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryPage {
    /// With this status.
    pub status: Option<DeliveryStatus>,
    /// Made before this one.
    pub before: Option<DeliveryId>,
    /// At most this many.
    pub limit: usize,
}

impl App {
    /// Deliveries to a webhook, newest first.
    pub async fn deliveries(
        &self,
        admin: &SignedIn,
        id: WebhookId,
        page: DeliveryPage,
    ) -> Result<Vec<Delivery>, Error> {
        admin.must(Right::Administer)?;
        let webhook = webhook_with(admin, id)?.id;
        let DeliveryPage { status, before, limit } = page;
        let query = DeliveryQuery { webhook, status, before, limit };
        Ok(self.store.deliveries(admin.org(), &query).await?)
    }

    /// Sends a delivery again, and waits a moment for how it goes: gives it as it stands then.
    pub async fn replay_and_see(
        &self,
        admin: &SignedIn,
        place: (WebhookId, DeliveryId),
    ) -> Result<Delivery, Error> {
        let mut tried = self.tried.subscribe();
        let sent = self.replay(admin, place, None).await?;
        let answered = async {
            loop {
                match tried.recv().await {
                    Ok(id) if id != sent.id => {}
                    Ok(_) | Err(RecvError::Lagged(_) | RecvError::Closed) => return,
                }
            }
        };
        // Whoever takes longer is looked at later.
        let _late: Result<(), Elapsed> = timeout(A_MOMENT, answered).await;
        Ok(self.store.delivery(admin.org(), sent.id).await?.unwrap_or(sent))
    }

    /// Sends a delivery again, at once, whatever became of it before.
    pub async fn replay(
        &self,
        admin: &SignedIn,
        (webhook, id): (WebhookId, DeliveryId),
        key: Option<&IdempotencyKey>,
    ) -> Result<Delivery, Error> {
        admin.must(Right::Administer)?;
        webhook_with(admin, webhook)?;
        for _ in 0..TRIES {
            let found = self.store.delivery(admin.org(), id).await?;
            let before = found.filter(|delivery| delivery.webhook == webhook);
            let before = before.ok_or_else(|| Error::not_found("delivery", &id.to_string()))?;
            if self.recorded(admin.org(), &admin.caller, key).await?.is_some() {
                return Ok(before);
            }
            let now = self.now();
            let delivery = before.replay(now);
            let data = json!({"webhook_id": webhook, "delivery_id": id, "event": delivery.event});
            let mut record = fact(Kind::WebhookReplayed, &admin.caller, data, now);
            record.approval = delivery.approval;
            let remembered =
                key.map(|k| k.records(&admin.caller, Recorded::Other(id.to_string()), now));
            let writes = vec![Write::Delivery(Box::new(delivery.clone()))];
            let asked = change(admin, writes, vec![record]).under(remembered);
            if self.commit(asked).await? == Commit::Done {
                self.outgoing.notify_one();
                return Ok(delivery);
            }
        }
        Err(Error::new(Code::Conflict, "it was being sent at the same moment"))
    }
}
