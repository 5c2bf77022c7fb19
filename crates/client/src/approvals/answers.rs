//! A person's yes and no.

use countersign_wire::approvals::{
    ApprovalView, ApproveRequest, AttestRequest, Attested, BulkApproveRequest, BulkDenyRequest,
    BulkOutcome, DenyRequest,
};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::Value;

use crate::{Client, ClientError};

impl Client {
    /// Says yes. The approval that comes back may still be pending, where more yeses are needed.
    pub async fn approve(
        &self,
        id: &str,
        yes: &ApproveRequest,
    ) -> Result<ApprovalView, ClientError> {
        self.read(self.request(Method::POST, &["approvals", id, "approve"])?.json(yes)).await
    }

    /// Says no.
    pub async fn deny(&self, id: &str, no: &DenyRequest) -> Result<ApprovalView, ClientError> {
        self.read(self.request(Method::POST, &["approvals", id, "deny"])?.json(no)).await
    }

    /// Reports, as an agent, what a person said elsewhere; only where the rules permit it.
    pub async fn attest(
        &self,
        id: &str,
        attestation: &AttestRequest,
    ) -> Result<Attested, ClientError> {
        self.read(self.request(Method::POST, &["approvals", id, "attest"])?.json(attestation)).await
    }

    /// Says yes to each of these, one by one.
    pub async fn bulk_approve(&self, yes: &BulkApproveRequest) -> Result<BulkOutcome, ClientError> {
        self.read(self.request(Method::POST, &["approvals", "bulk-approve"])?.json(yes)).await
    }

    /// Says no to each of these, one by one.
    pub async fn bulk_deny(&self, no: &BulkDenyRequest) -> Result<BulkOutcome, ClientError> {
        self.read(self.request(Method::POST, &["approvals", "bulk-deny"])?.json(no)).await
    }

    /// Figures over the approvals created in `from..to`; the server chooses what is `None`.
    pub async fn statistics(
        &self,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Value, ClientError> {
        let period = [("from", from), ("to", to)];
        self.read(self.request(Method::GET, &["approvals", "stats"])?.query(&period)).await
    }
}
