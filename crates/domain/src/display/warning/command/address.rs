//! Addresses that carry a program themselves, or lead into the machine that opens them.

use super::Does;
use crate::display::is_where_to;

/// Whether a text is an address that carries what it opens, or holds one. What a browser leaves out of an address is
/// left out here.
pub(super) fn carries(name: &str, text: &str) -> Option<Does> {
    let start: String =
        text.chars().filter(|c| !c.is_control()).skip_while(|c| *c == ' ').take(40).collect();
    let start = start.to_ascii_lowercase();
    let is_script = |text: &str, strictly: bool| {
        let rest = text.strip_prefix("javascript:").or_else(|| text.strip_prefix("vbscript:"));
        rest.is_some_and(|rest| {
            !strictly || !(rest.is_empty() || rest.starts_with([' ', '"', '\'', '`']))
        })
    };
    match () {
        () if is_script(&start, !is_where_to(name)) || is_program(&start) => Some(Does::Carries),
        () if start.starts_with("file:/") => Some(Does::Opens),
        () => {
            let text = text.to_ascii_lowercase();
            let begins = text.match_indices("script:").map(|(at, _)| at.saturating_sub(4));
            let begins = begins.chain(text.match_indices("vbscript:").map(|(at, _)| at));
            let begins = begins.chain(text.match_indices("data:").map(|(at, _)| at));
            let is_apart = |at: usize| {
                let before = text.get(..at).and_then(|before| before.chars().next_back());
                before.is_some_and(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.'))
            };
            let is = |at: usize| {
                text.get(at..).is_some_and(|rest| is_script(rest, true) || is_program(rest))
            };
            begins.into_iter().any(|at| is_apart(at) && is(at)).then_some(Does::Carries)
        }
    }
}

/// Whether this begins with a `data:` address that runs where it is opened; a picture does not.
fn is_program(text: &str) -> bool {
    let kinds = [
        "text/html",
        "text/javascript",
        "text/xml",
        "image/svg",
        "application/javascript",
        "application/x-javascript",
        "application/xhtml",
        "application/xml",
        "application/hta",
    ];
    text.strip_prefix("data:").is_some_and(|kind| kinds.iter().any(|known| kind.starts_with(known)))
}
