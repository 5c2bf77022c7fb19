//! What of a request is easily overlooked: an address that leads elsewhere than it seems to, and a second amount or
//! receiver beside the one that the headline names.

use std::collections::BTreeSet;

use countersign_domain::Money;
use countersign_domain::approval::{Approval, Card};
use countersign_domain::display::{
    self, Concealed, Written, could_hide, disguised_host, is_amount, is_blank, is_body,
    is_receiver, is_where_to,
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::value::{Leaf, leaves};
use super::checklist::spoken;
use crate::dashboard::layout::Phrase;

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

/// What tells how much it is, or to whom it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    Amount,
    Receiver,
}

impl Telling {
    /// As what it reads.
    const fn what(self) -> &'static str {
        match self {
            Self::Amount => "an amount",
            Self::Receiver => "a receiver",
        }
    }

    /// Whether a name is one of that kind; `sent` where another one holds what is sent.
    fn is_called(self, name: &str, sent: bool) -> bool {
        match self {
            Self::Amount => is_amount(name),
            Self::Receiver => is_receiver(name) || (sent && is_where_to(name)),
        }
    }

    /// Whether a value can be one.
    fn fits(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Number(_)) => true,
            (Self::Amount, Value::String(text)) => {
                Written::of(text).is_some() || Money::of(value).is_some()
            }
            (Self::Receiver, Value::String(text)) => !is_blank(text),
            (_, Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => false,
        }
    }

    /// The values of that kind.
    pub(super) fn among(self, leaves: &[Leaf]) -> impl Iterator<Item = &Leaf> {
        let sent = leaves.iter().any(|leaf| is_body(leaf.name()) || is_body(top(leaf)));
        let is = move |leaf: &&Leaf| {
            self.is_called(leaf.name(), sent) && self.fits(&leaf.value) && !is_any_value(leaf)
        };
        leaves.iter().filter(is)
    }
}

/// Whether it is the value of something that is named beside it, as that of an environment is, and not what it is worth.
fn is_any_value(leaf: &Leaf) -> bool {
    let mut steps = leaf.path.rsplit('.');
    steps.next().is_some_and(|name| name.eq_ignore_ascii_case("value"))
        && steps.next().is_some_and(|above| !is_amount(above))
}

/// The first step of its path.
fn top(leaf: &Leaf) -> &str {
    leaf.path.split('.').next().unwrap_or_default()
}

/// The headline names one amount and one receiver. What else reads like one must not be overlooked.
pub(super) fn others(approval: &Approval, leaves: &[Leaf], kind: Telling) -> Option<Phrase> {
    let named = approval.headline().names;
    let is_named = |leaf: &&Leaf| {
        let one_of_one = leaf.path.strip_suffix(".0");
        named.iter().any(|name| *name == leaf.path || Some(name.as_str()) == one_of_one)
    };
    let (said, all): (Vec<&Leaf>, Vec<&Leaf>) = kind.among(leaves).partition(is_named);
    let sums_up = kind == Telling::Amount && is_sum_of(approval, &all);
    let all: Vec<&Leaf> = if sums_up { Vec::new() } else { all };
    let is_alone = kind == Telling::Receiver && all.len() == 1 && said.is_empty();
    let told = |leaf: &&Leaf| {
        let name = Phrase::said(&leaf.path);
        match &leaf.value {
            _ if leaf.is_redacted() => name,
            Value::Number(value) => {
                name.and(format!(" is {}", display::number_of(leaf.name(), &value.to_string())))
            }
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
    let also = if said.is_empty() { "It names" } else { "It also names" };
    let line = || Phrase::ours(format!("{also} what reads like {}: ", kind.what())).and_all(first);
    (!all.is_empty() && !is_alone).then(|| line().and(more))
}

/// Whether these are the lines of a list, and the amount that the headline names is what they come to.
fn is_sum_of(approval: &Approval, lines: &[&Leaf]) -> bool {
    let is_line = |leaf: &&Leaf| leaf.path.split('.').any(|step| step.parse::<usize>().is_ok());
    let all: Option<Vec<Money>> = lines.iter().map(|leaf| Money::of(&leaf.value)).collect();
    let sum = all
        .and_then(|all| all.iter().try_fold(Decimal::ZERO, |sum, money| sum.checked_add(money.0)));
    let whole = approval.headline().amount.and_then(|amount| amount.number.parse::<Money>().ok());
    !lines.is_empty() && lines.iter().all(is_line) && sum == whole.map(|whole| whole.0)
}

/// An amount in a text that means one thing here and a thousand times as much elsewhere.
pub(super) fn ambiguous(leaves: &[Leaf]) -> Option<Phrase> {
    Telling::Amount.among(leaves).find_map(|leaf| {
        let text = leaf.value.as_str()?;
        let [less, more] = <[String; 2]>::try_from(Written::of(text)?.readings).ok()?;
        let line = Phrase::ours("The amount ").and_said(text).and(" in ").and_said(&leaf.path);
        let readings = format!(" can mean {less} or {}: ask which.", display::number(&more));
        Some(line.and(readings))
    })
}

/// What is hidden, and how long it is; whether it deserves a warning, because its name reads like that of a receiver
/// or an amount.
pub(super) fn concealed(approval: &Approval) -> Option<(bool, Phrase)> {
    let all = approval.card.concealed(&approval.proposal().params);
    let told = |one: &Concealed| Phrase::said(&one.path).and(format!(" ({one})"));
    let line = Phrase::ours("Hidden here, and sent along all the same: ");
    let line = line.and_all(Phrase::joined(all.iter().take(NAMED).map(told), ", "));
    let line = match all.len().saturating_sub(NAMED) {
        0 => line,
        more => line.and(format!(", and {more} more, which stand below")),
    };
    let names = |one: &'_ Concealed| [one.names.clone(), vec![one.path.clone()]].concat();
    let paths: Vec<String> = all.iter().flat_map(names).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let what = could_hide(&paths);
    let line = match what {
        Some(what) => line.and(format!("; {what} could stand there: ask the agent.")),
        None => line.and("."),
    };
    (!all.is_empty()).then(|| (what.is_some(), line))
}

/// How many hosts, or hidden values, are named in one line.
const NAMED: usize = 12;

/// Where it would speak to.
pub(super) fn hosts(leaves: &[Leaf]) -> Option<Phrase> {
    let texts = leaves.iter().filter_map(|leaf| leaf.value.as_str());
    let hosts: BTreeSet<String> = texts.flat_map(display::hosts).collect();
    let named = Phrase::joined(hosts.iter().take(NAMED).map(|host| Phrase::said(host)), ", ");
    let more = match hosts.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and at {more} more, which stand below"),
    };
    let line = || Phrase::ours("It names addresses at ").and_all(named).and(more);
    (!hosts.is_empty()).then(|| line().and(": do you know them?"))
}
