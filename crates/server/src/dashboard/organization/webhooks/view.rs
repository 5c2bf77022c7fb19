//! Webhooks, and what was sent to them, as rows.

use countersign_domain::display;
use countersign_domain::notification::{Attempt, Delivery, DeliveryState, Webhook};

use crate::dashboard::layout::{Moment, Text};

/// A webhook as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) url: Text,
    /// The same, as a form sends it.
    pub(super) raw: String,
    pub(super) events: Vec<&'static str>,
    pub(super) is_active: bool,
    pub(super) since: Moment,
}

/// A delivery as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeliveryLine {
    pub(super) id: String,
    pub(super) event: &'static str,
    pub(super) approval: Option<String>,
    pub(super) status: &'static str,
    /// Whether it was not tried yet since it was made or asked for again.
    pub(super) waits: bool,
    pub(super) made: Moment,
    pub(super) next: Option<Moment>,
    pub(super) attempts: Vec<AttemptLine>,
    pub(super) body: Text,
}

/// An attempt as a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttemptLine {
    pub(super) at: Moment,
    pub(super) went: String,
    pub(super) answer: Option<Text>,
    pub(super) millis: u64,
    pub(super) is_good: bool,
}

pub(super) fn line(webhook: &Webhook) -> Line {
    Line {
        id: webhook.id.to_string(),
        url: Text::line(&webhook.url),
        raw: webhook.url.clone(),
        events: webhook.events.iter().map(|event| event.as_str()).collect(),
        is_active: webhook.is_active(),
        since: Moment::at(webhook.created_at),
    }
}

pub(super) fn delivery_line(delivery: &Delivery) -> DeliveryLine {
    DeliveryLine {
        id: delivery.id.to_string(),
        event: delivery.event.as_str(),
        approval: delivery.approval.map(|id| id.to_string()),
        status: delivery.state.status().as_str(),
        waits: matches!(delivery.state, DeliveryState::Pending { failures: 0, .. }),
        made: Moment::at(delivery.created_at),
        next: delivery.next_at().map(Moment::until),
        attempts: delivery.attempts.iter().rev().map(attempt_line).collect(),
        body: Text::lines(&delivery.body),
    }
}

pub(super) fn attempt_line(attempt: &Attempt) -> AttemptLine {
    let went = match (attempt.status, &attempt.error) {
        (Some(status), _) => format!("answered {status}"),
        (None, Some(error)) => display::sanitise(error),
        (None, None) => "no answer".to_owned(),
    };
    AttemptLine {
        at: Moment::at(attempt.at),
        went,
        answer: attempt.answer.as_deref().filter(|a| !a.is_empty()).map(Text::said_lines),
        millis: attempt.millis,
        is_good: attempt.succeeded(),
    }
}
