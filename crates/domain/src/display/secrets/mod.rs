//! Secrets within what is shown: hidden, and recognised again by a keyed fingerprint.

mod card;
mod fingerprint;
mod hidden;
mod redact;

pub use fingerprint::FingerprintKey;
pub use hidden::{Concealed, concealed};
pub use redact::{REDACTED, redact, redact_and, redact_object, redact_object_and, redact_text};
