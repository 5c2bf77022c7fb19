//! The one sanitiser of everything a person is shown, and the redaction of secrets.

mod redact;
mod sanitise;

pub use redact::{REDACTED, redact, redact_object, redact_text};
pub use sanitise::{is_blank, sanitise};
