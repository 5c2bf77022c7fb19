//! New secrets, and trying a webhook out.

use countersign_domain::audit::Kind;
use countersign_domain::identity::Right;
use countersign_domain::notification::{Attempt, WebhookSecret, body};
use countersign_domain::{DeliveryId, Recorded, WebhookId, Write};
use serde_json::json;

use super::super::commit::Commit;
use super::super::identities::change;
use super::super::record::fact;
use super::super::{App, Error, IdempotencyKey, SignedIn};
use super::change::changed_meanwhile;
use super::{WithSecret, webhook_with};
use crate::delivery::webhook::{Message, call};

/// The event that tries a webhook out. It is about nothing, so that no webhook can choose it.
const TEST: &str = "webhook.test";

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

    /// Calls a webhook now with an event of no meaning, and tells what came back. It is not tried again.
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
        let message = Message {
            id: DeliveryId::new(self.ids.ulid(now)).to_string(),
            body: body(TEST, now, &data),
        };
        Ok(call(&self.egress, &webhook, message, now).await)
    }
}
