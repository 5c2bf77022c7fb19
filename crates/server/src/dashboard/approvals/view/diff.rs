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
    Line { path: Text::key(&path), was: text(was), now: text(now), apart }
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
