//! Secrets that command lines take behind a short flag, which names nothing by itself.

use std::borrow::Cow;

use super::redact::REDACTED;

/// The text without them, if it names a program that takes them.
pub(super) fn redacted(text: &str) -> Cow<'_, str> {
    let is_there = |names: &[&str]| names.iter().any(|name| text.contains(name));
    let (fetches, queries, signs_in) =
        (is_there(&["curl", "wget"]), is_there(&["mysql", "mariadb"]), is_there(&["sshpass"]));
    if !(fetches || queries || signs_in) {
        return Cow::Borrowed(text);
    }
    let mut before = "";
    let word = |part| {
        let word = str::trim_end(part);
        let blanks = part.get(word.len()..).unwrap_or_default();
        let flag = std::mem::replace(&mut before, word);
        let hidden = match (word.split_once(':'), word.strip_prefix("-p")) {
            _ if signs_in && flag == "-p" => Some(REDACTED.to_owned()),
            (Some((user, secret)), _)
                if fetches && matches!(flag, "-u" | "--user" | "-U") && is_secret(secret) =>
            {
                Some(format!("{user}:{REDACTED}"))
            }
            (_, Some(glued)) if queries && !glued.is_empty() => Some(format!("-p{REDACTED}")),
            _ => None,
        };
        hidden.map_or_else(|| part.to_owned(), |hidden| hidden + blanks)
    };
    Cow::Owned(text.split_inclusive(char::is_whitespace).map(word).collect())
}

/// A number of a user and that of a group hide nothing, and neither does a variable.
fn is_secret(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('$') && !text.bytes().all(|b| b.is_ascii_digit())
}
