//! The name of what an agent wants to do, and patterns over such names.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::names::{self, NameError};

/// A dotted or coloned name (`stripe.refund.large`, `k8s:deploy`), or one plain line when an agent
/// asks on its own initiative. At most 200 characters, all of them visible; in a name none that stands for another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Action(String);

/// Why a text is not an action.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActionError {
    /// Nothing, or only spaces.
    #[error("an action needs a name, such as `stripe.refund`")]
    Empty,
    /// Longer than a line.
    #[error("an action has at most 200 characters; this one has {0}")]
    TooLong(usize),
    /// Something in it cannot be seen, or can be written in more than one way.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A name with nothing between two separators, or before the first or after the last.
    #[error("`{0}` has an empty part; a name is parts with one `.` or `:` between two of them")]
    EmptySegment(String),
    /// More blanks in a row than are seen, so that what is written in two ways reads as one.
    #[error("`{0}` has several blanks in a row; one stands between two words")]
    Blanks(String),
    /// A pattern where one thing has to be named.
    #[error(
        "`{0}` is a pattern: an action that is to run is named whole, without a `*` for a part"
    )]
    Pattern(String),
    /// A pattern in which a star is only part of a part.
    #[error(
        "in `{0}` a `*` stands beside other characters; it stands for a whole part, between `.` or `:`"
    )]
    PartOfSegment(String),
}

impl Action {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same text for all actions that differ only in their separators or in capitals.
    pub(crate) fn plain(&self) -> Cow<'_, str> {
        plain(&self.0)
    }

    /// Whether this is a plain sentence rather than a name. Where words stand without spaces between them, signs
    /// that no name has tell a sentence.
    pub fn is_sentence(&self) -> bool {
        is_sentence(&self.0)
    }
}

impl FromStr for Action {
    type Err = ActionError;

    fn from_str(text: &str) -> Result<Self, ActionError> {
        let action = Self::or_pattern(text)?;
        if text.contains('*') && !action.is_sentence() {
            return Err(ActionError::Pattern(action.0));
        }
        Ok(action)
    }
}

impl Action {
    /// Reads a name in which stars may stand for parts.
    fn or_pattern(text: &str) -> Result<Self, ActionError> {
        let length = text.chars().count();
        if text.trim().is_empty() {
            return Err(ActionError::Empty);
        }
        if length > 200 {
            return Err(ActionError::TooLong(length));
        }
        names::must_be_visible(text)?;
        if text.contains("  ") {
            return Err(ActionError::Blanks(text.to_owned()));
        }
        let action = Self(text.to_owned());
        if action.is_sentence() {
            return Ok(action);
        }
        names::must_be_plain(text)?;
        if segments(text).any(str::is_empty) {
            return Err(ActionError::EmptySegment(action.0));
        }
        Ok(action)
    }
}

impl TryFrom<String> for Action {
    type Error = ActionError;

    fn try_from(text: String) -> Result<Self, ActionError> {
        text.parse()
    }
}

impl From<Action> for String {
    fn from(action: Action) -> Self {
        action.0
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A pattern over actions: `*` stands for one segment, `**` for any number of them (also none).
/// Segments end at `.` and `:`, which are the same to a pattern, and so are capitals and small letters: who names an
/// action must not slip past a rule by the choice of either.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ActionPattern(String);

impl ActionPattern {
    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts between the separators.
    pub(crate) fn segments(&self) -> impl Iterator<Item = &str> {
        segments(&self.0)
    }

    /// The same text for all patterns that differ only in their separators or in capitals.
    pub(crate) fn plain(&self) -> Cow<'_, str> {
        plain(&self.0)
    }

    /// Whether it stands for exactly one action.
    pub fn is_exact(&self) -> bool {
        segments(&self.0).all(|segment| segment != "*" && segment != "**")
    }

    /// The first segment without capitals, if it stands for itself.
    pub(crate) fn first_segment(&self) -> Option<Cow<'_, str>> {
        let first = segments(&self.0).next().filter(|first| !["*", "**"].contains(first));
        first.map(names::folded)
    }

    /// Whether the pattern covers the action.
    pub fn matches(&self, action: &Action) -> bool {
        segments_match(segments(&self.0), segments(&action.0))
    }

