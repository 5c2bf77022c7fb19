//! One event on its way to one webhook.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Announcement, Event, Webhook, pause};
use crate::{ApprovalId, DeliveryId, Revision, Seq, WebhookId, time};

/// How many attempts are remembered; of more, the last ones.
const REMEMBERED: usize = 50;

/// A delivery as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id; the receiver knows a repeated message by it.
    pub id: DeliveryId,
    /// How often it was written.
    pub revision: Revision,
    /// To whom.
    pub webhook: WebhookId,
    /// The place of the event in the record; 0 for a test.
    pub seq: Seq,
    /// What happened.
    pub event: Event,
    /// The approval it is about.
    pub approval: Option<ApprovalId>,
    /// What is sent, byte for byte the same each time.
    pub body: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Where it stands.
    pub state: DeliveryState,
    /// What was tried, in order.
    pub attempts: Vec<Attempt>,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is tried, or will be.
    Pending {
        /// When next.
        next_at: Timestamp,
        /// How often it failed since it was made or asked for again.
        failures: usize,
    },
    /// The receiver took it.
    Delivered {
        /// When.
        at: Timestamp,
    },
    /// It was tried for three days, or was a test. It is kept, to be asked for again.
    Failed {
        /// When it was given up.
        at: Timestamp,
    },
}

/// The name of a [`DeliveryState`], for filters and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// It is tried, or will be.
    Pending,
    /// The receiver took it.
    Delivered,
    /// It was tried for three days.
    Failed,
}

/// One call of the receiver, and how it answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it was called.
    pub at: Timestamp,
    /// The HTTP status of its answer; anything but a 2xx is a failure.
    pub status: Option<u16>,
    /// The first characters of its answer.
    pub answer: Option<String>,
    /// Why there is no answer.
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

impl Attempt {
    /// Whether the receiver took it.
    pub fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

impl Delivery {
    /// A delivery of what was announced, to be tried at once.
    pub fn new(id: DeliveryId, of: &Announcement, to: &Webhook, now: Timestamp) -> Self {
        Self {
            id,
            revision: Revision::FIRST,
            webhook: to.id,
            seq: of.seq,
            event: of.event,
            approval: of.approval_id,
            body: body(of.event.as_str(), of.at, &of.data),
            created_at: now,
            state: DeliveryState::Pending { next_at: now, failures: 0 },
            attempts: Vec::new(),
        }
    }

    /// A test as it went: it is over, and is tried again only when somebody asks for that.
    pub fn of_test(id: DeliveryId, to: WebhookId, body: String, attempt: Attempt) -> Self {
        let at = attempt.at;
        let state = if attempt.succeeded() {
            DeliveryState::Delivered { at }
        } else {
            DeliveryState::Failed { at }
        };
        Self {
            id,
            revision: Revision::FIRST,
            webhook: to,
            // It is about nothing in the record.
            seq: Seq(0),
            event: Event::WebhookTest,
            approval: None,
            body,
            created_at: at,
            state,
            attempts: vec![attempt],
        }
    }

    /// The receiver was called: that was it, or it is tried again after a pause, or it is given up.
    pub fn attempted(mut self, attempt: Attempt, now: Timestamp) -> Self {
        let failures = match self.state {
            DeliveryState::Pending { failures, .. } => failures + 1,
            DeliveryState::Delivered { .. } | DeliveryState::Failed { .. } => 1,
        };
        self.state = match (attempt.succeeded(), pause(failures)) {
            (true, _) => DeliveryState::Delivered { at: now },
            (false, Some(pause)) => {
                DeliveryState::Pending { next_at: time::after(now, pause), failures }
            }
            (false, None) => DeliveryState::Failed { at: now },
        };
        self.attempts.push(attempt);
        let forgotten = self.attempts.len().saturating_sub(REMEMBERED);
        self.attempts.drain(..forgotten);
        self.revision = self.revision.next();
        self
    }

    /// It is asked for again, whatever became of it: tried at once, and then as if it were new.
    pub fn replay(mut self, now: Timestamp) -> Self {
        self.state = DeliveryState::Pending { next_at: now, failures: 0 };
        self.revision = self.revision.next();
        self
    }

    /// When it arrived or was given up, if it was.
    pub const fn ended_at(&self) -> Option<Timestamp> {
        match self.state {
            DeliveryState::Pending { .. } => None,
            DeliveryState::Delivered { at } | DeliveryState::Failed { at } => Some(at),
        }
    }

    /// When it is tried next, if it is.
    pub const fn next_at(&self) -> Option<Timestamp> {
        match self.state {
            DeliveryState::Pending { next_at, .. } => Some(next_at),
            DeliveryState::Delivered { .. } | DeliveryState::Failed { .. } => None,
        }
    }
}

impl DeliveryState {
    /// The name of the state.
    pub const fn status(&self) -> DeliveryStatus {
        match self {
            Self::Pending { .. } => DeliveryStatus::Pending,
            Self::Delivered { .. } => DeliveryStatus::Delivered,
            Self::Failed { .. } => DeliveryStatus::Failed,
        }
    }
}

impl DeliveryStatus {
    /// The public name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// The body of a message, as Standard Webhooks has it.
pub fn body(kind: &str, at: Timestamp, data: &Value) -> String {
    json!({"type": kind, "timestamp": at, "data": data}).to_string()
}
