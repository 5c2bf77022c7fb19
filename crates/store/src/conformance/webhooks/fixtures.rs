//! What these cases are made of.

use countersign_domain::notification::{
    Announcement, Attempt, Delivery, Event, SigningSecret, Webhook, WebhookSecret, WebhookStatus,
};
use countersign_domain::{Revision, Seq, Write};
use serde_json::json;

use crate::DeliveryQuery;
use crate::conformance::fixtures::{apr, at, id};

pub(super) fn secret(byte: u8) -> WebhookSecret {
    WebhookSecret::new(&[byte; 32])
}

/// The `n`th webhook.
pub(super) fn webhook(n: usize) -> Webhook {
    Webhook {
        id: id("whk_", n),
        revision: Revision::FIRST,
        url: format!("https://example.com/{n}"),
        events: vec![Event::ApprovalDenied],
        status: WebhookStatus::Active,
        created_at: at(0),
        secrets: vec![SigningSecret { secret: secret(1), valid_until: None }],
    }
}

/// The `n`th delivery, to a webhook, due at a second; of the `n`th event.
pub(super) fn delivery(n: usize, to: usize, seconds: i64) -> Delivery {
    let announced = Announcement {
        seq: Seq(n as u64),
        event: Event::ApprovalDenied,
        at: at(1),
        agent_id: None,
        approval_id: Some(apr(1)),
        data: json!({"decision": "denied", "context": {"ä": "\u{2028}"}}),
    };
    Delivery::new(id("dlv_", n), &announced, &webhook(to), at(seconds))
}

/// The same, to be kept.
pub(super) fn due(n: usize, to: usize, seconds: i64) -> Write {
    Write::Delivery(Box::new(delivery(n, to, seconds)))
}

pub(super) fn attempt(status: Option<u16>) -> Attempt {
    let answer = Some("ok\u{0}".to_owned());
    Attempt { at: at(3), status, answer, error: Some("late".to_owned()), millis: 12 }
}

/// All deliveries to a webhook, none at all of them.
pub(super) fn to(n: usize) -> DeliveryQuery {
    DeliveryQuery { webhook: webhook(n).id, status: None, before: None, limit: 0 }
}

/// The numbers of deliveries.
pub(super) fn ids(deliveries: &[Delivery]) -> Vec<u64> {
    deliveries.iter().map(|delivery| delivery.seq.0).collect()
}
