//! Parameters, taken apart into paths and values.

use countersign_domain::display::{REDACTED, redact_object};
use countersign_domain::json::Object;
use serde_json::Value;

use crate::dashboard::layout::{Text, grouped};

/// One value among parameters, with the path that an edit would name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Leaf {
    /// Dotted; a dot within a key is written `\.`.
    pub(crate) path: String,
    /// The value, redacted.
    pub(crate) value: Value,
}

/// One line of the table of parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Param {
    /// Its path.
    pub(crate) path: Text,
    /// What it is.
    pub(crate) kind: &'static str,
    /// What it says.
    pub(crate) value: Text,
    /// Whether it is a secret, which is not shown.
    pub(crate) redacted: bool,
    /// How long it is, where that cannot be seen at a glance.
    pub(crate) length: Option<String>,
}

impl Leaf {
    /// The value as text.
    pub(crate) fn text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// Whether it stands for a secret.
    pub(crate) fn is_redacted(&self) -> bool {
        self.value.to_string().contains(REDACTED)
    }
}

/// Every value, at any depth, in order. Secrets are redacted first.
pub(crate) fn leaves(params: &Object) -> Vec<Leaf> {
    let mut out = Vec::new();
    for (key, value) in &redact_object(params) {
        walk(step(key), value, &mut out);
    }
    out
}

fn walk(path: String, value: &Value, out: &mut Vec<Leaf>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                walk(format!("{path}.{}", step(key)), value, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (place, value) in items.iter().enumerate() {
                walk(format!("{path}.{place}"), value, out);
            }
        }
        leaf => out.push(Leaf { path, value: leaf.clone() }),
    }
}

fn step(key: &str) -> String {
    key.replace('\\', "\\\\").replace('.', "\\.")
}

/// The table of parameters.
pub(crate) fn table(params: &Object) -> Vec<Param> {
    leaves(params).iter().map(param).collect()
}

fn param(leaf: &Leaf) -> Param {
    let redacted = leaf.is_redacted();
    let (kind, value) = match &leaf.value {
        Value::String(text) if redacted && text == REDACTED => {
            ("secret", Text::line("hidden: a secret"))
        }
        Value::String(text) if text.is_empty() => ("text", Text::line("(empty text)")),
        Value::String(text) if text.contains("://") && !text.contains(char::is_whitespace) => {
            ("address", Text::url(text))
        }
        Value::String(text) => ("text", Text::lines(text)),
        Value::Number(number) => ("number", Text::line(&number.to_string())),
        Value::Bool(value) => ("yes or no", Text::line(if *value { "true" } else { "false" })),
        Value::Null => ("nothing", Text::line("null")),
        Value::Array(_) => ("list", Text::line("(empty list)")),
        Value::Object(_) => ("object", Text::line("(empty object)")),
    };
    let length = leaf.value.as_str().map(|text| text.chars().count()).filter(|n| *n > 200);
    let length = length.map(|n| format!("{} characters", grouped(n)));
    Param { path: Text::line(&leaf.path), kind, value, redacted, length }
}
