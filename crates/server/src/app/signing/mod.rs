//! What the server signs: receipts, and checkpoints of the record.

mod checkpoints;
mod keys;
mod receipts;

pub use checkpoints::SignedCheckpoint;
pub use keys::{PublicKeys, PublicKeysError};
pub use receipts::ReceiptSigner;
