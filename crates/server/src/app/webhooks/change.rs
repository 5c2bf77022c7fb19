//! Adding, changing and removing webhooks.

use std::sync::Arc;

use countersign_domain::audit::Kind;
use countersign_domain::identity::Right;
use countersign_domain::notification::{SigningSecret, Webhook, WebhookSecret, WebhookStatus};
use countersign_domain::{Recorded, Revision, WebhookId, Write};
use countersign_wire::Code;
use serde_json::json;

use super::super::commit::Commit;
use super::super::identities::change;
use super::super::record::fact;
use super::super::{App, Error, IdempotencyKey, SignedIn};
use super::{NewWebhook, WebhookChange, WithSecret, webhook_with};

impl App {
    /// Every webhook, the oldest first.
    pub fn webhooks(&self, admin: &SignedIn) -> Result<Vec<Arc<Webhook>>, Error> {
        admin.must(Right::Administer)?;
        Ok(admin.snapshot.webhooks().to_vec())
    }

    /// Adds a webhook and makes its secret.
    pub async fn create_webhook(
        &self,
        admin: &SignedIn,
        new: NewWebhook,
        key: Option<&IdempotencyKey>,
    ) -> Result<WithSecret, Error> {
        admin.must(Right::Administer)?;
        self.must_be_first(admin, key).await?;
        let (now, secret) = (self.now(), WebhookSecret::new(&self.ids.seed()));
        let webhook = Webhook {
            id: WebhookId::new(self.ids.ulid(now)),
            revision: Revision::FIRST,
            url: self.callable(&new.url)?,
            events: new.events,
            status: WebhookStatus::Active,
            created_at: now,
            secrets: vec![SigningSecret { secret: secret.clone(), valid_until: None }],
        };
        let record = fact(Kind::WebhookCreated, &admin.caller, json!({"webhook": webhook}), now);
        let mut writes = vec![Write::Webhook(webhook.clone())];
        writes.extend(self.skipping_the_past(admin).await?);
        let remembered =
            key.map(|k| k.records(&admin.caller, Recorded::Other(webhook.id.to_string()), now));
        match self.configure(change(admin, writes, vec![record]).under(remembered)).await? {
            Commit::Done => Ok(WithSecret { webhook, secret }),
            Commit::Conflict => Err(changed_meanwhile()),
        }
    }

    /// Changes a webhook.
    pub async fn change_webhook(
        &self,
        admin: &SignedIn,
        id: WebhookId,
        wanted: WebhookChange,
    ) -> Result<Webhook, Error> {
        admin.must(Right::Administer)?;
        let before = webhook_with(admin, id)?;
        let url = wanted.url.map(|url| self.callable(&url)).transpose()?;
        let webhook = Webhook {
            revision: before.revision.next(),
            url: url.unwrap_or_else(|| before.url.clone()),
            events: wanted.events.unwrap_or_else(|| before.events.clone()),
            status: wanted.status.unwrap_or(before.status),
            ..(*before).clone()
        };
        let data = json!({"before": *before, "after": webhook});
        let record = fact(Kind::WebhookChanged, &admin.caller, data, self.now());
        let mut writes = vec![Write::Webhook(webhook.clone())];
        if webhook.is_active() {
            writes.extend(self.skipping_the_past(admin).await?);
        }
        match self.configure(change(admin, writes, vec![record])).await? {
            Commit::Done => {
                self.outgoing.notify_one();
                Ok(webhook)
            }
            Commit::Conflict => Err(changed_meanwhile()),
        }
    }

    /// Removes a webhook and everything that is on its way to it.
    pub async fn remove_webhook(&self, admin: &SignedIn, id: WebhookId) -> Result<(), Error> {
        admin.must(Right::Administer)?;
        let webhook = webhook_with(admin, id)?;
        let data = json!({"webhook": *webhook});
        let record = fact(Kind::WebhookRemoved, &admin.caller, data, self.now());
        match self.configure(change(admin, vec![Write::WebhookRemoved(id)], vec![record])).await? {
            Commit::Done => Ok(()),
            Commit::Conflict => Err(Error::not_found("webhook", &id.to_string())),
        }
    }

    /// The URL as it is kept, if it can ever be called. What a name leads to is seen at each call.
    fn callable(&self, url: &str) -> Result<String, Error> {
        let checked = self.egress.check(url);
        checked.map(String::from).map_err(|refusal| Error::invalid("$.url", refusal))
    }

    /// While no webhook is active nobody looks through the outbox; the first one starts at its end.
    async fn skipping_the_past(&self, admin: &SignedIn) -> Result<Option<Write>, Error> {
        if admin.snapshot.webhooks().iter().any(|webhook| webhook.is_active()) {
            return Ok(None);
        }
        let from = self.store.delivery_cursor(admin.org()).await?;
        let to = self.store.head(admin.org()).await?.seq;
        Ok((from < to).then_some(Write::DeliveryCursor { from, to }))
    }
}

pub(super) fn changed_meanwhile() -> Error {
    Error::new(Code::Conflict, "someone else changed the webhooks")
}
