//! Two names for one thing that name two different ones: the headline names one of them, and what runs may take the
//! other. Only where both are of one kind: a name beside a number says nothing.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Warning;
use super::node::Node;
use crate::approval::step;
use crate::display::amount::currencies;
use crate::display::telling::words;
use crate::display::{fits, is_address};
use crate::json::Object;

/// How many pairs are told.
const TOLD: usize = 3;
/// Words at the end of a name that only say how it is named.
const ENDS: &[&str] =
    &["id", "ref", "reference", "uid", "uuid", "email", "address", "number", "no"];
/// How many names of one thing are compared.
const ALIKE_AT_MOST: usize = 8;
/// Words that are said for one another.
const ALIKE: &[(&str, &str)] = &[
    ("recipient", "to"),
    ("receiver", "to"),
    ("payee", "to"),
    ("beneficiary", "to"),
    ("client", "customer"),
    ("acct", "account"),
];

/// Pairs that name two different ones.
pub(super) fn pairs(params: &Object, nodes: &[Node<'_>]) -> Vec<Warning> {
    let inner =
        nodes.iter().filter_map(|node| Some((format!("{}.", node.path), node.value.as_object()?)));
    let all = std::iter::once((String::new(), params)).chain(inner);
    all.flat_map(|(path, object)| within(&path, object)).take(TOLD).collect()
}

fn within(path: &str, object: &Object) -> Vec<Warning> {
    let mut things: BTreeMap<Vec<String>, Vec<Named<'_>>> = BTreeMap::new();
    for named in object.iter().filter_map(|(name, value)| Named::of(name, value)) {
        let same = things.entry(named.thing.clone()).or_default();
        if same.len() < ALIKE_AT_MOST {
            same.push(named);
        }
    }
    let mut found: Vec<Warning> = two_currencies(path, object).into_iter().collect();
    for named in things.values() {
        for (at, one) in named.iter().enumerate() {
            for other in named.iter().skip(at + 1).filter(|other| one.contradicts(other)) {
                let name = |named: &Named<'_>| format!("{path}{}", step(named.name));
                let paths = [name(one), name(other)];
                found.push(Warning::Twice {
                    paths,
                    values: [one.value.clone(), other.value.clone()],
                });
            }
        }
    }
    found
}

/// Two currencies of one amount.
fn two_currencies(path: &str, object: &Object) -> Option<Warning> {
    let mut all = currencies(object).filter_map(|(name, value)| {
        let unit = value.as_str().map(str::trim).filter(|unit| !unit.is_empty() && fits(unit))?;
        Some((format!("{path}{}", step(name)), unit.to_owned()))
    });
    let (first, one) = all.next()?;
    let (second, other) = all.find(|(_, other)| !other.eq_ignore_ascii_case(&one))?;
    Some(Warning::Twice { paths: [first, second], values: [one, other] })
}

/// A value, and what its name says that it names.
struct Named<'a> {
    name: &'a str,
    /// Its words, those that only say how left out.
    thing: Vec<String>,
    /// Whether some were.
    is_bare: bool,
    value: String,
}

/// Of what kind a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Mailbox,
    Address,
    /// `cus_`, `AB-`: what stands before the number.
    Prefixed(String),
    /// So many digits.
    Digits(usize),
}

impl<'a> Named<'a> {
    fn of(name: &'a str, value: &Value) -> Option<Self> {
        let value = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Array(items) => match items.as_slice() {
                [Value::String(only)] => only.trim().to_owned(),
                _ => return None,
            },
            Value::Null | Value::Bool(_) | Value::Object(_) => return None,
        };
        let mut thing = words(name);
        let ends = thing.len() > 1 && thing.last().is_some_and(|end| ENDS.contains(&end.as_str()));
        if ends {
            thing.pop();
        }
        for word in &mut thing {
            if let Some((_, same)) = ALIKE.iter().find(|(alike, _)| alike == word) {
                (*same).clone_into(word);
            }
        }
        (fits(&value) && !thing.is_empty()).then_some(Self { name, thing, is_bare: !ends, value })
    }

    fn contradicts(&self, other: &Self) -> bool {
        let kind = kind(&self.value);
        (self.is_bare || other.is_bare)
            && !self.value.eq_ignore_ascii_case(&other.value)
            && kind.is_some()
            && kind == self::kind(&other.value)
    }
}

