//! The record.

use countersign_domain::audit::Record;
use countersign_wire::List;
use countersign_wire::audit::CheckpointView;
use jiff::Timestamp;
use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

use super::Lines;
use crate::{Client, ClientError};

/// Which records are wanted, in order of their place; every filter that is `None` lets everything pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RecordQuery {
    /// With all of these words, wherever they stand.
    pub q: Option<String>,
    /// Done by this person, by address or id.
    pub by: Option<String>,
    /// After this place; with `newest`, before it.
    pub after: Option<u64>,
    /// At most this many, and at most 1000.
    pub limit: Option<usize>,
    /// About this approval.
    pub approval_id: Option<String>,
    /// About this agent, by id or name.
    pub agent_id: Option<String>,
    /// At or after.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
    /// Of this kind, for example `approval.denied`.
    pub kind: Option<String>,
    /// The last ones instead of the first.
    pub newest: Option<bool>,
}

impl Client {
    /// Records, in order.
    pub async fn records(&self, query: &RecordQuery) -> Result<List<Record>, ClientError> {
        self.read(self.request(Method::GET, &["audit"])?.query(query)).await
    }

    /// Where the record stands now, signed.
    pub async fn checkpoint(&self) -> Result<CheckpointView, ClientError> {
        self.read(self.request(Method::GET, &["audit", "checkpoint"])?).await
    }

    /// The public keys that the server signs receipts and checkpoints with, as a JSON Web Key Set.
    pub async fn signing_keys(&self) -> Result<Value, ClientError> {
        self.read(self.well_known("jwks.json")?).await
    }

    /// The whole record as JSON Lines, exactly as the server writes them.
    pub async fn export(&self) -> Result<Lines, ClientError> {
        let request = self.stream(&["audit", "export"])?;
        Ok(Lines::of(self.open(request).await?))
    }
}
