//! What of a request is unlike what people approved before, of the same agent and action. Only what was approved
//! counts: an agent cannot make a large amount usual by asking for it often.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::approval::{Approval, Status};
use countersign_domain::display::is_target;
use serde_json::Value;

use super::super::value::{Leaf, leaves};
use crate::dashboard::layout::Phrase;

/// From how many on there is something usual.
const ENOUGH: usize = 3;
/// How many times as large, or as small, is far from usual.
const FAR: f64 = 3.0;
/// Longer texts are never the same twice.
const SHORT: usize = 120;

/// Words of names whose values tell who or where: each new one is worth a look, however many there were.
const WHERE_TO: &[&str] = &[
    "account",
    "iban",
    "bic",
    "to",
    "recipient",
    "receiver",
    "payee",
    "beneficiary",
    "email",
    "host",
    "domain",
    "namespace",
    "database",
    "cluster",
    "region",
    "environment",
    "currency",
];
/// Words of names whose numbers only name something.
const NAMING: &[&str] = &["id", "number", "no", "code", "order", "invoice", "ticket", "case"];

/// What is unlike what was approved before.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Unusual {
    /// What is to be said about a path.
    pub(crate) marks: BTreeMap<String, Phrase>,
    /// Paths that every approved request had, and this one has not.
    pub(crate) missing: Vec<String>,
    /// The amount beside those that were approved.
    pub(crate) measure: Option<Measure>,
    /// How many approved requests this rests on; none where they are too few.
    pub(crate) approved: usize,
}

/// An amount beside those that were approved, on one scale from 0 to 100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Measure {
    /// In words: `180 EUR; approved before: 20 to 45 EUR, in the middle 31 EUR`.
    pub(crate) text: Phrase,
    /// Where the approved ones begin.
    pub(crate) low: u64,
    /// How far they go from there.
    pub(crate) span: u64,
    /// Where this one stands.
    pub(crate) here: u64,
    /// Whether it is outside of them.
    pub(crate) is_out: bool,
}

/// Approved requests with their values, taken apart once for all that are compared with them.
#[derive(Default)]
pub(crate) struct Before<'a>(Vec<(&'a Approval, Vec<Leaf>)>);

impl<'a> Before<'a> {
    /// Those of these that were approved.
    pub(crate) fn of(alike: &'a [Approval]) -> Self {
        let approved = alike.iter().filter(|a| a.state.status() == Status::Approved);
        Self(approved.map(|a| (a, leaves(&a.card, &a.proposal().params))).collect())
    }
}

/// What earlier requests had at a path.
type Earlier = BTreeMap<String, Vec<Value>>;

impl Unusual {
    /// Compares a request with others of its agent and action.
    pub(crate) fn of(approval: &Approval, alike: &[Approval]) -> Self {
        Self::among(approval, &Before::of(alike))
    }

    /// The same, with what was taken apart already.
    pub(super) fn among(approval: &Approval, before: &Before<'_>) -> Self {
        let is_before = |(a, _): &&(&Approval, Vec<Leaf>)| {
            a.id != approval.id && a.card.created_at <= approval.card.created_at
        };
        let approved: Vec<_> = before.0.iter().filter(is_before).collect();
        if approved.len() < ENOUGH {
            return Self::default();
        }
        let mut earlier = Earlier::new();
        for leaf in approved.iter().flat_map(|(_, leaves)| leaves) {
            earlier.entry(leaf.path.clone()).or_default().push(leaf.value.clone());
        }
        let now = leaves(&approval.card, &approval.proposal().params);
        let told = now.iter().filter(|leaf| !leaf.is_redacted());
        let marks = told.filter_map(|leaf| Some((leaf.path.clone(), mark(leaf, &earlier)?)));
        let here: BTreeSet<&str> = now.iter().map(|leaf| leaf.path.as_str()).collect();
        let always = earlier.iter().filter(|(_, values)| values.len() == approved.len());
        let missing = always.map(|(path, _)| path).filter(|path| !here.contains(path.as_str()));
        Self {
            marks: marks.collect(),
            missing: missing.filter(|path| !path.contains('.')).cloned().collect(),
            measure: measure(approval, &earlier),
            approved: approved.len(),
        }
    }
}

