//! `key=value`, where the value is JSON if it reads as JSON, and a text otherwise.

use std::str::FromStr;

use countersign_domain::json::{ReadError, ReadErrorKind, read};
use countersign_wire::Object;
use serde_json::Value;

use crate::failure::Failure;

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pair {
    /// The key, as it stands before the first `=`.
    pub(crate) key: String,
    /// The value.
    pub(crate) value: Value,
}

/// Why a text is not a pair.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PairError {
    /// No key, or no `=`.
    #[error("`{0}` is not a pair: write `key=value`")]
    NotAPair(String),
    /// JSON that could be read in two ways. Taking it as a text would hide that.
    #[error("the value of `{key}` is refused: {error}")]
    Value {
        /// Whose value.
        key: String,
        /// What is wrong with it.
        error: ReadError,
    },
}

impl FromStr for Pair {
    type Err = PairError;

    fn from_str(text: &str) -> Result<Self, PairError> {
        let split = text.split_once('=').filter(|(key, _)| !key.is_empty());
        let (key, value) = split.ok_or_else(|| PairError::NotAPair(text.to_owned()))?;
        let key = key.to_owned();
        match read(value.as_bytes()) {
            Ok(value) => Ok(Self { key, value }),
            Err(ReadError { kind: ReadErrorKind::Syntax { .. }, .. }) => {
                Ok(Self { key, value: Value::from(value) })
            }
            Err(error) => Err(PairError::Value { key, error }),
        }
    }
}

/// The object that pairs make on top of `object`; no key may come twice.
pub(crate) fn object_of(mut object: Object, pairs: &[Pair]) -> Result<Object, Failure> {
    for pair in pairs {
        if object.insert(pair.key.clone(), pair.value.clone()).is_some() {
            let what = format!("`{}` is given twice", pair.key);
            return Err(Failure::usage(what, "give each key once"));
        }
    }
    Ok(object)
}
