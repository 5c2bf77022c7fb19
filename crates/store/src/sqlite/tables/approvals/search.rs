//! What is looked through when people search.

use countersign_domain::approval::{Approval, Card};
use serde_json::Value;

/// The text of a card, in lower case; secrets are not in it, so that no search can guess them.
pub(super) fn text(card: &Card) -> String {
    let mut text = String::new();
    let parts = [&card.summary, card.proposal.action.as_str()].into_iter();
    for part in parts.chain(card.reasoning.as_deref()).chain(card.task_id.as_deref()) {
        push(&mut text, part);
    }
    push_value(&mut text, &Value::Object(card.shown(&card.proposal.params)));
    text.to_lowercase()
}

/// The words that must all occur.
pub(super) fn words(wanted: &str) -> impl Iterator<Item = String> {
    wanted.split_whitespace().map(str::to_lowercase)
}

/// What the index of three characters in a row is asked for these words; everything that holds the words is
/// among its answers. `None` when no word is long enough to ask for.
pub(super) fn trigrams(wanted: &str) -> Option<String> {
    let mut asked = Vec::new();
    for word in words(wanted).filter(|word| !word.contains(END)) {
        let chars: Vec<char> = word.chars().collect();
        for three in chars.windows(3) {
            let three: String = three.iter().collect();
            asked.push(format!("\"{}\"", three.replace('"', "\"\"")));
        }
    }
    (!asked.is_empty()).then(|| asked.join(" AND "))
}

/// A text as it goes into that index, which would read no further than to this character.
pub(super) fn indexed(text: &str) -> String {
    text.replace(END, "\n")
}

const END: char = '\0';

/// Every group that a stage names, each between line breaks.
pub(super) fn group_names(approval: &Approval) -> String {
    let mut names = String::from("\n");
    for group in approval.requirements.stages.iter().flat_map(|stage| &stage.groups) {
        push(&mut names, group);
    }
    names
}

/// A group as it stands in [`group_names`].
pub(super) fn group_name(group: &str) -> String {
    format!("\n{group}\n")
}

fn push(text: &mut String, part: &str) {
    text.push_str(part);
    text.push('\n');
}

fn push_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) => push(text, &value.to_string()),
        Value::String(part) => push(text, part),
        Value::Array(items) => items.iter().for_each(|item| push_value(text, item)),
        Value::Object(entries) => {
            for (key, entry) in entries {
                push(text, key);
                push_value(text, entry);
            }
        }
    }
}
