//! Capability tokens.

use countersign_wire::List;
use countersign_wire::tokens::{RevocationRequest, RevocationView, TokenRequest, TokenView};
use reqwest::Method;

use crate::{Client, ClientError};

impl Client {
    /// Every minted capability token; never a token itself.
    pub async fn tokens(&self) -> Result<List<TokenView>, ClientError> {
        self.read(self.request(Method::GET, &["tokens"])?).await
    }

    /// Mints a capability token; it is in the answer, and only there.
    pub async fn mint_token(&self, token: &TokenRequest) -> Result<TokenView, ClientError> {
        self.read(self.request(Method::POST, &["tokens"])?.json(token)).await
    }

    /// Every revoked block.
    pub async fn revocations(&self) -> Result<List<RevocationView>, ClientError> {
        self.read(self.request(Method::GET, &["tokens", "revocations"])?).await
    }

    /// Makes a token, or a block of one, worth nothing.
    pub async fn revoke_token(&self, what: &RevocationRequest) -> Result<(), ClientError> {
        let request = self.request(Method::POST, &["tokens", "revocations"])?.json(what);
        self.read::<serde::de::IgnoredAny>(request).await?;
        Ok(())
    }
}
