//! JSON as it enters and as it is hashed: a strict reader and one canonical form.
//!
//! The strictness is what makes a digest mean something: whatever two readers could understand
//! differently (a key given twice, a number that a double cannot hold, half a surrogate pair) is refused
//! before it becomes a value.

mod canonical;
mod number;
mod read;

pub(crate) use canonical::Fields;
pub use canonical::canonical;
pub(crate) use number::exact as exact_number;
pub use read::{
    Limits, MAX_BYTES, MAX_DEPTH, MAX_VALUES, ReadError, ReadErrorKind, read, read_within,
};

/// A JSON object.
pub type Object = serde_json::Map<String, serde_json::Value>;

#[cfg(test)]
mod tests;
