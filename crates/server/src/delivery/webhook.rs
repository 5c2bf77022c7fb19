//! One call of a webhook: signed as Standard Webhooks has it, and how it answered.

use countersign_domain::notification::{Attempt, Webhook, sign};
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use tokio::time::Instant;

use super::Egress;

/// How many characters of an answer are kept.
const EXCERPT: usize = 500;

/// What is sent: its id, which stays the same at every attempt, and the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The id.
    pub id: String,
    /// The body.
    pub body: String,
}

/// Calls a webhook once.
pub async fn call(egress: &Egress, webhook: &Webhook, message: Message, now: Timestamp) -> Attempt {
    let start = Instant::now();
    let headers = headers(webhook, &message, now);
    let answered = egress.post(&webhook.url, headers, message.body).await;
    let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    match answered {
        Ok(answered) => Attempt {
            at: now,
            status: Some(answered.status),
            answer: Some(excerpt(&answered.body)).filter(|text| !text.is_empty()),
            error: None,
            millis,
        },
        Err(error) => {
            Attempt { at: now, status: None, answer: None, error: Some(error.to_string()), millis }
        }
    }
}

fn headers(webhook: &Webhook, message: &Message, now: Timestamp) -> HeaderMap {
    let signature = sign(webhook.signing(now), &message.id, now, &message.body);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in [
        ("webhook-id", message.id.clone()),
        ("webhook-timestamp", now.as_second().to_string()),
        ("webhook-signature", signature),
    ] {
        // Ids, digits and base64 are always fit for a header.
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    headers
}

/// The first characters of an answer. Whoever shows them makes each of them visible.
fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body).trim().chars().take(EXCERPT).collect()
}
