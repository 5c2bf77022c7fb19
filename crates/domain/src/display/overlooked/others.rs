//! A second amount or receiver: the headline names one of each, and what else reads like one must not be overlooked.

use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::Overlooked;
use crate::Money;
use crate::approval::step;
use crate::display::amount::{amount, at_most, currency};
use crate::display::headline::named_target;
use crate::display::number::Written;
use crate::display::telling::{has_word, is_former, is_moment};
use crate::display::warning::{Node, nodes};
use crate::display::{
    REDACTED, is_amount, is_blank, is_body, is_naming, is_receiver, is_where_to, number_of,
};
use crate::json::Object;

/// How many parameters one line tells.
const TOLD: usize = 3;
/// The longest value that such a line tells.
const SHORT: usize = 60;

/// What tells how much it is, or to whom it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// How much.
    Amount,
    /// To whom.
    Receiver,
}

/// One more of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// Where.
    pub(super) path: String,
    /// What stands there.
    pub(super) value: Value,
}

/// What stands there, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Number(String),
    Text(String),
    /// It is a secret, or too long for a line.
    Untold,
}

impl Telling {
    /// As what it reads.
    pub(super) const fn what(self) -> &'static str {
        match self {
            Self::Amount => "an amount",
            Self::Receiver => "a receiver",
        }
    }

    /// The values of that kind.
    pub(super) fn among<'n, 'a>(self, nodes: &'n [Node<'a>]) -> Vec<&'n Node<'a>> {
        let is_sent = |node: &Node<'_>| {
            is_body(node.name) || is_body(node.path.split('.').next().unwrap_or_default())
        };
        let sent = nodes.iter().any(|node| is_leaf(node.value) && is_sent(node));
        let is = |node: &&Node<'_>| self.fits(node.value) && self.is_called(node, sent);
        nodes.iter().filter(is).collect()
    }

    /// Whether a value is called like one of that kind; `sent` where another one holds what is sent.
    fn is_called(self, node: &Node<'_>, sent: bool) -> bool {
        match self {
            Self::Amount => is_amount(node.name) && !is_any_value(node),
            Self::Receiver => is_receiver(node.name) || (sent && is_where_to(node.name)),
        }
    }

    /// Whether a value can be one.
    fn fits(self, value: &Json) -> bool {
        match (self, value) {
            (_, Json::Number(_)) => true,
            (Self::Amount, Json::String(text)) => {
                Written::of(text).is_some() || Money::of(value).is_some()
            }
            (Self::Receiver, Json::String(text)) => !is_blank(text),
            (_, Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_)) => false,
        }
    }
}

/// The names of all parameters of that kind.
pub fn named(params: &Object, kind: Telling) -> Vec<String> {
    kind.among(&nodes(params)).iter().map(|node| node.name.to_owned()).collect()
}