/// What is unusual about one value, in a few words.
fn mark(leaf: &Leaf, earlier: &Earlier) -> Option<Phrase> {
    let Some(values) = earlier.get(&leaf.path) else {
        // What stands within a list differs from request to request.
        let in_list = leaf.path.split('.').any(|step| step.parse::<usize>().is_ok());
        return (!in_list).then(|| Phrase::ours("no approved request had this"));
    };
    if values.len() < ENOUGH {
        return None;
    }
    match &leaf.value {
        Value::Number(_) if !names(&leaf.path, NAMING) => {
            far(leaf.value.as_f64()?, values).map(Phrase::ours)
        }
        Value::String(text) if text.chars().count() > SHORT => None,
        Value::String(_) | Value::Number(_) | Value::Bool(_) => new(leaf, values),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn far(number: f64, values: &[Value]) -> Option<String> {
    let sorted = sorted(values);
    if sorted.len() < ENOUGH {
        return Some("usually not a number".to_owned());
    }
    let (median, most) = (median(&sorted)?, sorted.last().copied()?);
    if median > 0.0 && number >= FAR * median {
        let times = number / median;
        let times = if times < 10.0 { format!("{times:.1}") } else { format!("{times:.0}") };
        let times = times.trim_end_matches(".0").to_owned();
        return Some(format!("{times}× its median of {}", short(median)));
    }
    if number > most && most > 0.0 {
        return Some(format!("the highest so far; before at most {}", short(most)));
    }
    let small = number >= 0.0 && median > 0.0 && number <= median / FAR;
    small.then(|| format!("far below its median of {}", short(median)))
}

fn new(leaf: &Leaf, values: &[Value]) -> Option<Phrase> {
    if values.contains(&leaf.value) {
        return None;
    }
    let different: BTreeSet<String> = values.iter().map(ToString::to_string).collect();
    let repeats = different.len() * 2 <= values.len();
    let telling = names(&leaf.path, WHERE_TO);
    (repeats || telling).then(|| Phrase::ours("first time this ").and_said(&last_step(&leaf.path)))
}

/// The amount on the scale of those that were approved.
fn measure(approval: &Approval, earlier: &Earlier) -> Option<Measure> {
    let params = &approval.proposal().params;
    let number = |value: &Value| match value {
        Value::String(text) => text.parse::<f64>().ok().filter(|n| n.is_finite()),
        other => other.as_f64(),
    };
    let here = number(params.get("amount")?)?;
    let values: Vec<Value> =
        earlier.get("amount")?.iter().filter_map(number).map(Value::from).collect();
    let sorted = sorted(&values);
    let (low, high) = (sorted.first().copied()?, sorted.last().copied()?);
    let median = median(&sorted).filter(|_| sorted.len() >= ENOUGH && low >= 0.0 && here >= 0.0)?;
    let unit = params.get("currency").and_then(Value::as_str).filter(|unit| unit.len() <= 12);
    let top = high.max(here);
    let money = |line: Phrase, number: String| match unit {
        Some(unit) => line.and(format!("{number} ")).and_said(unit),
        None => line.and(number),
    };
    let text = money(Phrase::default(), short(here));
    let range = format!("{} to {}", short(low), short(high));
    let text = money(text.and("; approved before: "), range);
    let text = money(text.and(", in the middle "), short(median));
    let (from, to) = (share(low, top), share(high, top));
    Some(Measure {
        text,
        low: from.min(98),
        span: to.saturating_sub(from).max(2),
        here: share(here, top).min(99),
        is_out: here > high || here < low,
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
fn share(part: f64, whole: f64) -> u64 {
    if whole <= 0.0 { 0 } else { (part / whole * 100.0).clamp(0.0, 100.0).round() as u64 }
}

fn sorted(values: &[Value]) -> Vec<f64> {
    let mut numbers: Vec<f64> = values.iter().filter_map(Value::as_f64).collect();
    numbers.sort_by(f64::total_cmp);
    numbers
}

fn median(sorted: &[f64]) -> Option<f64> {
    sorted.get(sorted.len() / 2).copied()
}

fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    crate::dashboard::layout::number(&text.trim_end_matches('0').trim_end_matches('.'))
}

/// Whether the values of a parameter tell who or where.
pub(in crate::dashboard::approvals::view) fn tells_where(name: &str) -> bool {
    is_target(name) || names(name, WHERE_TO)
}

/// Whether one of these words stands in the last step of a path.
fn names(path: &str, words: &[&str]) -> bool {
    let step = last_step(path).to_lowercase();
    step.split([' ', '-']).any(|word| words.contains(&word))
}

/// The last step that is a name, in words.
fn last_step(path: &str) -> String {
    let named = path.rsplit('.').find(|step| step.parse::<usize>().is_err());
    named.unwrap_or(path).replace(['_', '\\'], " ")
}
