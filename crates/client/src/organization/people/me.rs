//! Whose key this is.

use countersign_wire::Me;
use reqwest::Method;

use crate::{Client, ClientError};

impl Client {
    /// Whose key this client uses.
    pub async fn me(&self) -> Result<Me, ClientError> {
        self.read(self.request(Method::GET, &["me"])?).await
    }
}
