//! What of a request is easily overlooked: an address that leads elsewhere than it seems to, and a second amount or
//! receiver beside the one that the headline names.

use std::collections::BTreeSet;

use countersign_domain::Money;
use countersign_domain::approval::{Approval, Card};
use countersign_domain::display::{self, disguised_host, is_amount, is_blank, is_receiver};
use serde_json::Value;

use super::super::value::{Leaf, leaves};
use super::checklist::spoken;
use crate::dashboard::layout::{Phrase, number};

/// How many parameters one line tells.
const TOLD: usize = 3;
/// The longest value that such a line tells.
const SHORT: usize = 60;

/// An address that is written so that it reads as another one.
pub(super) fn disguised(card: &Card, leaves: &[Leaf]) -> Option<Phrase> {
    let in_param = |leaf: &Leaf| {
        let host = disguised_host(leaf.value.as_str()?)?;
        let line = Phrase::ours("The address in ").and_said(&leaf.path);
        Some(line.and(" leads to ").and_said(&host).and(", and not where it seems to."))
    };
    let context = self::leaves(card, &card.context);
    let said =
        spoken(card).map(String::as_str).chain(context.iter().filter_map(|l| l.value.as_str()));
    let said = || {
        let host =
            said.chain(card.links.iter().map(|link| link.url.as_str())).find_map(disguised_host)?;
        let line = Phrase::ours("The agent’s own text names an address that leads to ");
        Some(line.and_said(&host).and(", and not where it seems to."))
    };
    leaves.iter().find_map(in_param).or_else(said)
}

/// Parameters that tell the same as one that the headline names.
pub(super) struct Others {
    /// As what they read.
    what: &'static str,
    /// Whether a name is one of that kind.
    is: fn(&str) -> bool,
    /// Whether a value can be one.
    fits: fn(&Value) -> bool,
}

pub(super) const AMOUNTS: Others =
    Others { what: "an amount", is: is_amount, fits: |v| Money::of(v).is_some() };
pub(super) const RECEIVERS: Others = Others {
    what: "a receiver",
    is: is_receiver,
    fits: |value| value.is_number() || value.as_str().is_some_and(|text| !is_blank(text)),
};

/// The headline names one amount and one receiver. What else reads like one must not be overlooked.
pub(super) fn others(approval: &Approval, leaves: &[Leaf], kind: &Others) -> Option<Phrase> {
    let named = approval.headline().names;
    let other = |leaf: &&Leaf| {
        (kind.is)(named_step(&leaf.path))
            && (kind.fits)(&leaf.value)
            && !named.contains(&leaf.path.as_str())
    };
    let all: Vec<&Leaf> = leaves.iter().filter(other).collect();
    let is_alone = all.len() == 1 && !named.iter().any(|name| (kind.is)(name));
    let told = |leaf: &&Leaf| {
        let name = Phrase::said(&leaf.path);
        match &leaf.value {
            _ if leaf.is_redacted() => name,
            Value::Number(value) => name.and(format!(" is {}", number(value))),
            Value::String(text) if text.chars().count() <= SHORT => name.and(" is ").and_said(text),
            Value::String(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Array(_)
            | Value::Object(_) => name,
        }
    };
    let first = Phrase::joined(all.iter().take(TOLD).map(told), ", ");
    let more = match all.len().saturating_sub(TOLD) {
        0 => ".".to_owned(),
        more => format!(", and {more} more."),
    };
    let also = if named.iter().any(|name| (kind.is)(name)) { "It also names" } else { "It names" };
    let line = || Phrase::ours(format!("{also} what reads like {}: ", kind.what)).and_all(first);
    (!all.is_empty() && !is_alone).then(|| line().and(more))
}

/// The last step of a path that is a name.
fn named_step(path: &str) -> &str {
    path.rsplit('.').find(|step| step.parse::<usize>().is_err()).unwrap_or(path)
}

/// How many hosts are named in one line.
const HOSTS: usize = 12;

/// Where it would speak to.
pub(super) fn hosts(leaves: &[Leaf]) -> Option<Phrase> {
    let texts = leaves.iter().filter_map(|leaf| leaf.value.as_str());
    let hosts: BTreeSet<String> = texts.flat_map(display::hosts).collect();
    let named = Phrase::joined(hosts.iter().take(HOSTS).map(|host| Phrase::said(host)), ", ");
    let more = match hosts.len().saturating_sub(HOSTS) {
        0 => String::new(),
        more => format!(", and at {more} more, which stand below"),
    };
    let line = || Phrase::ours("It names addresses at ").and_all(named).and(more);
    (!hosts.is_empty()).then(|| line().and(": do you know them?"))
}
