//! What a person is not shown: where it stands, of what kind it is and how long. A receiver or an amount can hide
//! behind a name that reads like that of a secret, so it is told that something is there.

use std::fmt;

use serde_json::Value;

use super::REDACTED;
use crate::approval::step;
use crate::display::could_hide;
use crate::json::Object;

/// A value that is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concealed {
    /// Dotted, as an edit would name it.
    pub path: String,
    /// `text`, `number`, `yes or no`, `list` or `object`.
    pub kind: &'static str,
    /// How long it is.
    pub characters: usize,
    /// Whether all of it is hidden, and not only a part of a text.
    pub is_whole: bool,
    /// The names that stand within it, at any depth.
    pub names: Vec<String>,
}

/// What is hidden of an object, beside what is shown of it, in order.
pub fn concealed(original: &Object, shown: &Object) -> Vec<Concealed> {
    let mut found = Vec::new();
    for (key, value) in original {
        walk(step(key), value, shown.get(key), &mut found);
    }
    found
}

fn walk(path: String, original: &Value, shown: Option<&Value>, found: &mut Vec<Concealed>) {
    let Some(shown) = shown else { return };
    match (original, shown) {
        (Value::Object(original), Value::Object(shown)) => {
            for (key, value) in original {
                walk(format!("{path}.{}", step(key)), value, shown.get(key), found);
            }
        }
        (Value::Array(original), Value::Array(shown)) => {
            for (place, value) in original.iter().enumerate() {
                walk(format!("{path}.{place}"), value, shown.get(place), found);
            }
        }
        // A text that reads like the mark of a secret hides what it means as well.
        (original, Value::String(text)) if original != shown || text.contains(REDACTED) => {
            found.push(Concealed::of(path, original, text == REDACTED));
        }
        _ => {}
    }
}

impl Concealed {
    /// What could stand there, by its path and the names within it: a receiver, an amount, or both.
    pub fn could_be(&self) -> Option<&'static str> {
        let names = self.names.iter().chain([&self.path]).map(String::as_str);
        could_hide(&names.collect::<Vec<_>>())
    }

    fn of(path: String, value: &Value, is_whole: bool) -> Self {
        let (kind, text) = match value {
            Value::String(text) => ("text", text.clone()),
            Value::Number(number) => ("number", number.to_string()),
            Value::Bool(is) => ("yes or no", is.to_string()),
            Value::Null => ("nothing", String::new()),
            Value::Array(_) => ("list", value.to_string()),
            Value::Object(_) => ("object", value.to_string()),
        };
        let mut names = Vec::new();
        collect_names(value, &mut names);
        Self { path, kind, characters: text.chars().count(), is_whole, names }
    }
}

fn collect_names(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                names.push(name.clone());
                collect_names(value, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_names(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

impl fmt::Display for Concealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, characters, is_whole, .. } = self;
        let s = if *characters == 1 { "" } else { "s" };
        match (*is_whole, *kind) {
            (false, _) => write!(f, "a part of {characters} character{s}"),
            (true, "text") => write!(f, "{characters} character{s}"),
            (true, kind) => write!(f, "{kind}, {characters} character{s}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::display::redact_object;

    #[test]
    fn every_hidden_value_is_told_with_its_length() {
        let Value::Object(params) = json!({
            "payee_token": "DE02120300000000202051", "pin": 4711, "auth": {"api.key": "k"},
            "note": "password: hunter2", "secrets": [1, 2], "amount": 5, "token": null,
            "list": [{"cookie": {"a": 1}}]
        }) else {
            panic!("no object")
        };
        let found = concealed(&params, &redact_object(&params));
        let told: Vec<String> = found.iter().map(|one| format!("{}: {one}", one.path)).collect();
        assert_eq!(
            told,
            [
                "auth.api\\.key: 1 character",
                "list.0.cookie: object, 7 characters",
                "note: a part of 17 characters",
                "payee_token: 22 characters",
                "pin: number, 4 characters",
                "secrets: list, 5 characters",
            ]
        );
    }
}
