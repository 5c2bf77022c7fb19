//! What somebody else wrote, where it stands among our own words and nothing but text can set it apart: in
//! quotation marks of ours, and with none of its own that could be taken for the end of them.

use super::sanitise::{Piece, holds_right_to_left, pieces};

/// A text of others between our quotation marks. Whatever could be read as the end of them stands as an escape,
/// and so do the blanks that are easily overseen; that it holds right-to-left text is said.
pub fn said(text: &str) -> String {
    let note = if holds_right_to_left(text) { "\\u{= right-to-left text}" } else { "" };
    format!("“{}{note}”", exact(text))
}

/// A text of others between the backticks of one of our sentences, which it must not end.
pub fn ticked(text: &str) -> String {
    super::sanitise(text).replace('`', "\\u{60}")
}

/// What stands between our quotation marks.
fn exact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    quoted(&pieces(text), &mut out);
    out
}

fn quoted(pieces: &[Piece], out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Plain(text) => quotes_escaped(text, out),
            Piece::Blanks(1) => escape("20", out),
            Piece::Blanks(count) => escape(&format!("20*{count}"), out),
            Piece::Userinfo(part) | Piece::Host(part, _) => {
                quoted(part, out);
                out.push_str(&piece.note());
            }
            other => out.push_str(&other.to_string()),
        }
    }
}

/// Adds an escape; backslashes before it are doubled, so that it is told from what only looks like one.
fn escape(what: &str, out: &mut String) {
    let before = out.len() - out.trim_end_matches('\\').len();
    out.push_str(&"\\".repeat(before));
    out.push_str(&format!("\\u{{{what}}}"));
}

fn quotes_escaped(text: &str, out: &mut String) {
    let mut rest = text.chars().peekable();
    let mut before = None;
    while let Some(c) = rest.next() {
        let beside = |other: Option<char>| other.is_some_and(is_single);
        if is_double(c) || (is_single(c) && (beside(before) || beside(rest.peek().copied()))) {
            // Before what is not ASCII they are doubled already.
            let what = format!("{:x}", u32::from(c));
            if c.is_ascii() { escape(&what, out) } else { out.push_str(&format!("\\u{{{what}}}")) }
        } else {
            out.push(c);
        }
        before = Some(c);
    }
}

/// Marks that end a quotation, or look as if they did.
const fn is_double(c: char) -> bool {
    matches!(
        c,
        '"' | '“'
            | '”'
            | '„'
            | '‟'
            | '«'
            | '»'
            | '″'
            | '‶'
            | '〝'
            | '〞'
            | '〟'
            | '＂'
            | '❝'
            | '❞'
    )
}

/// Marks that look like one of those where two of them stand together.
const fn is_single(c: char) -> bool {
    matches!(c, '\'' | '‘' | '’' | '‚' | '‛' | '`' | '´' | '′' | '‵' | '‹' | '›' | '＇')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_within_ends_our_quotation() {
        let cases = [
            ("A. Lee", "“A. Lee”"),
            ("don’t", "“don’t”"),
            ("x” is safe, “y", "“x\\u{201d} is safe, \\u{201c}y”"),
            ("a\" b „ « » ''", "“a\\u{22} b \\u{201e} \\u{ab} \\u{bb} \\u{27}\\u{27}”"),
            (" to  x ", "“\\u{20}to\\u{20*2}x\\u{20}”"),
            ("\\\"", "“\\\\\\u{22}”"),
            ("\\u{22}", "“\\\\u{22}”"),
            ("שלום 45", "“שלום 45\\u{= right-to-left text}”"),
            ("", "“”"),
        ];
        for (text, shown) in cases {
            assert_eq!(said(text), shown);
        }
    }

    proptest! {
        #[test]
        fn different_texts_are_quoted_differently(
            a in "[\\\\u{}ab0=* \"”'’\u{200b}]{0,30}", b in "[\\\\u{}ab0=* \"”'’\u{200b}]{0,30}",
        ) {
            prop_assert_eq!(a == b, said(&a) == said(&b));
        }
    }
}
