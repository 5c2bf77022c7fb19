//! The addresses within a text, and the host that a browser would open for each: read by the rules of the web
//! (WHATWG URL), because whatever else reads them differently can be made to show another host than is opened.

use std::ops::Range;

use url::Url;

use super::REDACTED;

/// An address within a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// What stands before the `@`, that included; it is no host, however much it looks like one.
    pub(super) user: Option<Range<usize>>,
    /// The host, as it is written.
    pub(super) host: Range<usize>,
    /// What a browser makes of that.
    pub(super) opens: Opens,
    /// Where the whole address ends.
    end: usize,
}

/// The host that a browser opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opens {
    /// The one that is written.
    Itself,
    /// Another, which the written one only stands for.
    Other(String),
    /// None: this is no address.
    Nothing,
    /// Another: these are only the words of a link, and where it leads stands beside them.
    Elsewhere,
}

/// Schemes for which a browser takes `\` for `/`, and reads a host after any number of them.
const SPECIAL: &[&str] = &["http", "https", "ftp", "ws", "wss"];

/// The addresses of a text, in order.
pub(super) fn links(text: &str) -> Vec<Link> {
    let mut found: Vec<Link> = Vec::new();
    let mut from = 0;
    while let Some(colon) = text.get(from..).and_then(|rest| rest.find(':')) {
        let colon = from + colon;
        let link = link(text, from, colon);
        from = link.as_ref().map_or(colon + 1, |link| link.end.max(colon + 1));
        found.extend(link);
    }
    let words: Vec<usize> = (0..found.len()).filter(|at| is_words(text, &found, *at)).collect();
    for at in words {
        if let Some(link) = found.get_mut(at) {
            link.opens = Opens::Elsewhere;
        }
    }
    found
}

/// The hosts that the addresses of a text would open.
pub fn hosts(text: &str) -> Vec<String> {
    let host = |link: Link| match link.opens {
        Opens::Itself => text.get(link.host).map(str::to_lowercase),
        Opens::Other(host) => Some(host),
        Opens::Nothing | Opens::Elsewhere => None,
    };
    links(text).into_iter().filter_map(host).collect()
}

/// The host of an address that reads as if it led elsewhere: it follows a name that is none, or is written as
/// something else.
pub fn disguised_host(text: &str) -> Option<String> {
    links(text).into_iter().find_map(|link| match link.opens {
        Opens::Other(_) if text.get(link.host.clone()).is_some_and(is_plain_name) => None,
        Opens::Other(host) => Some(host),
        Opens::Itself if link.user.as_ref().is_some_and(|user| could_be_host(text, user)) => {
            text.get(link.host).map(str::to_owned)
        }
        Opens::Itself | Opens::Nothing | Opens::Elsewhere => None,
    })
}

/// Whether a host is written in Latin letters as European languages have them, those that read like others left out:
/// `münchen.de` is what it says, whatever its name is in ASCII.
fn is_plain_name(host: &str) -> bool {
    let is_letter = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '-' | '.' | 'à'..='ö' | 'ø'..='þ' | 'À'..='Ö' | 'Ø'..='Þ')
            || "ßčďěňřšťůžąćęłńśźżőűğşœ".contains(c)
    };
    host.chars().all(is_letter) && !host.is_ascii() && !host.contains("xn--")
}

/// Whether what stands before an `@` could be taken for a host. The user of a database, or of a repository, is none;
/// on the web hardly anybody has one, unless a secret stands beside it.
fn could_be_host(text: &str, user: &Range<usize>) -> bool {
    let before = text.get(..user.start).unwrap_or_default().trim_end_matches(['/', '\\', ':']);
    let is_web = SPECIAL.contains(&scheme(before).to_ascii_lowercase().as_str());
    let user = text.get(user.clone()).unwrap_or_default();
    let (name, secret) = user.trim_end_matches('@').split_once(':').unwrap_or((user, ""));
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let is_plain = name.trim_end_matches('@').replace(REDACTED, "").chars().all(is_name);
    !is_plain || (is_web && !secret.contains(REDACTED))
}

/// Whether a text is one address and nothing else.
pub fn is_address(text: &str) -> bool {
    let begins = |link: &Link| {
        let start = link.user.as_ref().map_or(link.host.start, |user| user.start);
        let scheme = text.get(..start).unwrap_or_default();
        scheme.trim_end_matches(['/', '\\', ':']).bytes().all(in_scheme)
    };
    match links(text).as_slice() {
        [only] => begins(only) && !text.contains(char::is_whitespace),
        _ => false,
    }
}

/// The address whose scheme ends at this colon, if one does.
fn link(text: &str, floor: usize, colon: usize) -> Option<Link> {
    let scheme = scheme(text.get(floor..colon)?);
    let is_first = text.get(..colon - scheme.len())?.trim().is_empty();
    let scheme = scheme.to_ascii_lowercase();
    // Whatever stands right before it, a reader sees the scheme that they know.
    let known = SPECIAL.iter().find(|known| scheme.ends_with(**known));
    let (scheme, is_special) = known.map_or((scheme.as_str(), false), |known| (*known, true));
    let skipped = slashes(text.get(colon + 1..)?, is_special);
    if scheme.is_empty() || (!is_special && skipped < 2) {
        return None;
    }
    let start = colon + 1 + skipped;
    let authority = authority(text, start, is_special, is_first)?;
    let at = authority.rfind('@').map_or(0, |at| at + 1);
    let (user, server) = authority.split_at_checked(at)?;
    if skipped == 0 && user.is_empty() && !server.contains('.') {
        return None;
    }
    let after = text.get(start + authority.len()..)?;
    let is_last = !after.starts_with(['/', '?', '#', '\\']);
    let (server, opens) = opened(scheme, (user, server), (is_special, is_last))?;
    let host = start + at..start + at + without_port(server).len();
    // What is shown already, with an escape of ours after it, is not read a second time.
    if text.get(host.end..)?.starts_with("\\u{") {
        return None;
    }
    let end = end(text, start + at + server.len());
    Some(Link { user: (user.len() > 1).then_some(start..start + at), host, opens, end })
}

