//! The one sanitiser of everything a person is shown, the redaction of secrets, and the line that says in
//! plain words what would happen.

mod headline;
mod link;
mod number;
mod punycode;
mod said;
mod sanitise;
mod script;
mod secrets;
mod telling;

pub use headline::{Amount, Headline, Part};
pub use link::{Opens, disguised_host, hosts, is_address};
pub use number::{Written, number, number_of};
pub use said::{said, ticked};
pub use sanitise::{Piece, holds_right_to_left, is_blank, pieces, sanitise};
pub use script::foreign_script;
pub(crate) use script::imitates_mark;
pub use secrets::{
    Concealed, FingerprintKey, REDACTED, concealed, redact, redact_and, redact_object,
    redact_object_and, redact_text,
};
pub use telling::{is_amount, is_body, is_naming, is_receiver, is_target, is_where_to};
