//! Stopping agents and actions, and letting them go on.

use countersign_wire::List;
use countersign_wire::freezes::{FreezeQuery, FreezeRequest, FreezeView};
use reqwest::Method;

use crate::{Client, ClientError};

impl Client {
    /// What is frozen.
    pub async fn freezes(&self) -> Result<List<FreezeView>, ClientError> {
        self.read(self.request(Method::GET, &["freezes"])?).await
    }

    /// Stops something; once this has answered, nothing of it is allowed or used.
    pub async fn freeze(&self, freeze: &FreezeRequest) -> Result<FreezeView, ClientError> {
        self.read(self.request(Method::POST, &["freezes"])?.json(freeze)).await
    }

    /// Lets go on what was stopped.
    pub async fn unfreeze(&self, freeze: &FreezeQuery) -> Result<(), ClientError> {
        let request = self.request(Method::DELETE, &["freezes"])?;
        self.read::<serde::de::IgnoredAny>(request.query(freeze)).await?;
        Ok(())
    }
}
