//! Addresses of mail with words before them: a program for mail shows the words, and the mail goes to the address.

use super::Overlooked;
use crate::display::is_body;
use crate::display::warning::{Node, mailboxes};

/// The first address whose words are another address.
pub(super) fn renamed(nodes: &[Node<'_>]) -> Option<Overlooked> {
    nodes.iter().filter(|node| !is_body(node.name)).find_map(|node| {
        let (reads, goes) = apart(node.value.as_str()?)?;
        Some(Overlooked::Renamed { path: node.path.clone(), reads, goes })
    })
}

/// The address that a text stands for, where its words are another one.
pub(in crate::display) fn behind(text: &str) -> Option<String> {
    apart(text).map(|(_, goes)| goes)
}

/// What the words read, and where the mail goes: `"boss@good.example" <leak@evil.example>`.
fn apart(text: &str) -> Option<(String, String)> {
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('<') {
        let (inner, next) = after.split_once('>').unwrap_or((after, ""));
        let goes = inner.trim().trim_start_matches("mailto:");
        let goes = mailboxes(goes).into_iter().next();
        // What a comma sets apart is another receiver.
        let words = words.rsplit_once("\",").map_or(words, |(_, last)| last);
        let words = words.trim_start_matches([',', ';', ' ']);
        let words = if words.starts_with('"') {
            words
        } else {
            words.rsplit([',', ';']).next().unwrap_or(words)
        };
        let reads = mailboxes(words).into_iter().next();
        if let (Some(reads), Some(goes)) = (reads, goes)
            && reads != goes
        {
            return Some((reads, goes));
        }
        rest = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_another_address_are_told() {
        for text in [
            "\"boss@good.example\" <leak@evil.example>",
            "boss@good.example <leak@evil.example>",
            "\"CEO boss@good.example\" <Leak@evil.example>",
            "A. Lee <lee@good.example>, boss@good.example <leak@evil.example>",
            "\"Lee, boss@good.example\" <mailto:leak@evil.example>",
        ] {
            let apart = apart(text).unwrap_or_default();
            assert_eq!(
                apart,
                ("boss@good.example".to_owned(), "leak@evil.example".to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn words_that_are_none_and_the_same_address_are_not() {
        for text in [
            "A. Lee <lee@good.example>",
            "\"Lee, A.\" <lee@good.example>",
            "lee@good.example <Lee@good.example>",
            "boss@good.example, A. Lee <lee@good.example>",
            "boss@good.example",
            "1 < 2 and a@b.example > c@d.example",
            "<lee@good.example>",
        ] {
            assert_eq!(apart(text), None, "{text}");
        }
    }
}
