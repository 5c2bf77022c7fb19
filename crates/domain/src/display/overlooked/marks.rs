//! Characters and addresses that are not what they seem, amounts that can mean two things, and the place that matters
//! most.

use serde_json::Value;

use super::{Overlooked, Spoken, Telling};
use crate::display::number::Written;
use crate::display::warning::Node;
use crate::display::{Piece, disguised_host, number, pieces};

/// Whether a text holds what nobody would see, or take for something else.
fn deceives(text: &str) -> bool {
    pieces(text).iter().any(Piece::deceives)
}

/// Characters that hide: what is known of the parameters comes before what is only said.
pub(super) fn hides(nodes: &[Node<'_>], spoken: &Spoken<'_>) -> Option<Overlooked> {
    let is_hiding =
        |node: &Node<'_>| deceives(&node.path) || node.value.as_str().is_some_and(deceives);
    if nodes.iter().any(is_hiding) {
        return Some(Overlooked::Hides);
    }
    spoken.words.iter().any(|text| deceives(text)).then_some(Overlooked::SaidHides)
}

/// An address that is written so that it reads as another one.
pub(super) fn disguised(nodes: &[Node<'_>], spoken: &Spoken<'_>) -> Option<Overlooked> {
    let in_param = |node: &Node<'_>| {
        let host = disguised_host(node.value.as_str()?)?;
        Some(Overlooked::Disguised { path: node.path.clone(), host })
    };
    nodes.iter().find_map(in_param).or_else(|| {
        let context = spoken.context.map(super::super::warning::nodes).unwrap_or_default();
        let said = spoken.words.iter().chain(&spoken.links).copied();
        let mut said = said.chain(context.iter().filter_map(|node| node.value.as_str()));
        said.find_map(disguised_host).map(Overlooked::SaidDisguised)
    })
}

/// An amount in a text that means one thing here and a thousand times as much elsewhere.
pub(super) fn ambiguous(nodes: &[Node<'_>]) -> Option<Overlooked> {
    Telling::Amount.among(nodes).into_iter().find_map(|node| {
        let text = node.value.as_str()?;
        let [less, more] = <[String; 2]>::try_from(Written::of(text)?.readings).ok()?;
        let readings = [less, number(&more)];
        Some(Overlooked::Ambiguous { path: node.path.clone(), text: text.to_owned(), readings })
    })
}

/// What stands for production.
pub(super) fn production(nodes: &[Node<'_>]) -> Option<Overlooked> {
    nodes.iter().find_map(|node| match node.value {
        Value::String(text) if names_production(text) => {
            Some(Overlooked::Production { path: node.path.clone(), value: text.clone() })
        }
        Value::String(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Array(_)
        | Value::Object(_) => None,
    })
}

/// Whether a name, a path or an address has a part that is production itself: neither `reproduction` nor
/// `non-prod` is.
fn names_production(text: &str) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let is_it = |word: &str| matches!(word, "production" | "prod");
    let is_not = |word: &str| matches!(word, "non" | "not" | "no" | "pre" | "post" | "like");
    text.len() < 80
        && words.iter().enumerate().any(|(at, word)| {
            let before = at.checked_sub(1).and_then(|before| words.get(before));
            is_it(word) && !before.is_some_and(|before| is_not(before))
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::overlooked;
    use super::*;

    fn told(params: &Value, said: &str) -> Vec<String> {
        let spoken = Spoken { words: vec![said], ..Spoken::default() };
        let found = overlooked(params.as_object().unwrap(), &spoken);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_not_what_it_seems_is_told() {
        for (params, said, line) in [
            (
                json!({"to": "ac\u{200d}ct"}),
                "a\u{200b}b",
                "The parameters hold characters that hide, imitate or pad: look at every mark.",
            ),
            (
                json!({"a\u{202e}b": 1}),
                "",
                "The parameters hold characters that hide, imitate or pad: look at every mark.",
            ),
            (
                json!({"a": 1}),
                "a\u{200b}b",
                "The agent’s own text holds characters that hide, imitate or pad: trust it less.",
            ),
            (
                json!({"hook": "https://bank.com@evil.example/x"}),
                "",
                "The address in “hook” leads to “evil.example”, and not where it seems to.",
            ),
            (
                json!({}),
                "see https://bank.com@evil.example",
                "The agent’s own text names an address that leads to “evil.example”, and not where it seems to.",
            ),
            (
                json!({"amount": "100.000", "currency": "USD"}),
                "",
                "The amount “100.000” in “amount” can mean 100.000 or 100,000: ask which.",
            ),
            (
                json!({"namespace": "shop-prod"}),
                "",
                "It touches production: “namespace” is “shop-prod”.",
            ),
        ] {
            assert_eq!(told(&params, said), [line], "{params}");
        }
    }

    #[test]
    fn what_is_what_it_seems_is_not() {
        for params in [
            json!({"to": "A. Lee", "x": "two\nlines", "amount": "1,000.50"}),
            json!({"namespace": "non-prod", "x": "reproduction"}),
            json!({"url": "https://bank.com/@evil.example"}),
        ] {
            assert_eq!(told(&params, "Plain words."), Vec::<String>::new(), "{params}");
        }
    }
}
