//! The record: one append-only, hash-chained log per organization.

mod log;
mod record;

pub use log::{ChainError, Head, Verifier, link};
pub use record::{Draft, Hash, Kind, Record};

#[cfg(test)]
mod tests;
