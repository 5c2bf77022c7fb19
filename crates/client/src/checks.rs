//! Checks: may this run?

use countersign_wire::checks::{BatchRequest, BatchView, CheckRequest, VerdictView};
use reqwest::Method;

use crate::client::IDEMPOTENCY_KEY;
use crate::{Client, ClientError};

impl Client {
    /// Asks whether several things may run, one after the other.
    pub async fn check_batch(
        &self,
        batch: &BatchRequest,
        idempotency_key: Option<&str>,
    ) -> Result<BatchView, ClientError> {
        let mut request = self.request(Method::POST, &["checks", "batch"])?.json(batch);
        if let Some(key) = idempotency_key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        self.read(request).await
    }

    /// Asks whether something may run. Only `allowed` means yes. With an idempotency key, sending the same
    /// check again gives the same answer.
    pub async fn check(
        &self,
        check: &CheckRequest,
        idempotency_key: Option<&str>,
    ) -> Result<VerdictView, ClientError> {
        let mut request = self.request(Method::POST, &["checks"])?.json(check);
        if let Some(key) = idempotency_key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        self.read(request).await
    }
}
