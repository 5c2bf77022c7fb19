//! Asking for a person, and withdrawing that.

use countersign_wire::approvals::{ApprovalView, AskRequest, CancelRequest};
use reqwest::Method;

use crate::client::IDEMPOTENCY_KEY;
use crate::{Client, ClientError};

impl Client {
    /// Asks for a person on the agent's own initiative. With an idempotency key, asking the same again
    /// gives the same approval; without, a second one is opened.
    pub async fn ask(
        &self,
        ask: &AskRequest,
        idempotency_key: Option<&str>,
    ) -> Result<ApprovalView, ClientError> {
        let mut request = self.request(Method::POST, &["approvals"])?.json(ask);
        if let Some(key) = idempotency_key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        self.read(request).await
    }

    /// Withdraws a request.
    pub async fn cancel(
        &self,
        id: &str,
        cancel: &CancelRequest,
    ) -> Result<ApprovalView, ClientError> {
        self.read(self.request(Method::POST, &["approvals", id, "cancel"])?.json(cancel)).await
    }
}
