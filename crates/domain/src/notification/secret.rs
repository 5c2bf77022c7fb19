//! The secrets that webhooks are signed with. They are kept as they are, because signing needs them; so
//! they have a type of their own that nothing prints, logs or serialises.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

/// A secret, and how long it still signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningSecret {
    /// The secret.
    pub secret: WebhookSecret,
    /// Until when it signs; `None` for the one that was made last.
    pub valid_until: Option<Timestamp>,
}

impl SigningSecret {
    /// Whether it still signs.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.valid_until.is_none_or(|end| now < end)
    }
}

/// The key of a signature. Its text is `whsec_` and base64, as Standard Webhooks has it.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(Vec<u8>);

/// Why a text is not a secret. It does not repeat the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a webhook secret: it should be `whsec_` and base64 of 24 to 64 bytes")]
pub struct SecretError;

impl WebhookSecret {
    /// What the text of every secret starts with.
    pub const PREFIX: &'static str = "whsec_";

    /// A secret of random bytes.
    pub fn new(random: &[u8; 32]) -> Self {
        Self(random.to_vec())
    }

    /// The secret as text, for the one who asked for it and for the store.
    pub fn reveal(&self) -> String {
        format!("{}{}", Self::PREFIX, STANDARD.encode(&self.0))
    }

    /// The key itself.
    pub(super) fn key(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for WebhookSecret {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, SecretError> {
        let encoded = text.strip_prefix(Self::PREFIX).ok_or(SecretError)?;
        let key = STANDARD.decode(encoded).map_err(|_| SecretError)?;
        if (24..=64).contains(&key.len()) { Ok(Self(key)) } else { Err(SecretError) }
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}
