//! Who answers in whose place, and when.

use countersign_wire::List;
use countersign_wire::people::{DelegationQuery, DelegationRequest, DelegationView};
use reqwest::Method;

use crate::{Client, ClientError};

impl Client {
    /// Who answers in whose place, the oldest first.
    pub async fn delegations(
        &self,
        query: DelegationQuery,
    ) -> Result<List<DelegationView>, ClientError> {
        self.read(self.request(Method::GET, &["delegations"])?.query(&query)).await
    }

    /// Lets another person answer in one's own place for a time; as an admin also in someone else's.
    pub async fn delegate(
        &self,
        delegation: &DelegationRequest,
    ) -> Result<DelegationView, ClientError> {
        self.read(self.request(Method::POST, &["delegations"])?.json(delegation)).await
    }

    /// Ends a delegation before its time.
    pub async fn end_delegation(&self, id: &str) -> Result<DelegationView, ClientError> {
        self.read(self.request(Method::DELETE, &["delegations", id])?).await
    }
}
