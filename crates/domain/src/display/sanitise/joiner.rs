//! Characters that nobody sees and that writing needs all the same: what joins the parts of one picture, and what joins
//! or parts letters in Persian and in the scripts of India. They are shown like every other that hides; only where
//! Unicode expects them do they raise no alarm (RFC 5892, appendix A; UTS 51).

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

const APART: char = '\u{200c}';
const TOGETHER: char = '\u{200d}';
/// What makes a picture of a sign, and a sign of a picture.
const AS_PICTURE: char = '\u{fe0f}';
const AS_SIGN: char = '\u{fe0e}';
/// What makes a key of a digit.
const KEY: char = '\u{20e3}';
/// What spells the name of a flag, and what ends it.
const TAGS_FROM: char = '\u{e0020}';
const TAGS_END: char = '\u{e007f}';
/// How many of those a flag has at most.
const LONGEST_FLAG: usize = 6;

/// Whether a character that hides stands between these as it is meant to.
pub(super) fn joins(before: &str, c: char, after: &str) -> bool {
    let mut back = before.chars().rev();
    let (last, before_last) = (back.next(), back.next());
    let next = after.chars().next();
    match c {
        AS_PICTURE if next == Some(KEY) => last.is_some_and(is_on_key),
        AS_PICTURE | AS_SIGN => last.is_some_and(is_picture),
        KEY => last == Some(AS_PICTURE) && before_last.is_some_and(is_on_key),
        TOGETHER => {
            in_picture(last, before_last, next)
                || after_virama(last, before_last)
                || within_indic([before_last, last], next)
        }
        APART => parts_arabic(last, before_last, next) || parts_indic(last, before_last, next),
        TAGS_FROM..=TAGS_END => in_flag(before, c, after),
        _ => false,
    }
}

/// What a key of a telephone says.
const fn is_on_key(c: char) -> bool {
    matches!(c, '0'..='9' | '#' | '*')
}

/// Within the flag of England, Scotland or Wales: there are no others that are written so.
fn in_flag(before: &str, c: char, after: &str) -> bool {
    let is_tag = |c: &char| matches!(*c, TAGS_FROM..=TAGS_END);
    let is_inner = |c: &char| is_tag(c) && *c != TAGS_END;
    let mut back = before.chars().rev();
    let mut told: Vec<char> = back.by_ref().take(LONGEST_FLAG).take_while(is_inner).collect();
    told.reverse();
    told.push(c);
    if c != TAGS_END {
        told.extend(after.chars().take(LONGEST_FLAG).take_while(is_inner));
        told.extend(after.chars().find(|c| !is_inner(c)).filter(is_tag));
    }
    let begins = before.trim_end_matches(|c: char| is_inner(&c)).ends_with('\u{1f3f4}');
    let plain: String = told
        .iter()
        .filter_map(|tag| char::from_u32(u32::from(*tag).checked_sub(0xe0000)?))
        .collect();
    begins && matches!(plain.as_str(), "gbeng\u{7f}" | "gbsct\u{7f}" | "gbwls\u{7f}")
}

/// Between a sign that stands for a vowel and a letter of one script: some write a name so, as `श्री‍मान`.
fn within_indic([letter, sign]: [Option<char>; 2], next: Option<char>) -> bool {
    let sign = sign.filter(|c| is_sign(*c) && !is_virama(*c)).and_then(indic);
    let script = sign.filter(|script| letter.and_then(indic) == Some(*script));
    let follows = next.filter(|c| c.is_alphabetic() && !c.is_numeric()).and_then(indic);
    script.is_some() && script == follows
}

/// Whether it is drawn around the letter before it, as a vowel is.
fn is_sign(c: char) -> bool {
    let kind = c.general_category();
    matches!(kind, GeneralCategory::SpacingMark | GeneralCategory::NonspacingMark)
}

/// Between two pictures, whatever their colour.
fn in_picture(last: Option<char>, before_last: Option<char>, next: Option<char>) -> bool {
    let is = |c: Option<char>| c.is_some_and(is_picture);
    is(next) && (is(last) || (last == Some(AS_PICTURE) && is(before_last)))
}

/// Behind the sign that joins two letters, and that behind a letter of its script.
fn after_virama(last: Option<char>, before_last: Option<char>) -> bool {
    let script = last.filter(|c| is_virama(*c)).and_then(indic);
    script.is_some() && script == before_last.and_then(indic)
}

fn parts_indic(last: Option<char>, before_last: Option<char>, next: Option<char>) -> bool {
    let is_next = next.is_some_and(char::is_alphanumeric) && next.and_then(indic).is_some();
    is_next && after_virama(last, before_last) && next.and_then(indic) == last.and_then(indic)
}

/// Behind a letter that would join the next one: behind any other it changes nothing that is seen.
fn parts_arabic(last: Option<char>, before_last: Option<char>, next: Option<char>) -> bool {
    let is_mark = |c: char| matches!(c, '\u{64b}'..='\u{65f}' | '\u{670}');
    let letter = if last.is_some_and(is_mark) { before_last } else { last };
    letter.is_some_and(|c| is_arabic(c) && joins_next(c)) && next.is_some_and(is_arabic)
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{63f}' | '\u{641}'..='\u{64a}' | '\u{66e}'..='\u{66f}'
        | '\u{671}'..='\u{6d3}' | '\u{6d5}' | '\u{6ee}'..='\u{6ef}' | '\u{6fa}'..='\u{6fc}'
        | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8c9}')
}

/// Letters that join only the one before them, or none (`ArabicShaping.txt`).
fn joins_next(c: char) -> bool {
    !matches!(c, '\u{621}'..='\u{625}' | '\u{627}' | '\u{629}' | '\u{62f}'..='\u{632}' | '\u{648}'
        | '\u{671}'..='\u{677}' | '\u{688}'..='\u{699}' | '\u{6c0}' | '\u{6c3}'..='\u{6cb}'
        | '\u{6cd}' | '\u{6cf}' | '\u{6d2}'..='\u{6d3}' | '\u{6d5}' | '\u{6ee}'..='\u{6ef}'
        | '\u{759}'..='\u{75b}' | '\u{76b}'..='\u{76c}' | '\u{771}' | '\u{773}'..='\u{774}'
        | '\u{778}'..='\u{779}' | '\u{8aa}'..='\u{8ac}' | '\u{8ae}' | '\u{8b1}'..='\u{8b2}'
        | '\u{8b9}')
}

/// The script of India that a character belongs to: each has a block of 128.
fn indic(c: char) -> Option<u32> {
    matches!(c, '\u{900}'..='\u{dff}').then(|| u32::from(c) / 128)
}

const fn is_virama(c: char) -> bool {
    matches!(
        c,
        '\u{94d}'
            | '\u{9cd}'
            | '\u{a4d}'
            | '\u{acd}'
            | '\u{b4d}'
            | '\u{bcd}'
            | '\u{c4d}'
            | '\u{ccd}'
            | '\u{d4d}'
            | '\u{dca}'
    )
}

/// Signs that are drawn as pictures, and the colours of skin.
const fn is_picture(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2194}'..='\u{21aa}' | '\u{231a}'..='\u{23fa}' | '\u{24c2}' | '\u{25aa}'..='\u{25fe}'
        | '\u{2600}'..='\u{27bf}' | '\u{2934}'..='\u{2935}' | '\u{2b05}'..='\u{2b55}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}
