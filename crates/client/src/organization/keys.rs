//! Keys of the three kinds.

use countersign_wire::List;
use countersign_wire::keys::{KeyRequest, KeyView};
use reqwest::Method;

use crate::{Client, ClientError};

impl Client {
    /// Every key; never a secret.
    pub async fn keys(&self) -> Result<List<KeyView>, ClientError> {
        self.read(self.request(Method::GET, &["keys"])?).await
    }

    /// Makes a key; its secret is in the answer, and only there.
    pub async fn create_key(&self, key: &KeyRequest) -> Result<KeyView, ClientError> {
        self.read(self.request(Method::POST, &["keys"])?.json(key)).await
    }

    /// Makes a key stop working.
    pub async fn revoke_key(&self, id: &str) -> Result<(), ClientError> {
        let request = self.request(Method::DELETE, &["keys", id])?;
        self.read::<serde::de::IgnoredAny>(request).await?;
        Ok(())
    }
}
