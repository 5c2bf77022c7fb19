//! Edits: dotted keys and their new values, and the new proposal they make.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Approval, Cost, Digest, PersonRef, Proposal};
use crate::Money;
use crate::display::REDACTED;
use crate::json::Object;

/// One edit, kept with the version it made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// Who made it.
    pub by: PersonRef,
    /// When.
    pub at: Timestamp,
    /// Dotted keys and their new values.
    pub changes: Object,
    /// The proposal after it.
    pub proposal: Proposal,
    /// The cost after it.
    pub cost: Cost,
    /// The digest of the proposal after it.
    pub digest: Digest,
}

/// The version that an edit would make, not yet answered for.
#[derive(Debug, Clone, PartialEq)]
pub struct Edited {
    /// Dotted keys and their new values.
    pub changes: Object,
    /// The proposal after it.
    pub proposal: Proposal,
    /// The cost after it.
    pub cost: Cost,
}

/// Why an edit cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Nothing to change.
    #[error("the edit changes nothing")]
    Empty,
    /// There is nothing at that key.
    #[error("there is no `{key}` to edit; there are: {known}")]
    UnknownKey {
        /// The key that was given.
        key: String,
        /// The keys next to where it should be.
        known: String,
    },
    /// The new value is of another type.
    #[error("`{key}` is {was}, the new value is {is}")]
    OtherType {
        /// The key.
        key: String,
        /// The type it has.
        was: &'static str,
        /// The type of the new value.
        is: &'static str,
    },
    /// The new value is what stands in the place of a secret, not a secret.
    #[error("`{0}` would become the mark of a hidden value; leave the key out to keep the value")]
    Redacted(String),
    /// The new cost is not a cost.
    #[error("`cost` would no longer be a cost: {0}")]
    NotACost(String),
}

impl Approval {
    /// The version that `changes` would make of the one that stands now. Keys start with `params.` or
    /// `cost.`; a key that starts with the name of a parameter needs no prefix, unless the parameter is
    /// itself called `params` or `cost`. A dot inside a key is written `\.`; a number steps into a list.
    pub fn edit(&self, changes: Object) -> Result<Edited, EditError> {
        let (params, cost) = changed(&self.proposal().params, self.cost(), &changes)?;
        let proposal = Proposal { params, ..self.proposal().clone() };
        if proposal == *self.proposal() && cost == *self.cost() {
            return Err(EditError::Empty);
        }
        Ok(Edited { changes, proposal, cost })
    }
}

/// Parameters and cost after changes; see [`Approval::edit`].
pub(crate) fn changed(
    params: &Object,
    cost: &Cost,
    changes: &Object,
) -> Result<(Object, Cost), EditError> {
    let mut params = Value::Object(params.clone());
    let mut cost = serde_json::to_value(cost).unwrap_or_default();
    for (key, value) in changes {
        if value.to_string().contains(REDACTED) {
            return Err(EditError::Redacted(key.clone()));
        }
        let path = steps(key);
        match path.split_first() {
            Some((first, rest)) if first == "params" && !rest.is_empty() => {
                replace(&mut params, rest, key, value)?;
            }
            Some((first, rest)) if first == "cost" && !rest.is_empty() => {
                replace(&mut cost, rest, key, &as_cost(rest, value))?;
            }
            _ => replace(&mut params, &path, key, value)?,
        }
    }
    let cost: Cost =
        serde_json::from_value(cost).map_err(|e| EditError::NotACost(e.to_string()))?;
    if cost.usd < Money::default() {
        return Err(EditError::NotACost("it cannot be negative".to_owned()));
    }
    let Value::Object(params) = params else {
        return Err(EditError::Empty);
    };
    Ok((params, cost))
}

/// Money may be given as a number or a text; the cost holds it as a text.
fn as_cost(path: &[String], new: &Value) -> Value {
    match (path, new) {
        ([field], Value::Number(number)) if field == "usd" => Value::from(
            Money::of(new).map_or_else(|| number.to_string(), |money| money.to_string()),
        ),
        _ => new.clone(),
    }
}

/// Splits at dots, except after a backslash.
fn steps(key: &str) -> Vec<String> {
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

fn replace(root: &mut Value, path: &[String], key: &str, new: &Value) -> Result<(), EditError> {
    let mut place = root;
    for step in path {
        let known = known_keys(place);
        let unknown = || EditError::UnknownKey { key: key.to_owned(), known };
        place = match place {
            Value::Object(object) => object.get_mut(step).ok_or_else(unknown)?,
            Value::Array(items) => {
                step.parse().ok().and_then(|i: usize| items.get_mut(i)).ok_or_else(unknown)?
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                return Err(unknown());
            }
        };
    }
    let (was, is) = (type_name(place), type_name(new));
    if was != is && !place.is_null() && !new.is_null() {
        return Err(EditError::OtherType { key: key.to_owned(), was, is });
    }
    *place = new.clone();
    Ok(())
}

fn known_keys(value: &Value) -> String {
    let keys: Vec<String> = match value {
        Value::Object(object) => object.keys().map(|k| format!("`{k}`")).collect(),
        Value::Array(items) => (0..items.len()).map(|i| format!("`{i}`")).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    if keys.is_empty() { "no keys".to_owned() } else { keys.join(", ") }
}

const fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests;
