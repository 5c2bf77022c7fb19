//! Names: what they are made of, and when two of them are taken for one another.
//!
//! Whoever asks chooses how to write an action or a tool, and must not slip past a rule, nor deceive a reader, by
//! another way to write the same.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizer, ComposingNormalizerBorrowed};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::display;

const DOTLESS_I: char = '\u{131}';
const DOTTED_I: char = '\u{130}';

const WRITTEN_OUT: ComposingNormalizerBorrowed<'static> = ComposingNormalizer::new_nfkc();

/// Why a text cannot name anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Something in it cannot be seen.
    #[error("`{0}` holds characters that cannot be seen or look like others, or spaces at an end")]
    Invisible(String),
    /// Something in it stands for plainer characters, as a full-width dot does.
    #[error("`{shown}` holds characters that stand for plainer ones; write `{plain}`")]
    StandsForOthers {
        /// The text with every such character visible.
        shown: String,
        /// The same in plainer characters.
        plain: String,
    },
    /// A sign in it is none of those that names are made of.
    #[error(
        "`{0}` holds a sign that is not used in names: use letters, digits and plain ASCII signs"
    )]
    Sign(String),
}

/// Fails unless a name can be seen whole and is written in only one way.
pub fn must_be_plain(name: &str) -> Result<(), NameError> {
    must_be_visible(name)?;
    if name.is_ascii() {
        return Ok(());
    }
    // A word ends at a colon; a name does not, and none of its parts is of another script than the rest.
    must_be_visible(&name.replace(':', "."))?;
    if !WRITTEN_OUT.is_normalized(name) {
        let plain = display::sanitise(&WRITTEN_OUT.normalize(name));
        return Err(NameError::StandsForOthers { shown: escaped(name), plain });
    }
    if name.chars().any(is_foreign_sign) {
        return Err(NameError::Sign(escaped(name)));
    }
    Ok(())
}

/// Fails unless every character of a text can be seen, and no end of it is a space.
pub fn must_be_visible(text: &str) -> Result<(), NameError> {
    // What stands for a mark of an address can be seen; names have rules of their own for it.
    let mark = |c: char| if display::imitates_mark(c) { '·' } else { c };
    let seen: String = text.chars().map(mark).collect();
    if display::sanitise(&seen) == seen && text.trim() == text {
        Ok(())
    } else {
        Err(NameError::Invisible(display::sanitise(text)))
    }
}

/// Whether a sign is neither a letter, nor a digit, nor one of ASCII.
pub(crate) fn is_foreign_sign(c: char) -> bool {
    use GeneralCategoryGroup::{Letter, Mark, Number};
    !c.is_ascii() && !matches!(c.general_category_group(), Letter | Mark | Number)
}

/// The text without capitals. The two letters i of Turkish, with a dot and without, are one: what others make of
/// their capitals is.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    // Letter by letter, so that a part of a text is folded as it is within the whole.
    let is_lower = |c: char| c != DOTLESS_I && c.to_lowercase().eq(std::iter::once(c));
    if text.chars().all(is_lower) {
        return Cow::Borrowed(text);
    }
    let plain = |c: char| if [DOTLESS_I, DOTTED_I].contains(&c) { 'i' } else { c };
    Cow::Owned(text.chars().map(plain).flat_map(char::to_lowercase).collect())
}

/// The text in plainer characters and without capitals.
pub(crate) fn spelled(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return folded(text);
    }
    match WRITTEN_OUT.normalize(text) {
        Cow::Borrowed(plain) => folded(plain),
        Cow::Owned(plain) => Cow::Owned(folded(&plain).into_owned()),
    }
}

/// What a program that is not strict could take a key for: in plainer characters, without capitals, what is not seen,
/// and blanks at the ends.
pub(crate) fn meant(key: &str) -> Cow<'_, str> {
    if key.bytes().all(|b| b.is_ascii_graphic()) {
        return folded(key);
    }
    let bare: String = key.chars().filter(|c| is_seen(*c)).collect();
    let bare = bare.trim().replace(['\u{df}', '\u{1e9e}'], "ss");
    Cow::Owned(spelled(&bare).into_owned())
}

