//! Why the address of a webhook was not taken, and how an operator opens the way to it.

use crate::app::Error;
use crate::delivery::Egress;

/// The error of an address in words that end before the command that would let it pass, and that command: it stands
/// by itself, so that it can be copied.
pub(super) fn with_command(error: Error, url: &str, egress: &Egress) -> (Error, Option<String>) {
    if error.path.as_deref() != Some("$.url") {
        return (error, None);
    }
    let opened_by = egress.check(url).err().and_then(|refusal| refusal.opened_by());
    let Some(command) = opened_by else { return (error, None) };
    let detail = match error.detail.strip_suffix(&format!(" with `{command}`")) {
        Some(said) => format!("{said} with:"),
        None => error.detail.clone(),
    };
    (Error { detail, ..error }, Some(command))
}
