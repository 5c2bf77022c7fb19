//! Webhooks: added, changed and removed by admins, and what is on its way to them.

mod change;
mod deliveries;
mod outgoing;
mod retention;
mod secret;

use std::sync::Arc;

use countersign_domain::WebhookId;
use countersign_domain::notification::{Event, Webhook, WebhookSecret, WebhookStatus};

pub use deliveries::DeliveryPage;
pub use secret::SecretsBefore;

use super::{Error, SignedIn};

/// A webhook to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// Where it is called.
    pub url: String,
    /// The events it wants; empty means all.
    pub events: Vec<Event>,
}

/// What to change about a webhook; `None` leaves it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookChange {
    /// Where it is called.
    pub url: Option<String>,
    /// The events it wants; empty means all.
    pub events: Option<Vec<Event>>,
    /// Whether it is called.
    pub status: Option<WebhookStatus>,
}

/// A webhook with its new secret, which is shown once.
#[derive(Debug)]
pub struct WithSecret {
    /// The webhook.
    pub webhook: Webhook,
    /// The new secret.
    pub secret: WebhookSecret,
}

fn webhook_with(admin: &SignedIn, id: WebhookId) -> Result<Arc<Webhook>, Error> {
    let found = admin.snapshot.webhooks().iter().find(|webhook| webhook.id == id);
    found.cloned().ok_or_else(|| Error::not_found("webhook", &id.to_string()))
}
