//! New secrets, and trying a webhook out.

use countersign_domain::audit::Kind;
use countersign_domain::identity::Right;
use countersign_domain::notification::{Attempt, Delivery, Event, WebhookSecret, body};
use countersign_domain::{Change, DeliveryId, Recorded, WebhookId, Write};
use serde_json::json;

use super::super::commit::Commit;
use super::super::identities::change;
use super::super::record::fact;
use super::super::{App, Error, IdempotencyKey, SignedIn};
use super::change::changed_meanwhile;
use super::{WithSecret, webhook_with};
use crate::delivery::webhook::{Message, call};

/// What becomes of the secrets before a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretsBefore {
    /// They go on signing for a day beside it, so that nothing is lost while the receiver changes.
    Overlap,
    /// They end at once, because someone else may have them.
    End,
}

impl App {
    /// Gives a webhook a new secret. Those before go on signing for a day beside it, or end at once.
    pub async fn rotate_webhook(
        &self,
        admin: &SignedIn,
        (id, before): (WebhookId, SecretsBefore),
        key: Option<&IdempotencyKey>,
    ) -> Result<WithSecret, Error> {
        admin.must(Right::Administer)?;
        self.must_be_first(admin, key).await?;
        let (now, secret) = (self.now(), WebhookSecret::new(&self.ids.seed()));
        let known = (*webhook_with(admin, id)?).clone();
        let webhook = match before {
            SecretsBefore::Overlap => known.rotate(secret.clone(), now),
            SecretsBefore::End => known.replace_secrets(secret.clone()),
        };
        let ended = before == SecretsBefore::End;
        let data = json!({"webhook_id": id, "end_old": ended});
        let record = fact(Kind::WebhookRotated, &admin.caller, data, now);
        let remembered =
            key.map(|k| k.records(&admin.caller, Recorded::Other(id.to_string()), now));
        let writes = vec![Write::Webhook(webhook.clone())];
        match self.configure(change(admin, writes, vec![record]).under(remembered)).await? {
            Commit::Done => Ok(WithSecret { webhook, secret }),
            Commit::Conflict => Err(changed_meanwhile()),
        }
    }

    /// Calls a webhook now with an event of no meaning, keeps that among what was sent, and tells what came
    /// back. It is not tried again by itself.
    pub async fn test_webhook(&self, admin: &SignedIn, id: WebhookId) -> Result<Attempt, Error> {
        admin.must(Right::Administer)?;
        let (now, webhook) = (self.now(), webhook_with(admin, id)?);
        let data = json!({
            "approval_id": null,
            "decision": null,
            "action": null,
            "context": {},
            "webhook_id": id,
        });
        let delivery = DeliveryId::new(self.ids.ulid(now));
        let body = body(Event::WebhookTest.as_str(), now, &data);
        let message = Message { id: delivery.to_string(), body: body.clone() };
        let attempt = call(&self.egress, &webhook, message, now).await;
        let sent = Delivery::of_test(delivery, id, body, attempt.clone());
        let writes = vec![Write::Delivery(Box::new(sent))];
        let change = Change { org: admin.org().clone(), writes, records: Vec::new() };
        match self.commit(change).await? {
            // A webhook that was removed while it was called takes its list with it.
            Commit::Done | Commit::Conflict => Ok(attempt),
        }
    }
}
