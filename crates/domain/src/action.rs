//! The name of what an agent wants to do, and patterns over such names.

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
    #[error("`{0}` holds characters that cannot be seen, or spaces at an end")]
    Invisible(String),
}

impl Action {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first segment.
    pub(crate) fn first_segment(&self) -> &str {
        segments(&self.0).next().map_or("", |(_, first)| first)
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
        Ok(Self(text.to_owned()))
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
/// Segments end at `.` and `:`; a separator matches only itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ActionPattern(String);

impl ActionPattern {
    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Each segment with the separator before it.
    pub(crate) fn segments(&self) -> Vec<(&str, &str)> {
        segments(&self.0).collect()
    }

    /// Whether it stands for exactly one action.
    pub fn is_exact(&self) -> bool {
        segments(&self.0).all(|(_, segment)| segment != "*" && segment != "**")
    }

    /// The first segment, if it stands for itself.
    pub(crate) fn first_segment(&self) -> Option<&str> {
        segments(&self.0)
            .next()
            .map(|(_, first)| first)
            .filter(|first| !["*", "**"].contains(first))
    }

    /// Whether the pattern covers the action.
    pub fn matches(&self, action: &Action) -> bool {
        segments_match(segments(&self.0), segments(&action.0))
    }
}

impl FromStr for ActionPattern {
    type Err = ActionError;

    fn from_str(text: &str) -> Result<Self, ActionError> {
        text.parse::<Action>().map(|action| Self(action.0))
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

/// Each segment with the separator before it, so that `a.b` and `a:b` differ.
fn segments(text: &str) -> Segments<'_> {
    Segments { separator: "", rest: Some(text) }
}

#[derive(Clone)]
struct Segments<'a> {
    separator: &'a str,
    rest: Option<&'a str>,
}

impl<'a> Iterator for Segments<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        let before = self.separator;
        let Some((at, _)) = rest.bytes().enumerate().find(|(_, b)| matches!(b, b'.' | b':')) else {
            self.rest = None;
            return Some((before, rest));
        };
        let (segment, tail) = rest.split_at(at);
        let (separator, tail) = tail.split_at(1);
        (self.separator, self.rest) = (separator, Some(tail));
        Some((before, segment))
    }
}

/// Only the last `**` is ever gone back to: the ones before it have nothing to gain from another length. So
/// the time grows with the product of both lengths, whatever the pattern.
fn segments_match(mut pattern: Segments<'_>, mut action: Segments<'_>) -> bool {
    let mut back: Option<(Segments<'_>, Segments<'_>)> = None;
    loop {
        let before_action = action.clone();
        match (pattern.next(), action.next()) {
            (None, None) => return true,
            (Some((_, "**")), _) => {
                action = before_action;
                back = Some((pattern.clone(), action.clone()));
                continue;
            }
            (Some((before, want)), Some((between, have)))
                if (before.is_empty() || between.is_empty() || before == between)
                    && (want == "*" || want == have) =>
            {
                continue;
            }
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
            ("k8s:*", "k8s.deploy", false),
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
}
