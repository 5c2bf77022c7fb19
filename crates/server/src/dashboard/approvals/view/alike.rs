//! Alike requests, drawn together: same agent, same action, same reason, same risk.

use std::collections::BTreeSet;

use countersign_domain::Money;
use countersign_domain::approval::Approval;
use countersign_domain::display::{Headline, is_amount, is_receiver, is_target, sanitise};
use countersign_domain::json::Object;
use rust_decimal::Decimal;
use serde_json::Value;

use super::list::List;
use super::list::costs::Costs;
use super::outlier::outliers;
use super::row::Row;
use crate::dashboard::layout::{Moment, Phrase, Text, grouped, number};

/// How many have to be alike to be drawn together.
const ENOUGH: usize = 3;
/// How many columns a table has, unless more of them tell how much and to whom.
const COLUMNS: usize = 5;
/// How many of the others are named.
const NAMED: usize = 12;

/// What a list consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// One request.
    One(Box<Row>),
    /// Several that are alike.
    Several(Box<Alike>),
}

/// Several requests that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alike {
    /// What they are: 12 × stripe.refund, 20–45 EUR.
    pub(crate) title: Phrase,
    /// The names of the parameters in which they differ, what tells most first.
    pub(crate) columns: Vec<Text>,
    /// The same in plain text, for where each value is labelled by itself.
    pub(crate) labels: Vec<String>,
    /// In what they differ as well, where that is too much for a table.
    pub(crate) left_out: Option<Phrase>,
    /// Each of them.
    pub(crate) members: Vec<Member>,
    /// All amounts together, where they are of one currency.
    pub(crate) sum: Option<Phrase>,
    /// What they cost together.
    pub(crate) costs: Costs,
    /// Until when the first of them can be answered, and whether that is soon.
    pub(crate) left: Option<(Moment, bool)>,
    /// How many warnings there are among what to look at, of all of them.
    pub(crate) warnings: usize,
    /// How many are unlike the others.
    pub(crate) outliers: usize,
    /// What those that may be answered together are, and the part of an address that names exactly them.
    pub(crate) in_bulk: Option<(Phrase, String)>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// As a row.
    pub(crate) row: Row,
    /// Its values in those parameters, where it has them, and whether each is unlike the others.
    pub(crate) values: Vec<(Option<Text>, bool)>,
}

/// Draws together what is alike; each group stands where its first member would.
pub(crate) fn draw_together(approvals: &[Approval], list: &List<'_>) -> Vec<Entry> {
    let mut done: BTreeSet<usize> = BTreeSet::new();
    let mut entries = Vec::new();
    for (place, first) in approvals.iter().enumerate() {
        if done.contains(&place) {
            continue;
        }
        let like = |(_, other): &(usize, &Approval)| key(other) == key(first);
        let group: Vec<(usize, &Approval)> =
            approvals.iter().enumerate().skip(place).filter(like).collect();
        if group.len() >= ENOUGH && first.state.decided_at().is_none() {
            done.extend(group.iter().map(|(place, _)| *place));
            let members: Vec<&Approval> = group.into_iter().map(|(_, approval)| approval).collect();
            entries.push(Entry::Several(Box::new(alike(&members, list))));
        } else {
            entries.push(Entry::One(Box::new(list.row(first))));
        }
    }
    entries
}

fn key(approval: &Approval) -> impl PartialEq {
    let card = &approval.card;
    (
        card.requester.agent,
        card.proposal.action.clone(),
        card.reason_code.clone(),
        card.risk,
        approval.state.status(),
    )
}

fn alike(members: &[&Approval], list: &List<'_>) -> Alike {
    let (columns, rest) = differing(members);
    let values: Vec<Vec<Option<Value>>> =
        columns.iter().map(|name| column(members, name)).collect();
    // What is hidden may differ as well; that it does is told, and not how.
    let whole = |name: &String| -> Vec<Option<&Value>> {
        members.iter().map(|a| a.proposal().params.get(name)).collect()
    };
    let outliers: Vec<Vec<bool>> =
        columns.iter().map(|name| outliers(name, &whole(name))).collect();
    let member = |(place, approval): (usize, &&Approval)| Member {
        row: list.row(approval),
        values: values
            .iter()
            .zip(&outliers)
            .map(|(column, far)| {
                let value = column.get(place).and_then(Option::as_ref);
                (value.map(shown), far.get(place).copied().unwrap_or_default())
            })
            .collect(),
    };
    let members_shown: Vec<Member> = members.iter().enumerate().map(member).collect();
    Alike {
        title: title(members),
        columns: columns.iter().map(|name| Text::key(name)).collect(),
        labels: columns.iter().map(|name| sanitise(name)).collect(),
        left_out: left_out(&rest),
        sum: sum(members.iter().map(|a| &a.proposal().params)),
        costs: Costs::of(members),
        left: first_to_end(members, &members_shown),
        warnings: members_shown.iter().map(|member| member.row.warnings).sum(),
        outliers: members_shown.iter().filter(|m| m.values.iter().any(|(_, far)| *far)).count(),
        in_bulk: in_bulk(members, &members_shown),
        members: members_shown,
    }
}

