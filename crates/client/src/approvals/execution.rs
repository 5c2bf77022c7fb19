//! Using an approval, and saying how that ended.

use countersign_wire::approvals::{
    ApprovalView, RedeemRequest, Redeemed, ResolveRequest, ResultRequest,
};
use reqwest::Method;

use crate::{Client, ClientError};

impl Client {
    /// Claims the one use of an approval, with exactly the parameters that are about to be used.
    pub async fn redeem(&self, id: &str, use_of: &RedeemRequest) -> Result<Redeemed, ClientError> {
        self.read(self.request(Method::POST, &["approvals", id, "redeem"])?.json(use_of)).await
    }

    /// Reports how the run ended.
    pub async fn report(
        &self,
        id: &str,
        result: &ResultRequest,
    ) -> Result<ApprovalView, ClientError> {
        self.read(self.request(Method::POST, &["approvals", id, "result"])?.json(result)).await
    }

    /// Says, as a person, how a run ended whose end was not seen.
    pub async fn resolve(
        &self,
        id: &str,
        resolve: &ResolveRequest,
    ) -> Result<ApprovalView, ClientError> {
        self.read(self.request(Method::POST, &["approvals", id, "resolve"])?.json(resolve)).await
    }
}