fn kind(value: &str) -> Option<Kind> {
    if value.contains(char::is_whitespace) || value.is_empty() {
        return None;
    }
    if is_address(value) {
        return Some(Kind::Address);
    }
    if value.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.')) {
        return Some(Kind::Mailbox);
    }
    if value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Kind::Digits(value.len()));
    }
    let (mark, which) = value.split_once(['_', '-'])?;
    let is_mark = (1..=8).contains(&mark.len()) && mark.bytes().all(|b| b.is_ascii_alphabetic());
    let is_which = which.bytes().any(|b| b.is_ascii_digit());
    (is_mark && is_which).then(|| Kind::Prefixed(mark.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::display::warning::node::nodes;

    fn told(params: &Value) -> Vec<String> {
        let params = params.as_object().unwrap();
        pairs(params, &nodes(params)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn two_different_ones_of_one_kind_are_told() {
        for (params, line) in [
            (
                json!({"customer": "cus_1", "customer_id": "cus_2"}),
                "“customer” is “cus_1”, and “customer_id” is “cus_2”: ask which one is meant.",
            ),
            (
                json!({"recipient": "a@x.example", "to": "b@x.example"}),
                "“recipient” is “a@x.example”, and “to” is “b@x.example”: ask which one is meant.",
            ),
            (
                json!({"to": ["a@x.example"], "recipient_email": "b@x.example"}),
                "“recipient_email” is “b@x.example”, and “to” is “a@x.example”: ask which one is meant.",
            ),
            (
                json!({"x": {"account": 17, "accountId": "18"}}),
                "“x.account” is “17”, and “x.accountId” is “18”: ask which one is meant.",
            ),
            (
                json!({"amount": 10, "currency": "USD", "currency_code": "BTC"}),
                "“currency” is “USD”, and “currency_code” is “BTC”: ask which one is meant.",
            ),
            (
                json!({"Currency": "USD", "currencyCode": "BTC"}),
                "“Currency” is “USD”, and “currencyCode” is “BTC”: ask which one is meant.",
            ),
            (
                json!({"url": "https://a.example", "url_address": "https://b.example"}),
                "“url” is “https://a.example”, and “url_address” is “https://b.example”: ask which one is meant.",
            ),
        ] {
            assert_eq!(told(&params), [line]);
        }
    }

    #[test]
    fn a_name_beside_a_number_and_what_names_something_else_are_not() {
        for params in [
            json!({"customer": "A. Lee", "customer_id": "cus_2"}),
            json!({"customer": "CUS_2", "customer_id": "cus_2"}),
            json!({"to": "A. Lee", "recipient": "lee@x.example"}),
            json!({"account": "1234567890", "account_id": "77"}),
            json!({"from_account": "acc_1", "to_account": "acc_2"}),
            json!({"order_id": "ord_1", "order_number": "ord_2"}),
            json!({"to": "a@x.example", "cc": "b@x.example", "from": "c@x.example"}),
            json!({"to": ["a@x.example", "b@x.example"], "recipient": "c@x.example"}),
            json!({"a": {"customer": "cus_1"}, "b": {"customer_id": "cus_2"}}),
            json!({"service": "web-front", "service_id": "web-back"}),
            json!({"currency": "usd", "currency_code": "USD"}),
            json!({"from_currency": "USD", "to_currency": "EUR"}),
            json!({"amount": {"currency": "USD"}, "fee": {"currency": "EUR"}}),
        ] {
            assert_eq!(told(&params), Vec::<String>::new(), "{params}");
        }
    }
}