    /// Whether it covers the action where that lets it run. A sentence that begins as a name does, `fs. delete`, is
    /// not what a pattern of names means: only `**`, which is for everything, and the sentence itself cover it.
    pub fn permits(&self, action: &Action) -> bool {
        self.matches(action) && (!action.is_sentence() || self.is_for_sentences())
    }

    /// Whether sentences may be meant by it.
    pub(crate) fn is_for_sentences(&self) -> bool {
        self.0 == "**" || is_sentence(&self.0)
    }
}

impl FromStr for ActionPattern {
    type Err = ActionError;

    fn from_str(text: &str) -> Result<Self, ActionError> {
        let Action(text) = Action::or_pattern(text)?;
        let whole = |segment: &str| !segment.contains('*') || ["*", "**"].contains(&segment);
        if segments(&text).all(whole) {
            Ok(Self(text))
        } else {
            Err(ActionError::PartOfSegment(text))
        }
    }
}

impl TryFrom<String> for ActionPattern {
    type Error = ActionError;

    fn try_from(text: String) -> Result<Self, ActionError> {
        text.parse()
    }
}

impl From<ActionPattern> for String {
    fn from(pattern: ActionPattern) -> Self {
        pattern.0
    }
}

impl fmt::Display for ActionPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_sentence(text: &str) -> bool {
    let without_spaces = || text.chars().any(is_written_without_spaces);
    text.contains(' ') || (text.chars().any(names::is_foreign_sign) && without_spaces())
}

/// The same text for all that differ only in their separators or in capitals.
fn plain(text: &str) -> Cow<'_, str> {
    match names::folded(text) {
        folded if folded.contains(':') => Cow::Owned(folded.replace(':', ".")),
        folded => folded,
    }
}

/// Letters of scripts that put no spaces between words.
const fn is_written_without_spaces(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}')
}

fn is_same(want: &str, have: &str) -> bool {
    want.eq_ignore_ascii_case(have)
        || (!(want.is_ascii() && have.is_ascii()) && names::folded(want) == names::folded(have))
}

/// The parts between the separators.
fn segments(text: &str) -> Segments<'_> {
    text.split(SEPARATORS)
}

/// What stands between two segments.
const SEPARATORS: [char; 2] = ['.', ':'];

type Segments<'a> = std::str::Split<'a, [char; 2]>;

