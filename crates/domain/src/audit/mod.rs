//! The record: one append-only, hash-chained log per organization.

mod checkpoint;
mod log;
mod receipt;
mod record;

pub use checkpoint::{Checkpoint, CheckpointError, Note, NoteError, NoteSignature};
pub use log::{ChainError, Head, Linked, Unlinked, Verifier};
pub use receipt::Receipt;
pub use record::{Draft, Hash, Kind, Record};

#[cfg(test)]
mod tests;
