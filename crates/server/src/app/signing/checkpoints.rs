//! Checkpoints of the record, signed with the key of the receipts.

use countersign_domain::audit::{Checkpoint, Head};
use countersign_domain::identity::Right;

use super::super::{App, Error, SignedIn};

/// A checkpoint and the note that whoever keeps it keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The signed note.
    pub note: String,
}

impl App {
    /// Where the record stands now, signed, for whoever may see it.
    pub async fn checkpoint(&self, reader: &SignedIn) -> Result<SignedCheckpoint, Error> {
        reader.must(Right::Audit)?;
        let head = self.head(reader.org()).await?;
        Ok(self.checkpoint_at(reader, head))
    }

    /// The checkpoint of a record that ends there.
    pub(crate) fn checkpoint_at(&self, reader: &SignedIn, head: Head) -> SignedCheckpoint {
        let checkpoint = Checkpoint { org: reader.org().clone(), head, at: self.now() };
        let note = self.receipts.sign_checkpoint(&checkpoint);
        SignedCheckpoint { checkpoint, note }
    }
}
