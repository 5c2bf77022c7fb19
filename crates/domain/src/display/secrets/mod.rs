//! Secrets within what is shown: hidden, and recognised again by a keyed fingerprint.

mod card;
mod fingerprint;
mod flags;
mod hidden;
mod redact;
mod text;

pub use fingerprint::FingerprintKey;
pub use hidden::{Concealed, concealed};
pub use redact::{REDACTED, redact, redact_and, redact_object, redact_object_and};
pub use text::redact_text;
