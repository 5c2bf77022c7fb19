//! Amounts that cannot be what they seem: no numbers, below zero, or far from the cost that is stated.

mod in_all;

use rust_decimal::Decimal;
use serde_json::Value;

use super::Warning;
use super::node::{Node, nodes};
use crate::approval::Cost;
use crate::display::amount::{amount, at_most, currency, is_below_zero, is_unreadable};
use crate::display::{fits, is_amount, is_money};
use crate::json::Object;

pub(super) use in_all::in_all;

/// How many are told one by one.
const TOLD: usize = 3;
/// How many times as large is far.
const FAR: Decimal = Decimal::from_parts(3, 0, 0, false, 0);

/// What stands where an amount should and is no number; `amount` first, because the headline names it.
pub(super) fn unreadable(nodes: &[Node<'_>]) -> Vec<Warning> {
    let is = |node: &&Node<'_>| is_unreadable(node.name, node.value, node.beside);
    let mut all: Vec<&Node<'_>> = nodes.iter().filter(is).collect();
    // What stands within one of them is told with it.
    let outer: Vec<String> = all.iter().map(|node| format!("{}.", node.path)).collect();
    all.retain(|node| !outer.iter().any(|outer| node.path.starts_with(outer)));
    all.sort_by_key(|node| node.path != "amount");
    let told = |node: &&Node<'_>| {
        let text = match node.value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Warning::NoNumber { path: node.path.clone(), value: Some(text).filter(|text| fits(text)) }
    };
    let more = all.len().saturating_sub(TOLD);
    let more = (more > 0).then_some(Warning::MoreNoNumbers(more));
    all.iter().take(TOLD).map(told).chain(more).collect()
}

