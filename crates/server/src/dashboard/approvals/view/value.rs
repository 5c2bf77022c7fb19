//! Parameters, taken apart into paths and values.

use countersign_domain::OrgId;
use countersign_domain::approval::{Card, step};
use countersign_domain::display::{FingerprintKey, REDACTED, is_address, number_of};
use countersign_domain::json::Object;
use serde_json::Value;

use crate::dashboard::layout::{Phrase, Text, grouped};

/// One value among parameters, with the path that an edit would name.
#[derive(Clone, PartialEq)]
pub(crate) struct Leaf {
    /// Dotted; a dot within a key is written `\.`.
    pub(crate) path: String,
    /// The value, redacted.
    pub(crate) value: Value,
    /// What stands behind it, where that is a secret; only ever told as a fingerprint.
    secret: Option<String>,
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
    /// By what an equal secret is recognised.
    pub(crate) fingerprint: Option<String>,
    /// How long it is, where that cannot be seen at a glance.
    pub(crate) length: Option<String>,
    /// What is unusual about it.
    pub(crate) unusual: Option<Phrase>,
}

/// By what equal secrets of an organization are recognised.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fingerprints<'a>(pub(crate) &'a FingerprintKey, pub(crate) &'a OrgId);

impl Leaf {
    /// The value as text.
    pub(crate) fn text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// The value as people read it: numbers are written out.
    pub(crate) fn said(&self) -> Text {
        match &self.value {
            Value::Number(value) => Text::line(&number_of(self.name(), &value.to_string())),
            Value::String(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Array(_)
            | Value::Object(_) => Text::said(&self.text()),
        }
    }

    /// What it is called.
    pub(crate) fn name(&self) -> &str {
        name_in(&self.path)
    }

    /// A value that is no secret.
    pub(crate) fn plain(path: &str, value: Value) -> Self {
        Self { path: path.to_owned(), value, secret: None }
    }

    /// Whether it stands for a secret.
    pub(crate) const fn is_redacted(&self) -> bool {
        self.secret.is_some()
    }

    /// The same below another path.
    pub(crate) fn below(self, path: &str) -> Self {
        Self { path: format!("{path}.{}", self.path), ..self }
    }
}

/// The last step of a path that is a name.
pub(crate) fn name_in(path: &str) -> &str {
    path.rsplit('.').find(|step| step.parse::<usize>().is_err()).unwrap_or(path)
}

/// Every value, at any depth, in order. What the card hides is redacted.
pub(crate) fn leaves(card: &Card, params: &Object) -> Vec<Leaf> {
    let shown = card.shown(params);
    let mut out = Vec::new();
    for (key, value) in &shown {
        walk(step(key), value, params.get(key), &mut out);
    }
    out
}

/// Walks through what is shown, beside what it was made of.
fn walk(path: String, shown: &Value, original: Option<&Value>, out: &mut Vec<Leaf>) {
    match shown {
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                let original = original.and_then(|original| original.get(key));
                walk(format!("{path}.{}", step(key)), value, original, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (place, value) in items.iter().enumerate() {
                let original = original.and_then(|original| original.get(place));
                walk(format!("{path}.{place}"), value, original, out);
            }
        }
        leaf => {
            let hides = original.is_some_and(|original| original != leaf);
            // A text that reads like the mark of a secret is none that could be edited either.
            let hides = hides || leaf.as_str().is_some_and(|text| text.contains(REDACTED));
            let secret = original.filter(|_| hides).map(|original| match original {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            out.push(Leaf { path, value: leaf.clone(), secret });
        }
    }
}

/// The table of parameters, or of what surrounds them.
pub(crate) fn table(card: &Card, params: &Object, fingerprints: Fingerprints<'_>) -> Vec<Param> {
    leaves(card, params).iter().map(|leaf| param(leaf, fingerprints)).collect()
}

/// One line of it.
pub(crate) fn param(leaf: &Leaf, Fingerprints(key, org): Fingerprints<'_>) -> Param {
    let redacted = leaf.is_redacted();
    let (kind, value) = match &leaf.value {
        Value::String(text) if redacted && text == REDACTED => ("secret", concealed(leaf)),
        Value::String(text) if text.is_empty() => ("text", Text::line("(empty text)")),
        Value::String(text) if is_address(text) => ("address", Text::said(text)),
        Value::String(text) => ("text", Text::said_lines(text)),
        Value::Number(_) => ("number", leaf.said()),
        Value::Bool(value) => ("yes or no", Text::line(if *value { "true" } else { "false" })),
        Value::Null => ("nothing", Text::line("null")),
        Value::Array(_) => ("list", Text::line("(empty list)")),
        Value::Object(_) => ("object", Text::line("(empty object)")),
    };
    let length = leaf.value.as_str().map(|text| text.chars().count()).filter(|n| *n > 200);
    Param {
        path: Text::key(&leaf.path),
        kind,
        value,
        redacted,
        fingerprint: leaf.secret.as_deref().map(|secret| key.of(org.as_str(), secret)),
        length: length.map(|n| format!("{} characters", grouped(n))),
        unusual: None,
    }
}

/// What stands where nothing is shown.
fn concealed(leaf: &Leaf) -> Text {
    let length = leaf.secret.as_deref().map(|secret| secret.chars().count()).unwrap_or_default();
    let s = if length == 1 { "" } else { "s" };
    Text::line(&format!("hidden: a secret of {} character{s}", grouped(length)))
}