fn is_seen(c: char) -> bool {
    !c.is_control() && c.general_category() != unicode_properties::GeneralCategory::Format
}

/// Whether somebody, or a program, could take one for the other: apart from what is not seen, from blanks at the
/// ends and from capitals they are the same, or look the same.
pub(crate) fn could_be_meant(one: &str, other: &str) -> bool {
    let bare =
        |text: &str| Look::of(text.chars().filter(|c| is_seen(*c)).collect::<String>().trim());
    let (one, other) = (bare(one), bare(other));
    one.folded == other.folded || one.seen == other.seen
}

/// Whether a name is meant by a text, or, where it is an address, stands within it: `Evil <evil@example.com>`, or the
/// second of two.
pub(crate) fn is_meant_in(name: &str, text: &str) -> bool {
    if could_be_meant(name, text) {
        return true;
    }
    let look = |text: &str| Look::of(&text.chars().filter(|c| is_seen(*c)).collect::<String>());
    let (name_look, text_look) = (look(name.trim()), look(text));
    let holds = |text: &str, name: &str| {
        text.match_indices(name).any(|(at, _)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let mut after = text.get(at + name.len()..).unwrap_or_default().chars();
            let (next, second) = (after.next(), after.next());
            let goes_on =
                |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "-_+".contains(c));
            // A dot ends a sentence, or goes on to another domain.
            let is_longer = goes_on(next) || (next == Some('.') && goes_on(second));
            !goes_on(before) && before != Some('.') && !is_longer
        })
    };
    name.contains(['@', '.'])
        && (holds(&text_look.folded, &name_look.folded) || holds(&text_look.seen, &name_look.seen))
}

/// Every character that is not of ASCII as an escape: what stands for others looks like them.
fn escaped(text: &str) -> String {
    let one = |c: char| match c {
        ' '..='~' => c.to_string(),
        _ => format!("\\u{{{:x}}}", u32::from(c)),
    };
    text.chars().map(one).collect()
}

/// How a name looks to somebody in a hurry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    name: String,
    folded: String,
    seen: String,
}

impl Look {
    /// The look of a name.
    pub fn of(name: &str) -> Self {
        let plain = WRITTEN_OUT.normalize(name);
        // What lower case writes with a letter more: `\u{130}` as `i` and a dot, `SS` as a sharp s.
        let plain = plain.replace('\u{130}', "I").replace(['\u{df}', '\u{1e9e}'], "ss");
        let seen: String = plain.chars().map(seen).flat_map(char::to_lowercase).collect();
        Self {
            name: name.to_owned(),
            folded: folded(&plain).into_owned(),
            seen: seen.replace("rn", "m"),
        }
    }

    /// Whether two different names are taken for one another: they differ only in capitals, or in letters that look
    /// alike.
    pub fn is_taken_for(&self, other: &Self) -> bool {
        self.name != other.name && (self.folded == other.folded || self.seen == other.seen)
    }
}

