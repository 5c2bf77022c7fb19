//! Events: their names, and what is kept of each until the world is told.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{AgentId, ApprovalId, Seq};

/// An event, by its public name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Event {
    /// An approval was opened.
    #[serde(rename = "approval.created")]
    ApprovalCreated,
    /// Something about a pending approval changed: a question, an answer, a yes, a comment.
    #[serde(rename = "approval.updated")]
    ApprovalUpdated,
    /// It was approved.
    #[serde(rename = "approval.approved")]
    ApprovalApproved,
    /// It was denied.
    #[serde(rename = "approval.denied")]
    ApprovalDenied,
    /// Its time ran out.
    #[serde(rename = "approval.expired")]
    ApprovalExpired,
    /// It was withdrawn.
    #[serde(rename = "approval.canceled")]
    ApprovalCanceled,
    /// The state of its run changed.
    #[serde(rename = "approval.executed")]
    ApprovalExecuted,
    /// A check was denied.
    #[serde(rename = "check.denied")]
    CheckDenied,
    /// A budget is nearly used up.
    #[serde(rename = "budget.near_limit")]
    BudgetNearLimit,
    /// Nothing happened: an admin tried a webhook out. It is never announced, and no webhook can choose it.
    #[serde(rename = "webhook.test")]
    WebhookTest,
}

impl Event {
    /// Every event that is announced.
    pub const ALL: [Self; 9] = [
        Self::ApprovalCreated,
        Self::ApprovalUpdated,
        Self::ApprovalApproved,
        Self::ApprovalDenied,
        Self::ApprovalExpired,
        Self::ApprovalCanceled,
        Self::ApprovalExecuted,
        Self::CheckDenied,
        Self::BudgetNearLimit,
    ];

    /// The public name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApprovalCreated => "approval.created",
            Self::ApprovalUpdated => "approval.updated",
            Self::ApprovalApproved => "approval.approved",
            Self::ApprovalDenied => "approval.denied",
            Self::ApprovalExpired => "approval.expired",
            Self::ApprovalCanceled => "approval.canceled",
            Self::ApprovalExecuted => "approval.executed",
            Self::CheckDenied => "check.denied",
            Self::BudgetNearLimit => "budget.near_limit",
            Self::WebhookTest => "webhook.test",
        }
    }

    /// When it is told, for the published reference.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::ApprovalCreated => "an approval was opened",
            Self::ApprovalUpdated => {
                "a question, an answer, a yes that is not the last, or a comment"
            }
            Self::ApprovalApproved => "the last yes was said",
            Self::ApprovalDenied => "a person said no",
            Self::ApprovalExpired => "its time ran out",
            Self::ApprovalCanceled => "it was withdrawn",
            Self::ApprovalExecuted => "the state of its run changed",
            Self::CheckDenied => "a check was denied",
            Self::BudgetNearLimit => "a budget is nearly used up; told once per window",
            Self::WebhookTest => "an admin tried the webhook out",
        }
    }
}

/// Why a text is not an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not an event: use {}", crate::display::sanitise(.0), Event::ALL.map(Event::as_str).join(", "))]
pub struct EventError(String);

impl FromStr for Event {
    type Err = EventError;

    fn from_str(text: &str) -> Result<Self, EventError> {
        let found = Self::ALL.into_iter().find(|event| event.as_str() == text);
        found.ok_or_else(|| EventError(text.to_owned()))
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An event before it has its place: what happened, and what the world is told about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub event: Event,
    /// The details as they are now; an object, secrets already redacted.
    pub data: Value,
}

/// One row of the outbox: an event that was committed and is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// The place of its record; the id by which a stream resumes.
    pub seq: Seq,
    /// What happened.
    pub event: Event,
    /// When.
    pub at: Timestamp,
    /// The agent it is about.
    pub agent_id: Option<AgentId>,
    /// The approval it is about.
    pub approval_id: Option<ApprovalId>,
    /// The details as they were then; webhooks carry them, streams do not.
    pub data: Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_one_name() {
        for event in Event::ALL {
            assert_eq!(serde_json::to_value(event).unwrap(), event.as_str());
            assert_eq!(event.as_str().parse(), Ok(event));
        }
        let refused = "approval.maybe\n".parse::<Event>().unwrap_err().to_string();
        assert!(
            refused.starts_with("`approval.maybe\\u{a}` is not an event: use approval.created, ")
        );
    }
}
