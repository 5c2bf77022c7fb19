//! Secrets within texts: well-known ones by how they begin, and others by the name before them, as headers, settings,
//! JSON, XML, addresses and command lines write it.

use std::borrow::Cow;

use super::card;
use super::flags;
use super::redact::{REDACTED, looks_secret, names_secret, starts_like_secret};

/// Words between the name of a header and its secret.
const SCHEMES: &[&str] = &["basic", "bearer", "token", "digest", "negotiate", "apikey"];

/// A copy of `text` in which every secret reads [`REDACTED`]: the whole text if it is one, otherwise the words
/// that are, and what follows `password=` and its like.
pub fn redact_text(text: &str) -> String {
    if looks_secret(text) {
        return REDACTED.to_owned();
    }
    let text = without_keys(text);
    let text = card::redacted(&text);
    let text = without_passwords(&text);
    let text = flags::redacted(&text);
    named(&well_known(&text))
}

/// The text without keys in the form of PEM.
fn without_keys(text: &str) -> Cow<'_, str> {
    let Some((before, from)) = text.split_once("-----BEGIN ") else { return Cow::Borrowed(text) };
    let after = from.split_once("-----END ").and_then(|(_, rest)| rest.split_once("-----"));
    let after = after.map_or("", |(_, rest)| rest);
    Cow::Owned(format!("{before}{REDACTED}{}", without_keys(after)))
}

/// The text without what addresses in it carry as user and password. The host is shown: it says where things go.
fn without_passwords(text: &str) -> Cow<'_, str> {
    let Some((before, rest)) = text.split_once("://") else { return Cow::Borrowed(text) };
    let ends = |c: char| matches!(c, '/' | '?' | '#') || c.is_whitespace();
    let end = rest.find(ends).unwrap_or(rest.len());
    let (authority, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let after = without_passwords(after);
    match authority.rsplit_once('@') {
        Some((user, host)) if user.contains(':') => {
            Cow::Owned(format!("{before}://{REDACTED}@{host}{after}"))
        }
        _ => match after {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(after) => Cow::Owned(format!("{before}://{authority}{after}")),
        },
    }
}

/// The text without secrets that are known by how they begin, wherever a word begins.
fn well_known(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_of_word) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !is_of_word(c)).unwrap_or(from.len()));
        out.push_str(before);
        out.push_str(if starts_like_secret(word) { REDACTED } else { word });
        rest = after;
    }
    out + rest
}

const fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '/' | '~')
}

/// The text without what follows a name that marks a secret.
fn named(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_of_name) {
        let (before, from) = rest.split_at(start);
        let (name, after) = from.split_at(from.find(|c| !is_of_name(c)).unwrap_or(from.len()));
        out.push_str(before);
        out.push_str(name);
        rest = match secret_after((before, name), after) {
            Some((lead, length)) => {
                out.push_str(after.get(..lead).unwrap_or_default());
                out.push_str(REDACTED);
                after.get(lead + length..).unwrap_or_default()
            }
            None => after,
        };
    }
    out + rest
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// How far it is from a name to the secret that it marks, and how long that is.
fn secret_after((before, name): (&str, &str), after: &str) -> Option<(usize, usize)> {
    if let Some(found) = after_scheme(name, after) {
        return Some(found);
    }
    if !names_secret(name.trim_matches('-'), None) {
        return None;
    }
    if before.ends_with('<') && after.starts_with('>') {
        let length = after.get(1..)?.find('<')?;
        return (length > 0).then_some((1, length));
    }
    let gap = blanks(after);
    if name.starts_with("--") && gap > 0 {
        let value = after.get(gap..)?;
        let length = bare(value);
        let word = value.get(..length)?;
        return (length > 0 && !word.starts_with('-') && is_hidden(word)).then_some((gap, length));
    }
    let lead = assigned(after)?;
    let value = after.get(lead..)?;
    let scheme = bare(value);
    let rest = value.get(scheme..)?;
    if is_scheme(value.get(..scheme)?) && blanks(rest) > 0 {
        let secret = rest.trim_start();
        let length = bare(secret);
        let is_one = length > 0 && is_hidden(secret.get(..length)?);
        return is_one.then_some((lead + scheme + blanks(rest), length));
    }
    let (open, length) = value_at(value);
    (length > 0 && is_hidden(value.get(open..open + length)?)).then_some((lead + open, length))
}

