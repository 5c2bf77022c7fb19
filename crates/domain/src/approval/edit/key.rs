//! The keys of an edit: what they do, and where they lead.

use serde_json::Value;

/// What a change does at its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Another value.
    Change,
    /// A key that was not there.
    Add,
    /// No such key any more.
    Remove,
}

impl Way {
    pub(super) fn of(key: &str) -> (Self, &str) {
        match (key.strip_prefix('+'), key.strip_prefix('-')) {
            (Some(key), _) => (Self::Add, key),
            (_, Some(key)) => (Self::Remove, key),
            (None, None) => (Self::Change, key),
        }
    }
}

/// The path below the parameters that a key leads along.
pub(super) fn params_path(key: &str) -> Vec<String> {
    let mut path = steps(key);
    if path.len() > 1 && path.first().is_some_and(|first| first == "params") {
        path.remove(0);
    }
    path
}

/// The value that a path leads to.
pub(super) fn at_key<'a>(root: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(root, |value, step| match value {
        Value::Object(object) => object.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    })
}

/// The names that a dotted key leads along: it is split at dots, except after a backslash.
pub fn steps(key: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut chars = key.chars();
    while let Some(c) = chars.next() {
        match (c, steps.last_mut()) {
            ('.', _) => steps.push(String::new()),
            ('\\', Some(step)) => step.extend(chars.next()),
            (c, Some(step)) => step.push(c),
            (_, None) => {}
        }
    }
    steps
}

/// A name as it stands in a dotted key.
pub fn step(name: &str) -> String {
    let escaped = name.replace('\\', "\\\\").replace('.', "\\.");
    if name.starts_with(['+', '-']) { format!("\\{escaped}") } else { escaped }
}
