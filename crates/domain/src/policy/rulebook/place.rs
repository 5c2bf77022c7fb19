//! A place among parameters, and what may be shown of what stands there.

use serde_json::Value;

use crate::display;
use crate::json::Object;

/// A dotted path into parameters, as `cost.usd` or `items.0.price`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::policy) struct Place(Vec<String>);

impl Place {
    /// Reads a dotted path; `None` if a part of it is empty.
    pub fn new(path: &str) -> Option<Self> {
        let parts: Vec<String> = path.split('.').map(str::to_owned).collect();
        (!parts.iter().any(String::is_empty)).then_some(Self(parts))
    }

    /// A place given by its parts.
    pub fn of(parts: &[String]) -> Self {
        Self(parts.to_vec())
    }

    /// Its parts.
    pub fn parts(&self) -> &[String] {
        &self.0
    }

    /// What stands there.
    pub fn find<'a>(&self, params: &'a Object) -> Option<&'a Value> {
        let (first, rest) = self.0.split_first()?;
        rest.iter().try_fold(params.get(first)?, |value, part| match value {
            Value::Array(items) => items.get(part.parse::<usize>().ok()?),
            Value::Object(object) => object.get(part),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        })
    }

    /// What stands there, as it may be shown: one line without secrets.
    pub fn show(&self, params: &Object) -> String {
        let Some(value) = self.find(params) else {
            return "absent".to_owned();
        };
        let wrapped = self.0.iter().rev().fold(value.clone(), |value, part| {
            Value::Object(Object::from_iter([(part.clone(), value)]))
        });
        let shown = match wrapped {
            Value::Object(object) => self.find_shown(&display::redact_object(&object)),
            other => other,
        };
        let text = match shown {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let line = display::ticked(&text);
        if line.chars().count() > 80 {
            return format!("{}…", line.chars().take(80).collect::<String>());
        }
        line
    }

    /// Where a part of the path was hidden, so is everything below it.
    fn find_shown(&self, redacted: &Object) -> Value {
        let mut at = Value::Object(redacted.clone());
        for part in &self.0 {
            match at {
                Value::Object(mut object) => at = object.remove(part).unwrap_or(Value::Null),
                other => return other,
            }
        }
        at
    }
}
