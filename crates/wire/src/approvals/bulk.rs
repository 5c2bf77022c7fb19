//! Answering several approvals, exactly those that are listed, one by one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Problem;

/// A yes to each of these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkApproveRequest {
    /// Which.
    pub approval_ids: Vec<String>,
    /// Notes for the agents and the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// A no to each of these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkDenyRequest {
    /// Which.
    pub approval_ids: Vec<String>,
    /// Why; the agents are told.
    #[serde(default)]
    #[schema(required)]
    pub reason: String,
    /// Notes for the agents and the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// What became of one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BulkResult {
    /// Which.
    pub approval_id: String,
    /// Its status after the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Why it was not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Problem>,
}

/// How many were answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BulkSummary {
    /// How many got a yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<usize>,
    /// How many got a no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denied: Option<usize>,
    /// How many were not answered.
    pub errors: usize,
}

/// What became of all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BulkOutcome {
    /// One by one, in the order of the request.
    pub results: Vec<BulkResult>,
    /// In sum.
    pub summary: BulkSummary,
}