fn is_leaf(value: &Json) -> bool {
    match value {
        Json::Array(items) => items.is_empty(),
        Json::Object(inner) => inner.is_empty(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => true,
    }
}

/// Whether it is the value of something that is named beside it, as that of an environment is, and not what it is
/// worth: that stands beside who is given it, or in what.
fn is_any_value(node: &Node<'_>) -> bool {
    let above = node.path.rsplit('.').nth(1);
    node.name.eq_ignore_ascii_case("value")
        && above.is_some_and(|above| !is_amount(above))
        && currency(node.beside).is_none()
        && !node.beside.keys().any(|name| is_receiver(name))
}

/// Whether it names who is given something: somebody's address of mail stands beside whatever else is known of them.
fn is_paid(name: &str) -> bool {
    is_receiver(name) && !["email", "cc", "bcc"].iter().any(|word| has_word(name, word))
}

/// A number beside a receiver, within what says who is given how much: whatever it is called, it may be how much.
fn is_share(node: &Node<'_>, amount: Option<Decimal>) -> bool {
    let is_beside = node.path.contains('.') && node.beside.keys().any(|name| is_paid(name));
    let is_count = !is_naming(node.name) && !is_former(node.name) && !is_moment(node.name);
    let is_more = || match (node.value, amount) {
        (Json::Number(_), Some(amount)) => {
            at_most(node.value).is_some_and(|(most, _)| most > amount)
        }
        (_, _) => false,
    };
    is_beside && is_count && !is_receiver(node.name) && is_more()
}

/// What reads like the one that the headline names, and is another.
pub(super) fn others(params: &Object, nodes: &[Node<'_>], kind: Telling) -> Option<Overlooked> {
    let (path, whole) = amount(params).unzip();
    let whole = whole.and_then(|whole| whole.number.parse::<Money>().ok()).map(|money| money.0);
    let target = named_target(params).map(step);
    let is_named = |node: &&Node<'_>| {
        let one_of_one = node.path.strip_suffix(".0");
        let names = path.iter().chain(&target);
        names.into_iter().any(|name| *name == node.path || Some(name.as_str()) == one_of_one)
    };
    let mut all = kind.among(nodes);
    if kind == Telling::Amount {
        let is_told: Vec<String> = all.iter().map(|node| node.path.clone()).collect();
        all.extend(nodes.iter().filter(|n| is_share(n, whole) && !is_told.contains(&n.path)));
    }
    let (said, mut all): (Vec<&Node<'_>>, Vec<&Node<'_>>) = all.into_iter().partition(is_named);
    if kind == Telling::Amount && is_sum_of(whole, &all) {
        all.clear();
    }
    // Where the headline names something else, the only receiver within what the parameters hold is one more.
    let is_within = |node: &&Node<'_>| node.path.contains('.') && is_paid(node.name);
    let is_further = target.is_some() && all.iter().all(is_within);
    let is_alone = kind == Telling::Receiver && all.len() == 1 && said.is_empty() && !is_further;
    if all.is_empty() || is_alone {
        return None;
    }
    // Where not all of them are told, the largest are.
    if all.len() > TOLD && kind == Telling::Amount {
        all.sort_by_key(|node| std::cmp::Reverse(at_most(node.value).map(|(most, _)| most)));
    }
    let more = match all.len().saturating_sub(TOLD) {
        0 => ".".to_owned(),
        more => format!(", and {more} more."),
    };
    let told = all.into_iter().take(TOLD).map(other).collect();
    Some(Overlooked::Others { kind, also: !said.is_empty(), told, more })
}

fn other(node: &Node<'_>) -> Other {
    let value = match node.value {
        Json::String(text) if text.contains(REDACTED) => Value::Untold,
        Json::String(text) if text.chars().count() <= SHORT => Value::Text(text.clone()),
        Json::Number(value) => Value::Number(number_of(node.name, &value.to_string())),
        Json::String(_) | Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => {
            Value::Untold
        }
    };
    Other { path: node.path.clone(), value }
}

/// Whether these are the lines of a list, and the amount that the headline names is what they come to.
fn is_sum_of(whole: Option<Decimal>, lines: &[&Node<'_>]) -> bool {
    let is_line = |node: &&Node<'_>| node.path.split('.').any(|step| step.parse::<usize>().is_ok());
    let all: Option<Vec<Money>> = lines.iter().map(|node| Money::of(node.value)).collect();
    let sum = all
        .and_then(|all| all.iter().try_fold(Decimal::ZERO, |sum, money| sum.checked_add(money.0)));
    !lines.is_empty() && lines.iter().all(is_line) && sum == whole
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Spoken, overlooked};
    use super::*;

    fn told(params: &Json) -> Vec<String> {
        let found = overlooked(params.as_object().unwrap(), &Spoken::default());
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_second_amount_or_receiver_is_told_whatever_it_is_called() {
        let amount = "It also names what reads like an amount: ";
        let receiver = "It also names what reads like a receiver: ";
        for (params, amounts, receivers) in [
            (json!({"amount": 10, "total": 5000, "tip": 2}), "“tip” is 2, “total” is 5000", ""),
            (
                json!({"amount": 10, "to": "a", "splits": [{"acct": "evil", "value": 90_000}]}),
                "“splits.0.value” is 90,000",
                "“splits.0.acct” is “evil”",
            ),
            (
                json!({"amount": 10, "to": "a", "splits": [{"acct": "evil", "cents": 5_000_000}]}),
                "“splits.0.cents” is 5,000,000",
                "“splits.0.acct” is “evil”",
            ),
            (
                json!({"amount": 10, "to": "a", "destination": {"account": "evil", "value": 90_000}}),
                "“destination.value” is 90,000",
                "“destination.account” is “evil”",
            ),
            (
                json!({"amount": 10, "to": "a", "x": {"iban": "evil", "share": 90_000}}),
                "“x.share” is 90,000",
                "“x.iban” is “evil”",
            ),
            (json!({"amount": 10, "to": "a", "bcc": ["b"]}), "", "“bcc.0” is “b”"),
            (
                json!({"to": "a", "callback_url": "https://x.example", "body": "x"}),
                "",
                "“callback_url” is “https://x.example”",
            ),
            (
                json!({"amount": 1, "tip": 2, "fee": 3, "sum": 90, "price": 5}),
                "“sum” is 90, “price” is 5, “fee” is 3, and 1 more",
                "",
            ),
        ] {
            let line =
                |head: &str, rest: &str| (!rest.is_empty()).then(|| format!("{head}{rest}."));
            let lines: Vec<String> =
                [line(amount, amounts), line(receiver, receivers)].into_iter().flatten().collect();
            assert_eq!(told(&params), lines, "{params}");
        }
    }

    #[test]
    fn one_of_each_and_what_only_counts_is_not() {
        for params in [
            json!({"amount": 10, "to": "a", "memo": "x"}),
            json!({"amount": {"value": 10, "currency": "EUR"}, "to": ["a"]}),
            json!({"amount": 10, "env": [{"name": "MAX", "value": 90_000}]}),
            json!({"total": 30, "lines": [{"amount": 10}, {"amount": 20}]}),
            json!({"amount": 10, "to": "a", "x": {"email": "a@x.example", "rows": 90_000, "zip": 90_210, "created_at": 1_700_000_000}}),
            json!({"amount": 10, "x": {"rows": 90_000}}),
            json!({"bcc": "a"}),
        ] {
            let one = told(&params);
            let one: Vec<&String> = one.iter().filter(|line| line.contains("an amount")).collect();
            assert!(one.is_empty(), "{params}: {one:?}");
        }
        assert!(told(&json!({"bcc": "a"})).is_empty());
        assert!(told(&json!({"customer": "a", "account": "b"})).is_empty());
        assert!(told(&json!({"user": "a", "fields": {"email": "b@x.example"}})).is_empty());
        let split = json!({"customer": "a", "splits": [{"acct": "evil"}]});
        let line = "It names what reads like a receiver: “splits.0.acct” is “evil”.";
        assert_eq!(told(&split), [line]);
        assert!(told(&json!({"to": "a", "amount": 10})).is_empty());
    }
}
