//! Amounts and receivers within a text: JSON or the end of an address that is handed on as one text names them itself,
//! and the headline knows nothing of them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Warning;
use super::node::{Node, nodes};
use crate::display::{fits, is_amount, is_receiver};
use crate::json::Object;

/// How many texts are told.
const TOLD: usize = 3;
/// How many names of each.
const NAMED: usize = 3;
/// How deep texts stand within texts.
const DEEPEST: usize = 4;

/// Texts that name an amount or a receiver that no parameter names.
pub(super) fn texts(nodes: &[Node<'_>]) -> Vec<Warning> {
    let known: BTreeSet<String> = nodes.iter().filter_map(|node| plain(node.value)).collect();
    let told = nodes.iter().filter_map(|node| {
        let mut names = held(node.value.as_str()?, &known, DEEPEST);
        names.dedup();
        names.truncate(NAMED);
        (!names.is_empty()).then(|| Warning::Within { path: node.path.clone(), names })
    });
    told.take(TOLD).collect()
}

/// The names within a text whose values are not known from elsewhere.
fn held(text: &str, known: &BTreeSet<String>, deepest: usize) -> Vec<String> {
    let Some(inner) = object(text) else { return Vec::new() };
    let mut found = Vec::new();
    for node in nodes(&inner) {
        let tells = is_amount(node.name) || (is_receiver(node.name) && !is_span(&node));
        let value = plain(node.value).filter(|value| !value.is_empty());
        let is_new = value.is_some_and(|value| value != "0" && !known.contains(&value));
        if tells && is_new && fits(node.name) {
            found.push(node.name.to_owned());
        } else if let Some(text) = node.value.as_str().filter(|_| deepest > 0) {
            found.extend(held(text, known, deepest.saturating_sub(1)));
        }
    }
    found
}

/// `to` beside `from` is the end of a time, or of a range, where a number stands there.
fn is_span(node: &Node<'_>) -> bool {
    let is_time = |c: char| c.is_ascii_digit() || "-:/.TZ+ ".contains(c);
    let is_number = plain(node.value).is_some_and(|text| text.chars().all(is_time));
    is_number && node.name.to_ascii_lowercase().ends_with("to")
}

/// A value as text, as far as it is one thing.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_lowercase()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What a text holds: an object or a list of JSON, what stands after the `?` of an address, or such pairs alone.
pub(super) fn object(text: &str) -> Option<Object> {
    let text = text.trim();
    if text.starts_with(['{', '[']) {
        return match serde_json::from_str(text).ok()? {
            Value::Object(object) => Some(object),
            list @ Value::Array(_) => Some(Object::from_iter([(String::new(), list)])),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        };
    }
    if text.contains(char::is_whitespace) || !text.contains('=') {
        return None;
    }
    let pairs = match text.split_once('?') {
        Some((_, pairs)) => pairs.split('#').next().unwrap_or_default(),
        None if text.contains('&') => text,
        None => return None,
    };
    let pairs = url::form_urlencoded::parse(pairs.as_bytes());
    Some(pairs.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(params: &Value) -> Vec<String> {
        texts(&nodes(params.as_object().unwrap())).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_a_text_names_by_itself_is_told() {
        for (params, names) in [
            (json!({"x": "{\"amount\": 5000, \"to\": \"eve\"}"}), "“amount” and “to”"),
            (json!({"x": " [{\"pay\": {\"iban\": \"DE02\"}}]"}), "“iban”"),
            (json!({"x": "amount=5000&to=eve&note=a"}), "“amount” and “to”"),
            (json!({"x": "https://pay.example/go?amount=5000&cc=eve#x"}), "“amount” and “cc”"),
            (json!({"x": "{\"body\": \"{\\\"amount\\\": 9}\"}"}), "“amount”"),
            (json!({"amount": 5, "x": "{\"amount\": 5000}"}), "“amount”"),
        ] {
            let line = format!(
                "“x” is a text that names {names} of its own: the headline does not tell of that."
            );
            assert_eq!(told(&params), [line]);
        }
    }

    #[test]
    fn what_is_known_already_and_what_names_nothing_is_not() {
        for params in [
            json!({"amount": 45, "to": "Lee", "x": "{\"amount\": 45, \"to\": \"lee\"}"}),
            json!({"x": "{\"rows\": 5, \"name\": \"a\", \"amount\": null, \"total\": 0}"}),
            json!({"x": "https://x.example/?from=2026-01-01&to=2026-12-31"}),
            json!({"x": "a = b & to = c", "y": "to=eve", "z": "{amount: 5}"}),
            json!({"x": "5 > 3 ? amount=1 : 2", "amount": {"value": 5}}),
            json!({"x": "{{amount}}", "y": "[amount](https://x.example)"}),
        ] {
            assert_eq!(told(&params), Vec::<String>::new(), "{params}");
        }
    }
}