/// `Bearer eyJ…`, wherever it stands: how far it is to what follows the scheme, and how long that is.
fn after_scheme(word: &str, after: &str) -> Option<(usize, usize)> {
    let gap = blanks(after);
    if gap == 0 || !is_scheme(word) {
        return None;
    }
    let value = after.get(gap..)?;
    let length = value.find(|c: char| !(is_of_word(c) || c == '=')).unwrap_or(value.len());
    let token = value.get(..length)?;
    // Words of a sentence are no tokens.
    let is_token = token.len() >= 8
        && (token.bytes().any(|b| b.is_ascii_digit() || b == b'=')
            || token.bytes().skip(1).any(|b| b.is_ascii_uppercase()));
    is_token.then_some((gap, length))
}

fn is_scheme(word: &str) -> bool {
    SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(word))
}

/// How long what assigns a value is: `=`, `": "`, `' => '`, with the blanks around it.
fn assigned(after: &str) -> Option<usize> {
    let closes = |c: char| matches!(c, '"' | '\'' | '`' | '\\' | ']');
    let rest = after.trim_start_matches(closes).trim_start();
    let sign = rest.strip_prefix(":=").or_else(|| rest.strip_prefix("=>"));
    let rest = sign.or_else(|| rest.strip_prefix([':', '=']))?;
    // `https://token:x` and `std::token` assign nothing.
    let rest = Some(rest).filter(|rest| !rest.starts_with(':') && !rest.starts_with("//"))?;
    Some(after.len() - rest.trim_start().len())
}

/// A value: what opens it, and how long it is without that.
fn value_at(text: &str) -> (usize, usize) {
    let open = text.len() - text.trim_start_matches('\\').len();
    let rest = text.get(open..).unwrap_or_default();
    match rest.chars().next() {
        Some(quote @ ('"' | '\'' | '`')) => {
            let inner = rest.get(1..).unwrap_or_default();
            // Where the first quotation mark is escaped, so is the last.
            let is_nested = open > 0;
            let mut escaped = false;
            let end = inner.find(|c: char| {
                let is_escaped = std::mem::replace(&mut escaped, false);
                escaped = c == '\\' && !is_escaped;
                (c == quote && (is_nested || !is_escaped)) || c == '\n'
            });
            (open + 1, end.unwrap_or(inner.len()).max(bare(inner)))
        }
        Some('{' | '[' | '(') if !rest.starts_with(REDACTED) => (open, block(rest)),
        _ => (open, bare(rest)),
    }
}

/// How long a value without quotation marks is.
fn bare(text: &str) -> usize {
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(c, ',' | ';' | '&' | '<' | '>' | '"' | '\'' | '`' | ')' | '}' | ']' | '|')
    };
    text.find(ends).unwrap_or(text.len())
}

/// How long a bracket is with all that stands within it; to the end where it is not closed.
fn block(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + c.len_utf8();
        }
    }
    text.len()
}

/// Whether a value is one that has to be hidden: not hidden yet, and neither the name of a variable nor something that is
/// called or run, which people have to see.
fn is_hidden(value: &str) -> bool {
    let is_variable = value.strip_prefix('$').is_some_and(|name| {
        name.starts_with(['(', '{', '_']) || name.starts_with(|c: char| c.is_ascii_uppercase())
    });
    let is_call = value.contains('(') && !value.contains(char::is_whitespace);
    !is_variable && !is_call && !value.starts_with(REDACTED)
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

#[cfg(test)]
mod tests;