fn first_to_end(members: &[&Approval], shown: &[Member]) -> Option<(Moment, bool)> {
    let ends = members.iter().zip(shown).filter_map(|(a, shown)| Some((a.expires_at()?, shown)));
    let (_, first) = ends.min_by_key(|(end, _)| *end)?;
    first.row.left.clone()
}

/// The top parameters in which not all are equal: those that have a column, and the others. How much and to whom
/// always has one.
fn differing(members: &[&Approval]) -> (Vec<String>, Vec<String>) {
    let names: BTreeSet<&String> =
        members.iter().flat_map(|a| a.proposal().params.keys()).collect();
    let differs = |name: &&&String| {
        let mut values = members.iter().map(|a| a.proposal().params.get(**name));
        let first = values.next().flatten();
        values.any(|value| value != first)
    };
    let mut names: Vec<String> =
        names.iter().filter(differs).map(|name| (**name).clone()).collect();
    names.sort_by_key(|name| rank(name));
    let telling = names.iter().filter(|name| rank(name) < Rank::Other).count();
    let rest = names.split_off(names.len().min(COLUMNS.max(telling)));
    (names, rest)
}

/// What tells most about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Amount,
    Receiver,
    Target,
    Other,
}

fn rank(name: &str) -> Rank {
    if is_amount(name) {
        Rank::Amount
    } else if is_receiver(name) {
        Rank::Receiver
    } else if is_target(name) {
        Rank::Target
    } else {
        Rank::Other
    }
}

fn left_out(names: &[String]) -> Option<Phrase> {
    let s = if names.len() == 1 { "s" } else { "" };
    let first = Phrase::joined(names.iter().take(NAMED).map(|name| Phrase::said(name)), ", ");
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let line = Phrase::ours(format!("{} more differ{s}: ", grouped(names.len())));
    let line = line.and_all(first).and(more);
    (!names.is_empty()).then(|| line.and("; open a request to see them."))
}

fn column(members: &[&Approval], name: &str) -> Vec<Option<Value>> {
    let value = |a: &&Approval| a.card.shown(&a.proposal().params).get(name).cloned();
    members.iter().map(value).collect()
}

fn shown(value: &Value) -> Text {
    match value {
        Value::String(text) => Text::said(text),
        Value::Number(value) => Text::line(&number(value)),
        Value::Null | Value::Bool(_) => Text::line(&value.to_string()),
        Value::Array(_) | Value::Object(_) => Text::said(&value.to_string()),
    }
}

/// Exactly those of a group that may be answered together.
fn in_bulk(members: &[&Approval], shown: &[Member]) -> Option<(Phrase, String)> {
    let able = members.iter().zip(shown).filter(|(_, member)| member.row.in_bulk);
    let (able, ids): (Vec<&Approval>, Vec<String>) =
        able.map(|(approval, member)| (*approval, format!("id={}", member.row.id))).unzip();
    (!able.is_empty()).then(|| (counted(&able), ids.join("&")))
}

/// So many, and what they are, where they are of one action: 7 × stripe.refund.
pub(crate) fn counted(approvals: &[&Approval]) -> Phrase {
    let count = approvals.len();
    let headlines: Vec<Headline> = approvals.iter().map(|a| a.headline()).collect();
    let number = grouped(count);
    let same = headlines.windows(2).all(|pair| match pair {
        [one, other] => one.deed == other.deed,
        _ => true,
    });
    let s = if count == 1 { "" } else { "s" };
    match headlines.first().filter(|first| same && !first.is_sentence) {
        Some(first) => Phrase::ours(format!("{number} × ")).and_said(&first.deed),
        None => Phrase::ours(format!("{number} request{s}")),
    }
}

/// All amounts together, where all have one and it is of one currency.
pub(crate) fn sum<'a>(all: impl Iterator<Item = &'a Object>) -> Option<Phrase> {
    let mut unit = None;
    let mut sum = Decimal::ZERO;
    for params in all {
        let amount = params.get("amount").and_then(Money::of)?;
        let own = params.get("currency").and_then(Value::as_str).unwrap_or_default();
        if unit.is_some_and(|unit| unit != own) {
            return None;
        }
        unit = Some(own);
        sum = sum.checked_add(amount.0)?;
    }
    Some(match unit? {
        "" => Phrase::ours(number(&sum) + " without a currency"),
        unit => in_unit(number(&sum), unit),
    })
}

fn in_unit(number: String, unit: &str) -> Phrase {
    match unit {
        "" => Phrase::ours(number),
        unit => Phrase::ours(number + " ").and_said(unit),
    }
}

fn title(members: &[&Approval]) -> Phrase {
    let Some(first) = members.first() else { return Phrase::default() };
    let amounts: Vec<f64> = members
        .iter()
        .filter_map(|a| a.proposal().params.get("amount").and_then(Value::as_f64))
        .collect();
    let unit = first.proposal().params.get("currency").and_then(Value::as_str).unwrap_or_default();
    let least = amounts.iter().copied().fold(f64::INFINITY, f64::min);
    let most = amounts.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let counted = counted(members);
    if amounts.len() == members.len() {
        counted.and(", ").and_all(in_unit(format!("{}–{}", number(&least), number(&most)), unit))
    } else {
        counted
    }
}
