//! Budgets, costs and grants.

use countersign_wire::List;
use countersign_wire::budgets::BudgetView;
use countersign_wire::costs::{CostRequest, CostView};
use countersign_wire::grants::{GrantPreview, GrantRequest, GrantView};
use reqwest::Method;

use crate::client::IDEMPOTENCY_KEY;
use crate::{Client, ClientError};

impl Client {
    /// How every budget stands.
    pub async fn budgets(&self) -> Result<List<BudgetView>, ClientError> {
        self.read(self.request(Method::GET, &["budgets"])?).await
    }

    /// Tells what something really cost. With an idempotency key it is counted once, however often it is sent.
    pub async fn report_cost(
        &self,
        cost: &CostRequest,
        idempotency_key: Option<&str>,
    ) -> Result<CostView, ClientError> {
        let mut request = self.request(Method::POST, &["costs"])?.json(cost);
        if let Some(key) = idempotency_key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        self.read(request).await
    }

    /// Every grant, with what was used of it.
    pub async fn grants(&self) -> Result<List<GrantView>, ClientError> {
        self.read(self.request(Method::GET, &["grants"])?).await
    }

    /// Allows what an approval is about again, within bounds, or says what that would cover.
    pub async fn grant_again(
        &self,
        approval: &str,
        grant: &GrantRequest,
    ) -> Result<GrantPreview, ClientError> {
        let request = self.request(Method::POST, &["approvals", approval, "grant"])?;
        self.read(request.json(grant)).await
    }

    /// Takes a grant back, at once.
    pub async fn revoke_grant(&self, name: &str) -> Result<(), ClientError> {
        let request = self.request(Method::DELETE, &["grants", name])?;
        self.read::<serde::de::IgnoredAny>(request).await?;
        Ok(())
    }
}
