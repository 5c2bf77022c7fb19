//! Webhooks, and what is on its way to them.

use countersign_domain::notification::DeliveryStatus;
use countersign_wire::List;
use countersign_wire::webhooks::{
    AttemptView, DeliveryView, RotateRequest, WebhookPatch, WebhookRequest, WebhookView,
};
use reqwest::Method;
use serde::Serialize;
use serde_json::json;

use crate::{Client, ClientError};

/// Which deliveries are wanted, newest first; a filter that is `None` lets everything pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DeliveryQuery {
    /// With this state.
    pub state: Option<DeliveryStatus>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// At most this many, and at most 200.
    pub limit: Option<usize>,
}

impl Client {
    /// Every webhook; never a secret.
    pub async fn webhooks(&self) -> Result<List<WebhookView>, ClientError> {
        self.read(self.request(Method::GET, &["webhooks"])?).await
    }

    /// Adds a webhook; its secret is in the answer, and only there.
    pub async fn create_webhook(
        &self,
        webhook: &WebhookRequest,
    ) -> Result<WebhookView, ClientError> {
        self.read(self.request(Method::POST, &["webhooks"])?.json(webhook)).await
    }

    /// Changes a webhook.
    pub async fn change_webhook(
        &self,
        id: &str,
        patch: &WebhookPatch,
    ) -> Result<WebhookView, ClientError> {
        self.read(self.request(Method::PATCH, &["webhooks", id])?.json(patch)).await
    }

    /// Removes a webhook and everything that is on its way to it.
    pub async fn remove_webhook(&self, id: &str) -> Result<(), ClientError> {
        let request = self.request(Method::DELETE, &["webhooks", id])?;
        self.read::<serde::de::IgnoredAny>(request).await?;
        Ok(())
    }

    /// Gives a webhook a new secret, which is in the answer, and only there.
    pub async fn rotate_webhook(
        &self,
        id: &str,
        how: RotateRequest,
    ) -> Result<WebhookView, ClientError> {
        let request = self.request(Method::POST, &["webhooks", id, "rotate"])?;
        self.read(request.json(&how)).await
    }

    /// Calls a webhook now with an event of no meaning; gives how it answered.
    pub async fn test_webhook(&self, id: &str) -> Result<AttemptView, ClientError> {
        let request = self.request(Method::POST, &["webhooks", id, "test"])?;
        self.read(request.json(&json!({}))).await
    }

    /// What was sent to a webhook and how it answered.
    pub async fn deliveries(
        &self,
        id: &str,
        query: &DeliveryQuery,
    ) -> Result<List<DeliveryView>, ClientError> {
        self.read(self.request(Method::GET, &["webhooks", id, "deliveries"])?.query(query)).await
    }

    /// Sends a delivery again, at once.
    pub async fn replay(&self, id: &str, delivery: &str) -> Result<DeliveryView, ClientError> {
        let path = ["webhooks", id, "deliveries", delivery, "replay"];
        self.read(self.request(Method::POST, &path)?.json(&json!({}))).await
    }
}