/// The scheme that a text ends with.
fn scheme(before: &str) -> &str {
    let is_part = |(_, c): &(usize, char)| u8::try_from(*c).is_ok_and(in_scheme);
    let start = before.char_indices().rev().take_while(is_part).last();
    let scheme = start.and_then(|(start, _)| before.get(start..)).unwrap_or_default();
    scheme.trim_start_matches(|c: char| !c.is_ascii_alphabetic())
}

const fn in_scheme(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')
}

/// How many slashes stand before the host.
fn slashes(rest: &str, is_special: bool) -> usize {
    let marks: &[char] = if is_special { &['/', '\\'] } else { &['/'] };
    let count = rest.len() - rest.trim_start_matches(marks).len();
    if is_special { count } else { count.min(2) }
}

/// What stands where user, host and port do. Within a text it ends with the word. A text that begins with the
/// address may be handed over whole, and then blanks are part of it: a browser drops some and encodes others.
fn authority(text: &str, start: usize, is_special: bool, is_first: bool) -> Option<&str> {
    let rest = text.get(start..)?;
    let ends = |c: char| matches!(c, '/' | '?' | '#') || (is_special && c == '\\');
    let whole = rest.get(..rest.find(ends).unwrap_or(rest.len()))?;
    let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let closes = |c: char| is_blank(c) || matches!(c, '"' | '<' | '>' | '`');
    let word = whole.get(..whole.find(closes).unwrap_or(whole.len()))?;
    let whole = whole.trim_end();
    let joins = whole.rfind('@').is_some_and(|at| at > word.len())
        || (!whole.contains(' ') && whole.len() > word.len() && whole.contains(is_blank));
    Some(if is_first && joins { whole } else { word })
}

/// How much of this is the host and its port, and what a browser opens for it. What only closes the sentence or
/// the bracket around an address is left out where the whole cannot be one.
fn opened<'a>(
    scheme: &str,
    (user, server): (&str, &'a str),
    (is_special, is_last): (bool, bool),
) -> Option<(&'a str, Opens)> {
    let trimmed = if is_last { sentence_trimmed(server) } else { server };
    let listed = [",https:", ",http:", ";https:", ";http:"];
    let listed = listed.iter().find_map(|next| server.strip_suffix(next));
    let cut = trimmed.find([')', ']', '}', '>', '"', '\'', '`', '|', ',', ';', '<', '”', '*']);
    let shorter = cut.and_then(|cut| trimmed.get(..cut)).filter(|_| !trimmed.starts_with('['));
    let parsed = |server: &str| {
        let url = Url::parse(&format!("{scheme}://{user}{server}")).ok()?;
        url.host_str().filter(|host| !host.is_empty()).map(str::to_owned)
    };
    for server in [listed, Some(trimmed), shorter].into_iter().flatten() {
        if server.is_empty() {
            continue;
        }
        if let Some(host) = parsed(server) {
            let written = without_port(server);
            let same = host.eq_ignore_ascii_case(written);
            return Some((server, if same { Opens::Itself } else { Opens::Other(host) }));
        }
    }
    (is_special && !trimmed.is_empty()).then_some((trimmed, Opens::Nothing))
}

/// A host without what closes a sentence or a bracket after it.
fn sentence_trimmed(server: &str) -> &str {
    let trimmed = server.trim_end_matches(|c: char| ".,;:!?'\")]}>*_”’»".contains(c));
    if server.starts_with('[') && !trimmed.contains(']') { server } else { trimmed }
}

fn without_port(server: &str) -> &str {
    match server.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => server,
    }
}

/// Where the address ends whose host ends here: with the word, or with a bracket that it does not open itself.
fn end(text: &str, from: usize) -> usize {
    let mut open = 0_usize;
    let rest = text.get(from..).unwrap_or_default();
    for (at, c) in rest.char_indices() {
        match c {
            ',' | ';' if rest.get(at + 1..).is_some_and(|next| next.starts_with("http")) => {
                return from + at;
            }
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' if open > 0 => open -= 1,
            ')' | ']' | '}' | '<' | '>' | '"' | '`' | '|' => return from + at,
            c if c.is_whitespace() || c.is_control() => return from + at,
            _ => {}
        }
    }
    text.len()
}

/// Whether an address is only the words of a link, as Markdown (`[words](address)`) and chat programs
/// (`<address|words>`) write them.
fn is_words(text: &str, found: &[Link], at: usize) -> bool {
    let Some(link) = found.get(at) else { return false };
    let after = text.get(link.end..).unwrap_or_default();
    let rest = after.split('\n').next().unwrap_or_default();
    let closing = rest.split_once("](").map(|(words, _)| words);
    let in_markdown = closing.is_some_and(|words| !words.contains(['[', ']']))
        && text.get(..link.host.start).is_some_and(|before| {
            let start = before.rsplit('\n').next().unwrap_or_default();
            start.rfind('[').is_some_and(|open| start.rfind(']').is_none_or(|shut| shut < open))
        });
    let before = at.checked_sub(1).and_then(|before| found.get(before));
    let between = before.and_then(|before| text.get(before.end..link.host.start));
    let in_chat = between.is_some_and(|b| b.starts_with('|') && !b.contains(char::is_whitespace));
    in_markdown || (in_chat && after.starts_with('>'))
}

#[cfg(test)]
mod tests;
