//! Figures over many approvals: how many, how fast, by whom.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Status;
use crate::policy::ReasonCode;

/// What the figures are made of: one approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The agent's name when it asked.
    pub agent: String,
    /// What it asked for.
    pub action: String,
    /// Why a person was asked.
    pub reason_code: ReasonCode,
    /// Where it stands.
    pub status: Status,
    /// When it was asked.
    pub created_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// The address of the person who decided it.
    pub approver: Option<String>,
}
