//! Signatures as Standard Webhooks has them (version `v1`): HMAC-SHA256 over id, time and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

use super::WebhookSecret;

/// The header `webhook-signature` of a message: one signature for each secret, so that a receiver may
/// still have the old secret or already the new one.
pub fn sign<'a>(
    secrets: impl IntoIterator<Item = &'a WebhookSecret>,
    id: &str,
    at: Timestamp,
    body: &str,
) -> String {
    let content = format!("{id}.{}.{body}", at.as_second());
    let signatures: Vec<String> =
        secrets.into_iter().filter_map(|secret| signature(secret, &content)).collect();
    signatures.join(" ")
}

/// `None` never happens: HMAC takes keys of any length.
fn signature(secret: &WebhookSecret, content: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.key()).ok()?;
    mac.update(content.as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}
