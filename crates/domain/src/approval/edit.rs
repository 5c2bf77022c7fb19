//! Edits: dotted keys and their new values, and the new proposal they make.

mod key;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Approval, Cost, Digest, PersonRef, Proposal};
use crate::Money;
use crate::display::REDACTED;
use crate::json::Object;

use key::{Way, at_key, params_path};

pub use key::{step, steps};

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
    /// There is a value at that key already.
    #[error("there is already a `{0}`: change that one, instead of adding it")]
    Taken(String),
    /// What is added or taken away is neither a parameter nor a key of one.
    #[error(
        "`{0}` is no key of an object; of a list, give the whole list, and a cost keeps its fields"
    )]
    NoKey(String),
    /// What is added or taken away is hidden from people, who could not see what they agree to.
    #[error("`{0}` is hidden from people, so an edit leaves it as it is")]
    Hidden(String),
    /// What is taken away has a value.
    #[error("`{0}` is taken away, so it has no new value; give null")]
    TakenAwayWithValue(String),
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
    /// itself called `params` or `cost`. A dot inside a key is written `\.`; a number steps into a list. A key
    /// that starts with `+` adds a parameter, or a key of one, and one that starts with `-` takes it away, with
    /// the value null; where the name itself starts so, a `\` stands before it. Nothing that is hidden from
    /// people is added or taken away.
    pub fn edit(&self, changes: Object) -> Result<Edited, EditError> {
        let before = self.proposal();
        let (params, cost) = changed(&before.params, self.cost(), &changes)?;
        self.must_leave_what_is_hidden(&changes, (&before.params, &params))?;
        let proposal = Proposal { params, ..self.proposal().clone() };
        if proposal == *self.proposal() && cost == *self.cost() {
            return Err(EditError::Empty);
        }
        Ok(Edited { changes, proposal, cost })
    }

    /// Whoever takes something away or adds it has to be able to see it.
    fn must_leave_what_is_hidden(
        &self,
        changes: &Object,
        (before, after): (&Object, &Object),
    ) -> Result<(), EditError> {
        for key in changes.keys() {
            let (way, key) = Way::of(key);
            let params = match way {
                Way::Change => continue,
                Way::Add => after,
                Way::Remove => before,
            };
            let path = params_path(key);
            let (real, shown) = (Value::Object(params.clone()), self.card.shown(params));
            if at_key(&real, &path) != at_key(&Value::Object(shown), &path) {
                return Err(EditError::Hidden(key.to_owned()));
            }
        }
        Ok(())
    }
}

impl Approval {
    /// How it would stand with an edit, for whoever looks at that before they make it.
    pub fn as_edited(&self, edited: &Edited, by: PersonRef, at: Timestamp) -> Self {
        let Edited { changes, proposal, cost } = edited.clone();
        let digest = proposal.digest();
        let mut shown = self.clone();
        shown.edits.push(Edit { by, at, changes, proposal, cost, digest });
        shown
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
        let (way, key) = Way::of(key);
        if value.to_string().contains(REDACTED) {
            return Err(EditError::Redacted(key.to_owned()));
        }
        let path = steps(key);
        match (way, path.split_first()) {
            (Way::Change, Some((first, rest))) if first == "cost" && !rest.is_empty() => {
                replace(&mut cost, rest, key, &as_cost(rest, value))?;
            }
            (Way::Change, _) => replace(&mut params, &params_path(key), key, value)?,
            (_, Some((first, rest))) if first == "cost" && !rest.is_empty() => {
                return Err(EditError::NoKey(key.to_owned()));
            }
            (Way::Add, _) => add(&mut params, &params_path(key), key, value)?,
            (Way::Remove, _) => remove(&mut params, &params_path(key), key, value)?,
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

/// The value that a path leads to.
fn found<'a>(root: &'a mut Value, path: &[String], key: &str) -> Result<&'a mut Value, EditError> {
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
    Ok(place)
}

/// The object that the last name of a path is a key of, and that name.
fn owner<'a, 'b>(
    root: &'a mut Value,
    path: &'b [String],
    key: &str,
) -> Result<(&'a mut Object, &'b String), EditError> {
    let no_key = || EditError::NoKey(key.to_owned());
    let (last, above) = path.split_last().ok_or_else(no_key)?;
    let object = found(root, above, key)?.as_object_mut().ok_or_else(no_key)?;
    if last.is_empty() { Err(no_key()) } else { Ok((object, last)) }
}

fn add(root: &mut Value, path: &[String], key: &str, new: &Value) -> Result<(), EditError> {
    let (object, name) = owner(root, path, key)?;
    if object.contains_key(name) {
        return Err(EditError::Taken(key.to_owned()));
    }
    object.insert(name.clone(), new.clone());
    Ok(())
}

fn remove(root: &mut Value, path: &[String], key: &str, new: &Value) -> Result<(), EditError> {
    if !new.is_null() {
        return Err(EditError::TakenAwayWithValue(key.to_owned()));
    }
    let (object, name) = owner(root, path, key)?;
    let unknown = EditError::UnknownKey {
        key: key.to_owned(),
        known: object.keys().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", "),
    };
    object.remove(name).map(drop).ok_or(unknown)
}

fn replace(root: &mut Value, path: &[String], key: &str, new: &Value) -> Result<(), EditError> {
    let place = found(root, path, key)?;
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
