//! The one sanitiser of everything a person is shown, the redaction of secrets, and the line that says in
//! plain words what would happen.

mod fingerprint;
mod headline;
mod punycode;
mod redact;
mod sanitise;
mod script;

pub use fingerprint::FingerprintKey;
pub use headline::Headline;
pub use redact::{REDACTED, redact, redact_and, redact_object, redact_object_and, redact_text};
pub use sanitise::{Piece, is_blank, pieces, sanitise};
