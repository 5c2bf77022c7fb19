//! The name of what an agent wants to do, and patterns over such names.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::display;

/// A dotted or coloned name (`stripe.refund.large`, `k8s:deploy`), or one plain line when an agent
/// asks on its own initiative. At most 200 characters, all of them visible.
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
    /// Something in it cannot be seen.
    #[error("`{0}` holds characters that cannot be seen or look like others, or spaces at an end")]
    Invisible(String),
    /// A name with nothing between two separators, or before the first or after the last.
    #[error("`{0}` has an empty part; a name is parts with one `.` or `:` between two of them")]
    EmptySegment(String),
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

    /// The first segment.
    pub(crate) fn first_segment(&self) -> &str {
        segments(&self.0).next().unwrap_or_default()
    }

    /// The same text for all actions that differ only in their separators.
    pub(crate) fn plain(&self) -> Cow<'_, str> {
        plain(&self.0)
    }

    /// Whether this is a plain sentence rather than a name.
    pub fn is_sentence(&self) -> bool {
        self.0.contains(' ')
    }
}

impl FromStr for Action {
    type Err = ActionError;

    fn from_str(text: &str) -> Result<Self, ActionError> {
        let length = text.chars().count();
        if text.trim().is_empty() {
            return Err(ActionError::Empty);
        }
        if length > 200 {
            return Err(ActionError::TooLong(length));
        }
        let shown = display::sanitise(text);
        if shown != text || text.trim() != text {
            return Err(ActionError::Invisible(shown));
        }
        let action = Self(text.to_owned());
        if !action.is_sentence() && segments(text).any(str::is_empty) {
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
/// Segments end at `.` and `:`, which are the same to a pattern: who names an action must not slip past a rule by
/// the choice of a separator.
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

    /// The same text for all patterns that differ only in their separators.
    pub(crate) fn plain(&self) -> Cow<'_, str> {
        plain(&self.0)
    }

    /// Whether it stands for exactly one action.
    pub fn is_exact(&self) -> bool {
        segments(&self.0).all(|segment| segment != "*" && segment != "**")
    }

    /// The first segment, if it stands for itself.
    pub(crate) fn first_segment(&self) -> Option<&str> {
        segments(&self.0).next().filter(|first| !["*", "**"].contains(first))
    }

    /// Whether the pattern covers the action.
    pub fn matches(&self, action: &Action) -> bool {
        segments_match(segments(&self.0), segments(&action.0))
    }
}

impl FromStr for ActionPattern {
    type Err = ActionError;

    fn from_str(text: &str) -> Result<Self, ActionError> {
        let Action(text) = text.parse()?;
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

/// The same text for all that differ only in their separators.
fn plain(text: &str) -> Cow<'_, str> {
    if text.contains(':') { Cow::Owned(text.replace(':', ".")) } else { Cow::Borrowed(text) }
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
            (Some(want), Some(have)) if want == "*" || want == have => continue,
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
