//! Webhooks: addresses outside that are told what happens.

mod delivery;

pub use delivery::{AttemptView, DeliveryView};

use countersign_domain::notification::{Event, Webhook, WebhookStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A webhook to add.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookRequest {
    /// Where it is called, with `http` or `https`.
    pub url: String,
    /// The events it wants, for example `approval.approved`; empty means all.
    #[serde(default)]
    pub events: Vec<String>,
}

/// What to change about a webhook; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookPatch {
    /// Where it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The events it wants; empty means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<String>>,
    /// `active` or `disabled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub status: Option<WebhookStatus>,
}

/// A new secret for a webhook.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateRequest {
    /// Whether the secrets before end at once, as after a leak, instead of signing beside the new one for
    /// 24 hours.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub end_old: bool,
}

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookView {
    /// Its id.
    pub id: String,
    /// Where it is called.
    pub url: String,
    /// The events it wants; empty means all.
    #[schema(value_type = Vec<String>)]
    pub events: Vec<Event>,
    /// `active` or `disabled`.
    #[schema(value_type = String)]
    pub status: WebhookStatus,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Until when the secret before signs as well.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub old_secret_until: Option<Timestamp>,
    /// Its secret; shown once, when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

impl From<&Webhook> for WebhookView {
    fn from(webhook: &Webhook) -> Self {
        Self {
            id: webhook.id.to_string(),
            url: webhook.url.clone(),
            events: webhook.events.clone(),
            status: webhook.status,
            created_at: webhook.created_at,
            old_secret_until: webhook.secrets.iter().filter_map(|s| s.valid_until).max(),
            secret: None,
        }
    }
}
