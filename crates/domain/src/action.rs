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
    #[error("`{0}` holds characters that cannot be seen or look like others, or spaces at an end")]
    Invisible(String),
}

impl Action {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
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

    /// Whether the pattern covers the action.
    pub fn matches(&self, action: &Action) -> bool {
        segments_match(&segments(&self.0), &segments(&action.0))
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
fn segments(text: &str) -> Vec<(&str, &str)> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut separator = "";
    while let Some(at) = rest.find(['.', ':']) {
        let (segment, tail) = rest.split_at(at);
        out.push((separator, segment));
        (separator, rest) = tail.split_at(1);
    }
    out.push((separator, rest));
    out
}

fn segments_match(pattern: &[(&str, &str)], action: &[(&str, &str)]) -> bool {
    match (pattern.split_first(), action.split_first()) {
        (None, None) => true,
        (Some(((_, "**"), rest)), None) => segments_match(rest, action),
        (Some(((_, "**"), rest)), Some((_, tail))) => {
            segments_match(rest, action) || segments_match(pattern, tail)
        }
        (None, Some(_)) | (Some(_), None) => false,
        (Some(((before, want), rest)), Some(((between, have), tail))) => {
            (before.is_empty() || between.is_empty() || before == between)
                && (*want == "*" || want == have)
                && segments_match(rest, tail)
        }
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
    fn a_name_must_be_seen_whole() {
        for text in ["", "  ", " a", "a\n", "a\u{202e}b", "a\u{200b}", &"x".repeat(201)] {
            assert!(text.parse::<Action>().is_err(), "{text:?}");
        }
    }
}
