//! What would help a reviewer: a small table of what thin requests lack.

use super::Question;
use crate::json::Object;

/// What a request is about.
struct Seen<'a> {
    params: &'a Object,
    context: &'a Object,
}

impl Seen<'_> {
    /// Whether one of these names, or a name that ends with one, is among parameters or context.
    fn names(&self, words: &[&str]) -> bool {
        let alike = |key: &str| {
            let key = key.to_lowercase();
            words.iter().any(|word| key.split(['_', '-', '.']).any(|part| part == *word))
        };
        self.params.keys().chain(self.context.keys()).any(|key| alike(key))
    }

    fn is_empty(&self) -> bool {
        self.params.is_empty() && self.context.is_empty()
    }
}

/// Whom or what it concerns.
const CONCERNS: &[&str] = &[
    "customer",
    "order",
    "ticket",
    "invoice",
    "user",
    "account",
    "resource",
    "namespace",
    "repository",
    "file",
    "path",
    "recipient",
    "to",
    "id",
];

/// Why it is wanted.
const REASONS: &[&str] =
    &["reason", "why", "because", "purpose", "justification", "request", "note"];

/// What is lacking, and when.
type Rule = (fn(&Seen<'_>) -> bool, &'static str);

const RULES: &[Rule] = &[
    (
        |seen| seen.is_empty(),
        "neither parameters nor context are given; a reviewer will have to ask",
    ),
    (
        |seen| !seen.is_empty() && seen.params.is_empty(),
        "params are empty, so that a yes is for the bare action; put what will run there",
    ),
    (
        |seen| !seen.is_empty() && !seen.names(CONCERNS),
        "context names no customer, order or other thing it concerns; a reviewer will have to ask",
    ),
    (
        |seen| !seen.is_empty() && !seen.names(REASONS),
        "context gives no reason; say why in `context.reason`",
    ),
    (
        |seen| seen.names(&["amount", "price", "total"]) && !seen.names(&["currency"]),
        "an amount is given without its currency",
    ),
];

/// What would help whoever reviews it.
pub(super) fn hints(question: &Question<'_>) -> Vec<String> {
    let seen = Seen { params: &question.proposal.params, context: question.context };
    let lacking = RULES.iter().filter(|(lacks, _)| lacks(&seen));
    lacking.map(|(_, hint)| (*hint).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn lacking(params: &Value, context: &Value) -> Vec<usize> {
        let object = |value: &Value| value.as_object().cloned().unwrap();
        let (params, context) = (object(params), object(context));
        let seen = Seen { params: &params, context: &context };
        (0..RULES.len()).filter(|rule| (RULES[*rule].0)(&seen)).collect()
    }

    #[test]
    fn each_thing_that_lacks_is_named_and_nothing_else() {
        let cases = [
            (json!({}), json!({}), vec![0]),
            (json!({}), json!({"customer": "c1", "reason": "late"}), vec![1]),
            (json!({"n": 1}), json!({"reason": "late"}), vec![2]),
            (json!({"customer_id": "c1"}), json!({}), vec![3]),
            (json!({"amount": 5, "order": 7}), json!({"reason": "late"}), vec![4]),
            (json!({"amount": 5, "currency": "EUR"}), json!({"order": 7, "why": "late"}), vec![]),
            (json!({"amount": 5}), json!({}), vec![2, 3, 4]),
        ];
        for (params, context, expected) in cases {
            assert_eq!(lacking(&params, &context), expected, "{params} {context}");
        }
    }
}
