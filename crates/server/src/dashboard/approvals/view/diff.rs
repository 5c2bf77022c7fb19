//! What differs between two versions of a proposal, path by path.

use countersign_domain::Money;
use countersign_domain::approval::{Card, Cost, Proposal};
use rust_decimal::Decimal;
use serde_json::Value;

use super::value::{Leaf, leaves};
use crate::dashboard::layout::{Text, number};

/// One path whose value differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Which.
    pub(crate) path: Text,
    /// What it was; `None` if it was not there.
    pub(crate) was: Option<Text>,
    /// What it is; `None` if it is gone.
    pub(crate) now: Option<Text>,
    /// How far numbers are apart: `−210 (−88 %)`.
    pub(crate) apart: Option<String>,
    /// Of what kind the new value is, where that is not the kind it reads like, or was not there to be seen.
    pub(crate) kind: Option<&'static str>,
}

/// What differs between two versions, in the order of their paths.
pub(crate) fn changed(card: &Card, was: (&Proposal, &Cost), now: (&Proposal, &Cost)) -> Vec<Line> {
    let (before, after) = (all(card, was), all(card, now));
    let mut lines = Vec::new();
    for leaf in &before {
        match after.iter().find(|other| other.path == leaf.path) {
            Some(other) if *other != *leaf => lines.push(line(Some(leaf), Some(other))),
            Some(_) => {}
            None => lines.push(line(Some(leaf), None)),
        }
    }
    let new = |leaf: &&Leaf| !before.iter().any(|other| other.path == leaf.path);
    lines.extend(after.iter().filter(new).map(|leaf| line(None, Some(leaf))));
    lines
}

fn all(card: &Card, (proposal, cost): (&Proposal, &Cost)) -> Vec<Leaf> {
    let mut all = leaves(card, &proposal.params);
    if !cost.is_stated() {
        return all;
    }
    if let Ok(Value::Object(cost)) = serde_json::to_value(cost) {
        let cost = leaves(card, &cost).into_iter().filter(|leaf| says(&leaf.value));
        all.extend(cost.map(|leaf| leaf.below("cost")));
    }
    all
}

/// Whether a part of a cost says anything.
fn says(value: &Value) -> bool {
    let is_nothing = value.is_null() || value == &Value::Bool(false) || value == &Value::from(0);
    !is_nothing && Money::of(value).is_none_or(|money| !money.0.is_zero())
}

fn line(was: Option<&Leaf>, now: Option<&Leaf>) -> Line {
    let path = was.or(now).map(|leaf| leaf.path.clone()).unwrap_or_default();
    let text = |leaf: Option<&Leaf>| leaf.map(Leaf::said);
    let apart = was.zip(now).and_then(|(was, now)| apart(&was.value, &now.value));
    let kind = now.and_then(|now| kind(was, now));
    Line { path: Text::key(&path), was: text(was), now: text(now), apart, kind }
}

/// Said of what is added, and of a text that newly reads like something else.
fn kind(was: Option<&Leaf>, now: &Leaf) -> Option<&'static str> {
    let reads_like = |leaf: &Leaf| leaf.value.as_str().and_then(reading);
    match (was, reads_like(now)) {
        (Some(was), like) if reads_like(was) == like => None,
        (_, Some(like)) => Some(like),
        (Some(_), None) => None,
        (None, None) => Some(match now.value {
            Value::String(_) => "text",
            Value::Number(_) => "number",
            Value::Bool(_) => "yes or no",
            Value::Null => "nothing",
            Value::Array(_) => "list",
            Value::Object(_) => "object",
        }),
    }
}

/// What a text says that someone may take it for something else.
fn reading(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let word = text.to_ascii_lowercase();
    let quoted = ['"', '\'', '`']
        .iter()
        .any(|c| text.len() > 1 && text.starts_with(*c) && text.ends_with(*c));
    if quoted {
        return Some("text, the quotation marks belong to it");
    }
    if ["true", "false", "yes", "no", "on", "off"].contains(&word.as_str()) {
        return Some("text, not a yes or no");
    }
    if ["null", "nil", "none", "undefined"].contains(&word.as_str()) {
        return Some("text, not nothing");
    }
    if text.starts_with('[') || text.starts_with('{') {
        return Some("text, not a list or an object");
    }
    is_nearly_a_number(text).then_some("text, not a number")
}

/// Whether it begins like a number, and little else comes: `12x`, `1 000,50`, `+5`, `€ 3`, and no date.
fn is_nearly_a_number(text: &str) -> bool {
    let bare = text.trim_start_matches(|c: char| "+-−.$€£#".contains(c) || c.is_whitespace());
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_alphanumeric() || " .,_%€$£'".contains(c))
        && digits * 2 >= bare.chars().count()
}

fn apart(was: &Value, now: &Value) -> Option<String> {
    let (was, now) = (Money::of(was)?.0, Money::of(now)?.0);
    let difference = now.checked_sub(was)?;
    let sign = if difference.is_sign_negative() { "−" } else { "+" };
    let share = difference.checked_div(was).and_then(|s| s.checked_mul(Decimal::ONE_HUNDRED));
    let share = share.map(|share| format!(" ({sign}{} %)", number(&share.round().abs())));
    let difference = number(&difference.abs().normalize());
    Some(format!("{sign}{difference}{}", share.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_reads_like_something_else_is_said_to_be_one() {
        for (text, said) in [
            ("12x", Some("text, not a number")),
            ("12", Some("text, not a number")),
            ("1 000,50", Some("text, not a number")),
            ("€ 3", Some("text, not a number")),
            ("True", Some("text, not a yes or no")),
            ("nil", Some("text, not nothing")),
            ("\"12\"", Some("text, the quotation marks belong to it")),
            ("[1, 2]", Some("text, not a list or an object")),
            ("2026-11-30", None),
            ("x12", None),
            ("4 photographs", None),
            ("", None),
        ] {
            assert_eq!(reading(text), said, "{text}");
        }
    }

    #[test]
    fn the_kind_is_told_of_what_is_added_and_where_it_newly_misleads() {
        let leaf = |value: Value| Leaf::plain("x", value);
        let told = |was: Option<Value>, now: Value| kind(was.map(leaf).as_ref(), &leaf(now));
        assert_eq!(told(None, Value::from(12)), Some("number"));
        assert_eq!(told(None, Value::from("plain")), Some("text"));
        assert_eq!(told(None, Value::from("12x")), Some("text, not a number"));
        assert_eq!(told(Some("EUR".into()), "12".into()), Some("text, not a number"));
        assert_eq!(told(Some("1047".into()), "1048".into()), None);
        assert_eq!(told(Some("EUR".into()), "USD".into()), None);
    }
}
