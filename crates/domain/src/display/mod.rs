//! The one sanitiser of everything a person is shown, the redaction of secrets, and the line that says in
//! plain words what would happen.

mod amount;
mod headline;
mod link;
mod number;
mod overlooked;
mod punycode;
mod said;
mod sanitise;
mod script;
mod secrets;
mod telling;
mod warning;

pub use amount::Amount;
pub use headline::{Headline, Part};
pub use link::{Opens, disguised_host, hosts, is_address};
pub use number::{Written, number, number_of};
pub use overlooked::{Overlooked, Spoken, Telling, named, overlooked};
pub use said::{said, ticked};
pub use sanitise::{Piece, holds_right_to_left, is_blank, pieces, sanitise};
pub use script::foreign_script;
pub(crate) use script::imitates_mark;
pub use secrets::{
    Concealed, FingerprintKey, REDACTED, concealed, redact, redact_and, redact_object,
    redact_object_and, redact_text,
};
pub use telling::{
    could_hide, is_amount, is_body, is_money, is_naming, is_receiver, is_target, is_where_to,
};
pub use warning::{Warning, claims, misnames, names_amount, warnings};

/// The longest value that fits into a line; longer ones stand among the parameters only.
const LONGEST: usize = 60;

/// Whether a text can stand in a line.
fn fits(text: &str) -> bool {
    !is_blank(text) && text.chars().count() <= LONGEST
}
