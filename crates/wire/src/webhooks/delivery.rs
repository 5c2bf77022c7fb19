//! What was sent to a webhook, and how it answered.

use countersign_domain::notification::{Attempt, Delivery, DeliveryState, DeliveryStatus, Event};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One event on its way to one webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryView {
    /// Its id; the receiver sees it as `webhook-id`, the same at every attempt.
    pub id: String,
    /// What happened.
    #[schema(value_type = String)]
    pub event: Event,
    /// The approval it is about.
    pub approval_id: Option<String>,
    /// `pending`, `delivered` or `failed`.
    #[schema(value_type = String)]
    pub state: DeliveryStatus,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it is tried next, while it is pending.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_at: Option<Timestamp>,
    /// When the receiver took it, or when it was given up.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// What was tried, in order.
    pub attempts: Vec<AttemptView>,
}

/// One call of a receiver, and how it answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttemptView {
    /// When it was called.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Whether it took the message: a 2xx.
    pub succeeded: bool,
    /// The HTTP status of its answer.
    pub status: Option<u16>,
    /// The first characters of its answer.
    pub answer: Option<String>,
    /// Why there is no answer.
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

impl From<&Delivery> for DeliveryView {
    fn from(delivery: &Delivery) -> Self {
        let ended_at = match delivery.state {
            DeliveryState::Pending { .. } => None,
            DeliveryState::Delivered { at } | DeliveryState::Failed { at } => Some(at),
        };
        Self {
            id: delivery.id.to_string(),
            event: delivery.event,
            approval_id: delivery.approval.map(|id| id.to_string()),
            state: delivery.state.status(),
            created_at: delivery.created_at,
            next_at: delivery.next_at(),
            ended_at,
            attempts: delivery.attempts.iter().map(AttemptView::from).collect(),
        }
    }
}

impl From<&Attempt> for AttemptView {
    fn from(attempt: &Attempt) -> Self {
        Self {
            at: attempt.at,
            succeeded: attempt.succeeded(),
            status: attempt.status,
            answer: attempt.answer.clone(),
            error: attempt.error.clone(),
            millis: attempt.millis,
        }
    }
}
