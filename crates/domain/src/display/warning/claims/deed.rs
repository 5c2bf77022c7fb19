//! The action where it is a sentence: everybody reads it first, and it is nothing but words. It is held to more than
//! what an agent says beside it, and whatever it names must stand where it counts.

use serde_json::Value;

use super::super::Warning;
use super::super::names::is_prose;
use super::super::node::nodes;
use super::{Amounts, hosts, ids, mailboxes, unlike};
use crate::Action;
use crate::display::is_amount;
use crate::json::Object;

/// What an action that is a sentence names and the parameters do not, where they name another; `known` is what else is
/// known about the request, and may name an address.
pub fn misnames(action: &Action, params: &Object, known: &Object) -> Option<Warning> {
    if !action.is_sentence() {
        return None;
    }
    let sentence = action.as_str();
    let nodes = nodes(params);
    let counts: Vec<_> = nodes.iter().filter(|node| !is_prose(node.name)).cloned().collect();
    let texts = |of: &[super::Node<'_>]| -> Vec<String> {
        of.iter().filter_map(|node| node.value.as_str()).map(str::to_lowercase).collect()
    };
    let amounts: Vec<_> = counts.iter().filter(|node| is_amount(node.name)).cloned().collect();
    let all = texts(&counts);
    let known: Vec<String> =
        known.values().filter_map(Value::as_str).map(str::to_lowercase).collect();
    let address = |of: fn(&str) -> Vec<String>| {
        unlike(of(sentence), &all.iter().flat_map(|text| of(text)).collect::<Vec<_>>(), |one| {
            all.iter().chain(&known).any(|text| text.contains(one))
        })
    };
    let wrong = Amounts::strict(&amounts, &counts)
        .unlike(sentence, &texts(&amounts))
        .or_else(|| address(mailboxes))
        .or_else(|| address(hosts))
        .or_else(|| ids::other(sentence, &all))?;
    Some(Warning::Misnames(wrong))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(action: &str, params: &Value) -> Option<String> {
        let known = json!({"a": "Olga@x.example"});
        let found = misnames(
            &action.parse().unwrap(),
            params.as_object().unwrap(),
            known.as_object().unwrap(),
        );
        found.map(|one| {
            assert!(one.warns());
            one.to_string()
        })
    }

    #[test]
    fn a_sentence_that_says_something_else_is_told() {
        let pay = json!({"amount": 5000, "currency": "USD", "customer": "cus_2"});
        let mail = json!({"amount": 5000, "to": "evil@evil.example", "note": "5 USD to cus_1"});
        for (action, params, names) in [
            ("Refund 5 USD to cus_1", &pay, "5 USD"),
            ("Refund $5.00 to cus_2", &pay, "$5.00"),
            ("Refund the money to cus_1", &pay, "cus_1"),
            ("Send $5.00 to anna@acme.example", &mail, "$5.00"),
            ("Send the offer to anna@acme.example", &mail, "anna@acme.example"),
            ("Refund 5 USD", &mail, "5 USD"),
            (
                "Refund 5 USD",
                &json!({"amount": 5000, "retries": 5, "api_key": "[REDACTED]"}),
                "5 USD",
            ),
            ("Post to https://a.example/x", &json!({"url": "https://b.example"}), "a.example"),
            ("Split 5 USD", &json!({"splits": [{"acct": "a", "cents": 5_000_000}]}), "5 USD"),
        ] {
            let line = format!(
                "The action is a sentence that names “{names}”, and the parameters do not: they are what takes effect."
            );
            assert_eq!(told(action, params), Some(line), "{action}");
        }
    }

    #[test]
    fn one_that_says_what_takes_effect_is_not() {
        let pay = json!({"amount": 5, "currency": "USD", "customer": "cus_1", "order": "ord_7"});
        for (action, params) in [
            ("Refund 5 USD to cus_1", &pay),
            ("Refund $5.00 for ord_7", &pay),
            ("Refund the 5 USD of order 1047 from 2026-11-30", &pay),
            ("Refund cus_1 as olga@x.example asked", &pay),
            ("Refund 50.00 USD", &json!({"amount": 5000})),
            ("Buy 5 for 45.00 EUR", &json!({"unit_price": 9, "quantity": 5})),
            (
                "Send 20 EUR to anna@acme.example",
                &json!({"amount": "20 EUR", "to": ["Anna@acme.example"]}),
            ),
            ("Delete the old staging database", &json!({"database": "staging-2023"})),
            ("Scale web to 5 of 8", &json!({"replicas": 5})),
            ("stripe.refund", &json!({"amount": 5000})),
        ] {
            assert_eq!(told(action, params), None, "{action}");
        }
    }
}