/// Only the last `**` is ever gone back to: the ones before it have nothing to gain from another length. So
/// the time grows with the product of both lengths, whatever the pattern.
fn segments_match(mut pattern: Segments<'_>, mut action: Segments<'_>) -> bool {
    let mut back: Option<(Segments<'_>, Segments<'_>)> = None;
    loop {
        let before_action = action.clone();
        match (pattern.next(), action.next()) {
            (None, None) => return true,
            (Some("**"), _) => {
                action = before_action;
                back = Some((pattern.clone(), action.clone()));
                continue;
            }
            (Some(want), Some(have)) if want == "*" || is_same(want, have) => continue,
            (Some(_), None) => return false,
            (None | Some(_), Some(_)) => {}
        }
        let Some((after, from)) = &mut back else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        (pattern, action) = (after.clone(), from.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_what_they_say() {
        let cases = [
            ("stripe.refund", "stripe.refund", true),
            ("stripe.refund", "stripe.refund.large", false),
            ("stripe.*", "stripe.refund", true),
            ("stripe.*", "stripe.refund.large", false),
            ("stripe.*", "stripe", false),
            ("stripe.**", "stripe.refund.large", true),
            ("stripe.**", "stripe", true),
            ("**", "anything at all", true),
            ("**.delete", "crm.contact.delete", true),
            ("**.delete", "crm.delete.undo", false),
            ("k8s:*", "k8s:deploy", true),
            ("k8s:*", "k8s.deploy", true),
            ("x.bad.*", "x.bad:thing", true),
            ("x.bad.**", "x:bad:thing.more", true),
            ("x.bad", "x:bad", true),
            ("*", "deploy", true),
            ("*", "k8s:deploy", false),
            ("stripe.refund", "Stripe.Refund", true),
            ("Stripe.*", "stripe:REFUND", true),
            ("konto.l\u{f6}schen", "Konto.L\u{d6}SCHEN", true),
        ];
        for (pattern, action, expected) in cases {
            let matched =
                pattern.parse::<ActionPattern>().unwrap().matches(&action.parse().unwrap());
            assert_eq!(matched, expected, "{pattern} over {action}");
        }
    }

    #[test]
    fn a_hostile_pattern_is_matched_in_no_time() {
        let pattern: ActionPattern = ["**.a"; 40].join(".").parse().unwrap();
        let action: Action = vec!["a"; 99].join(".").parse().unwrap();
        assert!(pattern.matches(&action));
        let pattern: ActionPattern = format!("{}.b", ["**.a"; 39].join(".")).parse().unwrap();
        assert!(!pattern.matches(&action));
    }

    #[test]
    fn a_name_must_be_seen_whole() {
        for text in ["", "  ", " a", "a\n", "a\u{202e}b", "a\u{200b}", &"x".repeat(201)] {
            assert!(text.parse::<Action>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_name_has_no_sign_that_stands_for_another_and_a_sentence_may() {
        for text in
            ["stripe\u{ff0e}refund", "k8s\u{ff1a}deploy", "a\u{2024}b", "a\u{3002}b", "\u{ff41}.b"]
        {
            assert!(matches!(text.parse::<Action>(), Err(ActionError::Name(_))), "{text}");
            assert!(text.parse::<ActionPattern>().is_err(), "{text}");
        }
        for text in [
            "\u{9000}\u{6b3e}45\u{6b27}\u{5143}\u{ff1a}\u{5ba2}\u{6237}A",
            "Refund \u{201e}A. Lee\u{201c}\u{2026}",
        ] {
            assert!(text.parse::<Action>().unwrap().is_sentence(), "{text}");
        }
    }

    #[test]
    fn a_sentence_is_let_run_by_what_is_meant_for_it_and_stopped_by_all_that_covers_it() {
        let cases = [
            ("fs.**", "fs. delete", true, false),
            ("fs.*", "fs. delete", true, false),
            ("fs. delete", "fs. delete", true, true),
            ("**", "fs. delete", true, true),
            ("fs.**", "fs.delete", true, true),
            ("deploy.**", "Deploy: the new one", true, false),
            ("fs.**", "Delete the old backups", false, false),
        ];
        for (pattern, action, matches, permits) in cases {
            let (parsed, wanted) =
                (pattern.parse::<ActionPattern>().unwrap(), action.parse().unwrap());
            let found = (parsed.matches(&wanted), parsed.permits(&wanted));
            assert_eq!(found, (matches, permits), "{pattern} {action}");
        }
    }

    #[test]
    fn a_sentence_cannot_be_written_with_more_blanks_than_are_seen() {
        for text in ["drop  the table", "drop the   table"] {
            assert_eq!(text.parse::<Action>(), Err(ActionError::Blanks(text.to_owned())));
            assert!(text.parse::<ActionPattern>().is_err(), "{text}");
        }
        assert!("drop the table".parse::<Action>().is_ok());
    }

    #[test]
    fn what_is_to_run_is_named_whole() {
        for text in ["*", "**", "fs.*", "fs.x*", "**.read"] {
            assert_eq!(text.parse::<Action>(), Err(ActionError::Pattern(text.to_owned())));
        }
        assert!("Delete all files named *.tmp".parse::<Action>().is_ok());
    }

    #[test]
    fn no_part_of_a_name_is_empty_but_a_sentence_ends_as_it_likes() {
        for text in [".", "a.", ".a", "a..b", "a.:b", "a::b", "**..b"] {
            assert_eq!(text.parse::<Action>(), Err(ActionError::EmptySegment(text.to_owned())));
            assert!(text.parse::<ActionPattern>().is_err(), "{text}");
        }
        for text in ["db.drop*", "*.a*", "a.***", "x.*b:c"] {
            let refused = text.parse::<ActionPattern>();
            assert_eq!(refused, Err(ActionError::PartOfSegment(text.to_owned())));
        }
        for text in ["Refund 45.00 EUR to A. Lee.", "Deploy: the new one...", "a.b:c"] {
            assert!(text.parse::<Action>().is_ok(), "{text}");
        }
    }
}
