//! The record as it crosses the network; its lines are those of the domain.

use countersign_domain::identity::{Caller, CallerKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A record, for the OpenAPI document; its fields are those of the export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecordView {
    /// Its place, from 1.
    pub seq: u64,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub at: jiff::Timestamp,
    /// Whose log this is.
    pub org: String,
    /// What happened.
    pub kind: String,
    /// Who did it.
    pub caller: serde_json::Value,
    /// The agent it is about.
    pub agent_id: Option<String>,
    /// The approval it is about.
    pub approval_id: Option<String>,
    /// The digest of the proposal it is about.
    pub digest: Option<String>,
    /// The details.
    pub data: serde_json::Value,
    /// The hash of the record before it.
    pub prev: String,
    /// SHA-256 over the canonical form of all fields above.
    pub hash: String,
}

/// Where the record stood at a moment, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckpointView {
    /// Whose record it is.
    pub org: String,
    /// How many records there were.
    pub records: u64,
    /// The hash of the last one.
    pub head: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: jiff::Timestamp,
    /// The same as a signed note (C2SP `signed-note`, Ed25519), which is what to keep.
    pub note: String,
}

/// A caller in one word: `agent:support`, `person:ana@example.com`, `system`.
pub fn caller_text(caller: &Caller) -> String {
    let kind = match caller.kind {
        CallerKind::Agent => "agent",
        CallerKind::Application => "application",
        CallerKind::Person => "person",
        CallerKind::System => return "system".to_owned(),
    };
    format!("{kind}:{}", caller.name)
}
