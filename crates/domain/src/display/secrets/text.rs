//! Secrets within texts: well-known ones by how they begin, and others by the name before them, as headers, settings,
//! JSON, XML, addresses and command lines write it.

use std::borrow::Cow;

use super::card;
use super::flags;
use super::redact::{REDACTED, looks_secret, names_secret, starts_like_secret};

/// How a key begins.
const KEY: &str = "-----BEGIN ";

/// How many characters of a value are looked at to tell whether it is shown. What is shown is looked through for further
/// names, and must not be read to its end for each of them.
const NEAR: usize = 256;

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
    let Some((before, mut rest)) = text.split_once(KEY) else { return Cow::Borrowed(text) };
    let mut out = before.to_owned();
    loop {
        out.push_str(REDACTED);
        let end = rest.split_once("-----END ").and_then(|(_, end)| end.split_once("-----"));
        let after = end.map_or("", |(_, after)| after);
        let Some((between, next)) = after.split_once(KEY) else { return Cow::Owned(out + after) };
        out.push_str(between);
        rest = next;
    }
}

/// The text without what addresses in it carry as user and password. The host is shown: it says where things go.
fn without_passwords(text: &str) -> String {
    let ends = |c: char| matches!(c, '/' | '?' | '#') || c.is_whitespace();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("://") {
        let (authority, after) = from.split_at(from.find(ends).unwrap_or(from.len()));
        out.push_str(before);
        out.push_str("://");
        match authority.rsplit_once('@') {
            Some((user, host)) if user.contains(':') => {
                out.push_str(REDACTED);
                out.push('@');
                out.push_str(host);
            }
            _ => out.push_str(authority),
        }
        rest = after;
    }
    out + rest
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
        let value = after.get(gap..).filter(|value| !value.starts_with('-'))?;
        return hidden(value).map(|(open, length)| (gap + open, length));
    }
    let lead = assigned(after)?;
    let value = after.get(lead..)?;
    let scheme = bare(near(value));
    let rest = value.get(scheme..)?;
    let is_apart = is_scheme(value.get(..scheme)?) && blanks(rest) > 0;
    let skipped = if is_apart { scheme + blanks(rest) } else { 0 };
    hidden(value.get(skipped..)?).map(|(open, length)| (lead + skipped + open, length))
}

/// Where a value has to be hidden: what opens it, and how long it is.
fn hidden(value: &str) -> Option<(usize, usize)> {
    if is_shown(value) {
        return None;
    }
    let (open, length) = value_at(value);
    let shown =
        value.get(open..).is_none_or(|inner| inner.starts_with(REDACTED) || is_variable(inner));
    (length > 0 && !shown).then_some((open, length))
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

/// Whether a value is hidden already, or is the name of a variable or something that is called or run, which people have
/// to see.
fn is_shown(value: &str) -> bool {
    value.starts_with(REDACTED) || is_variable(value) || is_call(near(value))
}

fn is_variable(value: &str) -> bool {
    value.strip_prefix('$').is_some_and(|name| {
        name.starts_with(['(', '{', '_']) || name.starts_with(|c: char| c.is_ascii_uppercase())
    })
}

/// Whether a value begins with a call, `read(…)`, or a list that does. What stands in quotation marks is a text.
fn is_call(value: &str) -> bool {
    let (name, after) = value.split_at(bare(value));
    let is_name = name.split_once('(').is_some_and(|(name, _)| {
        name.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ']'))
    });
    is_name && !value.starts_with('{') && after.starts_with([')', '"', '\'', '`', ','])
}

fn near(text: &str) -> &str {
    text.char_indices().nth(NEAR).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

#[cfg(test)]
mod tests;