/// One letter for all that look like it.
const fn seen(c: char) -> char {
    match c {
        'I' | '1' | '|' | '\u{406}' | '\u{4c0}' | '\u{399}' => 'l',
        '0' | 'O' | '\u{41e}' | '\u{43e}' | '\u{39f}' | '\u{3bf}' => 'o',
        '\u{430}' | '\u{410}' | '\u{3b1}' | '\u{391}' | '\u{251}' => 'a',
        '\u{412}' | '\u{392}' => 'b',
        '\u{441}' | '\u{421}' | '\u{3f2}' => 'c',
        '\u{501}' => 'd',
        '\u{435}' | '\u{415}' | '\u{395}' => 'e',
        '\u{41d}' | '\u{397}' | '\u{4bb}' => 'h',
        '\u{456}' | '\u{3b9}' | '\u{131}' | '\u{269}' | '\u{26a}' => 'i',
        '\u{458}' | '\u{408}' | '\u{237}' => 'j',
        '\u{43a}' | '\u{41a}' | '\u{3ba}' | '\u{39a}' => 'k',
        '\u{41c}' | '\u{39c}' => 'm',
        '\u{39d}' => 'n',
        '\u{261}' => 'g',
        '\u{440}' | '\u{420}' | '\u{3c1}' | '\u{3a1}' => 'p',
        '\u{51b}' => 'q',
        '\u{455}' | '\u{405}' => 's',
        '\u{422}' | '\u{3c4}' | '\u{3a4}' => 't',
        '\u{3c5}' => 'u',
        '\u{3bd}' => 'v',
        '\u{51d}' => 'w',
        '\u{445}' | '\u{425}' | '\u{3c7}' | '\u{3a7}' => 'x',
        '\u{443}' | '\u{423}' | '\u{3b3}' | '\u{3a5}' => 'y',
        '\u{396}' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_within_a_text_and_no_part_of_another_one() {
        for text in [
            "evil@x.com",
            "EVIL@x.com",
            "Evil <evil@x.com>",
            "a@b.c,evil@x.com",
            "evil@x.com.",
            "to evil@x.com; ok",
            "\u{435}vil@x.com",
        ] {
            assert!(is_meant_in("evil@x.com", text), "{text}");
        }
        for text in ["notevil@x.com", "evil@x.com.br", "evil@x.community", "dr.evil@x.com", "x.com"]
        {
            assert!(!is_meant_in("evil@x.com", text), "{text}");
        }
        assert!(!is_meant_in("acme", "acme corp"));
    }

    #[test]
    fn a_name_is_written_in_one_way_only() {
        for name in
            ["stripe.refund", "k8s:deploy", "createIssue", "bestellung.l\u{f6}schen", "счет.чтение"]
        {
            assert_eq!(must_be_plain(name), Ok(()), "{name}");
        }
        let refused = |name: &str| must_be_plain(name).unwrap_err().to_string();
        insta::assert_snapshot!(refused("stripe\u{ff0e}refund"), @r"`stripe\u{ff0e}refund` holds characters that stand for plainer ones; write `stripe.refund`");
        insta::assert_snapshot!(refused("k8s\u{ff1a}deploy"), @r"`k8s\u{ff1a}deploy` holds characters that stand for plainer ones; write `k8s:deploy`");
        insta::assert_snapshot!(refused("stripe\u{2024}refund"), @r"`stripe\u{2024}refund` holds characters that stand for plainer ones; write `stripe.refund`");
        insta::assert_snapshot!(refused("\u{fb01}le.read"), @r"`\u{fb01}le.read` holds characters that stand for plainer ones; write `file.read`");
        insta::assert_snapshot!(refused("lo\u{308}schen"), @r"`lo\u{308}schen` holds characters that stand for plainer ones; write `löschen`");
        insta::assert_snapshot!(refused("k8s\u{2236}deploy"), @r"`k8s\u{2236}deploy` holds a sign that is not used in names: use letters, digits and plain ASCII signs");
        insta::assert_snapshot!(refused("crm:\u{441}\u{43e}\u{440}\u{443}"), @r"`crm:\u{441}\u{43e}\u{440}\u{443}` holds characters that cannot be seen or look like others, or spaces at an end");
        insta::assert_snapshot!(refused("a\u{200b}b"), @r"`a\u{200b}b` holds characters that cannot be seen or look like others, or spaces at an end");
    }

    #[test]
    fn names_are_taken_for_one_another_that_differ_in_capitals_or_look_alike() {
        let cases = [
            ("support-bot", "Support-Bot", true),
            ("bot-1", "bot-l", true),
            ("bot-1", "bot-I", true),
            ("AI-bot", "ai-bot", true),
            ("tool0", "toolO", true),
            ("mailer", "rnailer", true),
            ("mail-bot", "ma\u{131}l-bot", true),
            ("mail-bot", "MA\u{130}L-BOT", true),
            ("grand", "\u{261}r\u{251}nd", true),
            ("stra\u{df}e", "STRASSE", true),
            ("copy", "\u{441}\u{43e}\u{440}\u{443}", true),
            ("bot", "bot", false),
            ("bot-1", "bot-2", false),
            ("crm.read", "crm_read", false),
            ("support-bot", "support-bots", false),
        ];
        for (one, other, expected) in cases {
            let (a, b) = (Look::of(one), Look::of(other));
            assert_eq!(a.is_taken_for(&b), expected, "{one} {other}");
            assert_eq!(b.is_taken_for(&a), expected, "{other} {one}");
        }
    }
}
