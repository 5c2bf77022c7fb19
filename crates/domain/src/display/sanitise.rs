//! Makes every character visible: nothing is removed, whatever hides or reorders is shown as an escape.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Shows `text` with each control, format, private-use and unassigned character, each line separator,
/// each unusual space and each invisible filler as `\u{…}`. A backslash that would look like such an
/// escape is doubled, so that two different texts never look the same.
pub fn sanitise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if hides(c) {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else if c == '\\' && chars.peek() == Some(&'u') {
            out.push_str("\\\\");
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a text says nothing that can be seen.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c == ' ' || hides(c))
}

/// Whether a reader would not see this character as a mark or a plain space.
fn hides(c: char) -> bool {
    if (' '..='~').contains(&c) {
        return false;
    }
    match c.general_category() {
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::PrivateUse
        | GeneralCategory::Unassigned
        | GeneralCategory::Surrogate
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator => true,
        GeneralCategory::SpaceSeparator => c != ' ',
        _ => is_filler(c),
    }
}

/// Characters of other categories that Unicode lists as default-ignorable (`DerivedCoreProperties.txt`),
/// and the blank braille cell.
fn is_filler(c: char) -> bool {
    matches!(c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_hides_is_shown() {
        let cases = [
            ("pay\u{202e}0001", "pay\\u{202e}0001"),
            ("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}"),
            ("a\u{1b}[31mred", "a\\u{1b}[31mred"),
            ("two\nlines\r\n\ttab", "two\\u{a}lines\\u{d}\\u{a}\\u{9}tab"),
            ("x\u{2028}y\u{a0}z\u{3000}", "x\\u{2028}y\\u{a0}z\\u{3000}"),
            ("tag\u{e0041}", "tag\\u{e0041}"),
            ("private\u{e000} unassigned\u{378}", "private\\u{e000} unassigned\\u{378}"),
            ("\u{3164}\u{115f}\u{fe0f}", "\\u{3164}\\u{115f}\\u{fe0f}"),
            ("C:\\temp", "C:\\temp"),
            ("fake \\u{202e}", "fake \\\\u{202e}"),
            ("Grüße, 世界, مرحبا 👍", "Grüße, 世界, مرحبا 👍"),
        ];
        for (text, shown) in cases {
            assert_eq!(sanitise(text), shown);
        }
    }

    proptest! {
        #[test]
        fn different_texts_look_different(a in "[\\\\u{}ab0-9\u{200b}]{0,12}", b in "[\\\\u{}ab0-9\u{200b}]{0,12}") {
            prop_assert_eq!(a == b, sanitise(&a) == sanitise(&b));
        }
    }
}