/// The first amount that is below zero.
pub(super) fn below_zero(nodes: &[Node<'_>]) -> Option<Warning> {
    let is = |node: &&Node<'_>| is_below_zero(node.name, node.value, node.beside);
    nodes.iter().find(is).map(|node| Warning::BelowZero { path: node.path.clone() })
}

/// Whether parameters say how much money it is, readable or not; nothing is none.
pub fn names_amount(params: &Object) -> bool {
    nodes(params).iter().any(|node| {
        let is_owed = is_money(node.name) || currency(node.beside).is_some();
        let is_some = || at_most(node.value).is_some_and(|(most, _)| !most.is_zero());
        let is_unread = || is_unreadable(node.name, node.value, node.beside);
        is_amount(node.name)
            && (is_unread()
                || (is_some()
                    && (is_owed || at_most(node.value).is_some_and(|(_, unit)| unit.is_some()))))
    })
}

/// A stated cost that is far from the amount in the same currency.
pub(super) fn apart(params: &Object, nodes: &[Node<'_>], cost: &Cost) -> Option<Warning> {
    let usd = cost.usd.0;
    let (path, most, is_named) = in_dollars(params, nodes)?;
    if usd <= Decimal::ZERO || most <= Decimal::ZERO {
        return None;
    }
    if usd.checked_mul(Decimal::ONE_HUNDRED) == Some(most) {
        return Some(Warning::PerhapsCents { path });
    }
    let is_more =
        |more: Decimal, less: Decimal| less.checked_mul(FAR).is_some_and(|far| more >= far);
    // Without a currency it may be a number of things, each of which costs something.
    let is_apart = is_more(most, usd) || (is_named && is_more(usd, most));
    is_apart.then(|| Warning::CostApart {
        cost: usd.normalize().to_string(),
        path,
        amount: most.normalize().to_string(),
    })
}

/// The amount that the headline names, or the largest: where it stands, what it is at most, and whether it is said
/// to be in dollars; nothing where it is in another currency.
fn in_dollars(params: &Object, nodes: &[Node<'_>]) -> Option<(String, Decimal, bool)> {
    let read = |node: &Node<'_>| {
        let (most, own) = at_most(node.value)?;
        let unit = own.as_deref().or_else(|| currency(node.beside)).or_else(|| currency(params));
        let in_dollars = unit.is_none_or(|unit| {
            matches!(unit.trim(), "$") || unit.trim().eq_ignore_ascii_case("usd")
        });
        in_dollars.then(|| (node.path.clone(), most, unit.is_some()))
    };
    let named = amount(params).map(|(path, _)| path);
    if let Some(node) = named.and_then(|path| nodes.iter().find(|node| node.path == path)) {
        return read(node);
    }
    let owed = nodes.iter().filter(|node| is_money(node.name));
    owed.filter_map(read).max_by_key(|(_, most, _)| *most)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::display::warnings;

    fn told(params: Value, usd: &str) -> Vec<String> {
        let Value::Object(params) = params else { panic!("no object") };
        let cost = Cost { usd: usd.parse().unwrap(), ..Cost::default() };
        warnings(&params, &cost).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_no_number_is_told_first_and_not_over_and_over() {
        let params = json!({
            "a_fee": "x", "amount": "l00", "price": "cheap", "total": "2O", "sum": [1, 2], "z": {"amount": -1}
        });
        let said = told(params, "0");
        assert_eq!(
            said,
            [
                "“amount” is no number that can be read: “l00”; ask what is meant.",
                "“a_fee” is no number that can be read: “x”; ask what is meant.",
                "“price” is no number that can be read: “cheap”; ask what is meant.",
                "Further amounts are no numbers, either.",
                "“z.amount” is below zero: money would go the other way.",
            ]
        );
        let long = told(json!({"amount": "x".repeat(61)}), "0");
        assert_eq!(long, ["“amount” is no number that can be read: ask what is meant."]);
        let list = told(json!({"amount": ["l00", "x"]}), "0");
        assert_eq!(list.len(), 1, "{list:?}");
    }

    #[test]
    fn a_cost_that_is_far_from_the_amount_is_told() {
        let far = |amount: &str, cost: &str| {
            format!(
                "The stated cost is {cost} USD, and “amount” is {amount}: ask what it really costs."
            )
        };
        let usd = |amount: Value| json!({"amount": amount, "currency": "USD"});
        assert_eq!(told(usd(json!(100_000)), "1"), [far("100,000", "1")]);
        assert_eq!(told(json!({"amount": "1.000"}), "20"), [far("1000", "20")]);
        assert_eq!(told(usd(json!(10)), "30"), [far("10", "30")]);
        let nested = json!({"payment": {"amount": 500, "currency": "usd"}});
        assert!(told(nested, "1").concat().contains("“payment.amount” is 500"));
        let cents = "“amount” is 100 times the stated cost: are these cents?";
        assert_eq!(told(usd(json!(4500)), "45"), [cents]);
        for (params, cost) in [
            (usd(json!(100)), "100"),
            (usd(json!(100)), "0"),
            (usd(json!(100)), "40"),
            (json!({"amount": 10}), "30"),
            (json!({"amount": 100_000, "currency": "JPY"}), "700"),
            (json!({"amount": "100000 EUR"}), "1"),
            (json!({"amount": 10, "total": 5000}), "10"),
            (json!({"rows": 5000}), "1"),
        ] {
            assert_eq!(told(params.clone(), cost), Vec::<String>::new(), "{params}");
        }
    }

    #[test]
    fn money_is_named_readable_or_not() {
        let names = |params: Value| names_amount(params.as_object().unwrap());
        for params in [
            json!({"amount": 5}),
            json!({"amount": "l00"}),
            json!({"x": [{"price": "5"}]}),
            json!({"total": "5 EUR"}),
            json!({"total": 5, "currency": "EUR"}),
        ] {
            assert!(names(params.clone()), "{params}");
        }
        for params in
            [json!({"amount": 0}), json!({"charge": 80}), json!({"total": 5}), json!({"value": 5})]
        {
            assert!(!names(params.clone()), "{params}");
        }
    }
}
