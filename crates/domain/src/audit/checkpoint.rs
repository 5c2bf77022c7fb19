//! A checkpoint: where a log stood at a moment, to be kept outside of it. Whoever holds one finds out later
//! whether the log was cut off, rolled back or rewritten.
//!
//! It is written as a signed note (C2SP `signed-note`): lines of text, an empty line, and one line for each
//! signature, so that others can check it too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{Hash, Head, Record};
use crate::{OrgId, Seq};

/// What stands before the organization in the first line, and in the name of the key.
const ORIGIN: &str = "countersign/";
/// What every line of a signature begins with: a long dash and a space.
const DASH: &str = "\u{2014} ";
/// The kind of signature in a note: Ed25519.
const ED25519: u8 = 1;

/// Where a log stood at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose log it is.
    pub org: OrgId,
    /// Its newest record then.
    pub head: Head,
    /// When it was looked at.
    pub at: Timestamp,
}

/// A checkpoint as it was read, with its signatures, which somebody with the keys has to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// What is signed, byte for byte.
    pub text: String,
    /// The signatures.
    pub signatures: Vec<NoteSignature>,
}

/// One signature of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// Which key it is, if its name and public half come to that.
    pub key: [u8; 4],
    /// The signature itself.
    pub signature: Vec<u8>,
}

/// Why a text is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a checkpoint: {0}")]
pub struct NoteError(&'static str);

/// Why a log is not the one of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is of another organization.
    #[error("the checkpoint is of the organization `{0}`")]
    Foreign(OrgId),
    /// It ended later once.
    #[error(
        "it ends with record {ends}, but at {at} it had {had}: records were cut off, or it was rolled back"
    )]
    Cut {
        /// The last record now.
        ends: u64,
        /// The last one then.
        had: u64,
        /// When.
        at: Timestamp,
    },
    /// Another record stands in that place.
    #[error(
        "record {seq} is not the one that stood there at {at}: the log was rewritten up to there, or before"
    )]
    Rewritten {
        /// The place.
        seq: u64,
        /// When.
        at: Timestamp,
    },
}

impl Checkpoint {
    /// What is signed: origin, number of records, hash of the last one, time.
    pub fn text(&self) -> String {
        let hash = STANDARD.encode(self.head.hash.0);
        format!("{}\n{}\n{hash}\nat {}\n", self.key_name(), self.head.seq.0, self.at)
    }

    /// The name of the key that signs it.
    pub fn key_name(&self) -> String {
        format!("{ORIGIN}{}", self.org)
    }

    /// The signed note, from the public key and the signature over [`Self::text`].
    pub fn signed(&self, public: &[u8; 32], signature: &[u8; 64]) -> String {
        let name = self.key_name();
        let bytes = [key_id(&name, public).as_slice(), signature].concat();
        format!("{}\n{DASH}{name} {}\n", self.text(), STANDARD.encode(bytes))
    }

    /// Compares a record of a log with it.
    pub fn passes(&self, record: &Record) -> Result<(), CheckpointError> {
        if record.org != self.org {
            return Err(CheckpointError::Foreign(self.org.clone()));
        }
        if record.seq == self.head.seq && record.hash != self.head.hash {
            return Err(CheckpointError::Rewritten { seq: record.seq.0, at: self.at });
        }
        Ok(())
    }

    /// Compares the end of a log with it.
    pub fn ends(&self, head: Head) -> Result<(), CheckpointError> {
        if head.seq < self.head.seq {
            let cut = CheckpointError::Cut { ends: head.seq.0, had: self.head.seq.0, at: self.at };
            return Err(cut);
        }
        Ok(())
    }
}

impl Note {
    /// Reads a note; whether its signatures are true is not looked at.
    pub fn read(note: &str) -> Result<Self, NoteError> {
        let (text, signatures) =
            note.split_once("\n\n").ok_or(NoteError("no empty line stands before a signature"))?;
        let text = format!("{text}\n");
        let checkpoint = checkpoint(&text)?;
        let signatures = signatures.lines().map(signature).collect::<Result<Vec<_>, _>>()?;
        if signatures.is_empty() {
            return Err(NoteError("nobody signed it"));
        }
        Ok(Self { checkpoint, text, signatures })
    }
}

impl NoteSignature {
    /// Whether it claims to be made with this key.
    pub fn is_of(&self, public: &[u8; 32]) -> bool {
        self.key == key_id(&self.name, public)
    }
}

/// The lines before the signatures. Whatever else a line could say is refused, so that one checkpoint has one
/// form.
fn checkpoint(text: &str) -> Result<Checkpoint, NoteError> {
    let mut lines = text.lines();
    let org = lines.next().and_then(|line| line.strip_prefix(ORIGIN)?.parse().ok());
    let seq = lines.next().and_then(|line| line.parse().ok());
    let hash = lines.next().and_then(|line| STANDARD.decode(line).ok()?.try_into().ok());
    let at = lines.next().and_then(|line| line.strip_prefix("at ")?.parse().ok());
    let read = Checkpoint {
        org: org.ok_or(NoteError("its first line does not name an organization"))?,
        head: Head {
            seq: Seq(seq.ok_or(NoteError("its second line is not a number of records"))?),
            hash: Hash(hash.ok_or(NoteError("its third line is not a hash"))?),
        },
        at: at.ok_or(NoteError("its fourth line is not a time"))?,
    };
    if read.text() == text { Ok(read) } else { Err(NoteError("it is not written as it should be")) }
}

fn signature(line: &str) -> Result<NoteSignature, NoteError> {
    let broken = NoteError("a signature is not written as it should be");
    let read = || {
        let (name, bytes) = line.strip_prefix(DASH)?.rsplit_once(' ')?;
        let bytes = STANDARD.decode(bytes).ok()?;
        let (key, signature) = bytes.split_first_chunk::<4>()?;
        Some(NoteSignature { name: name.to_owned(), key: *key, signature: signature.to_vec() })
    };
    read().ok_or(broken)
}

/// The number of a key in notes: the first bytes of the hash of its name, its kind and its public half.
fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let mut sha = Sha256::new();
    sha.update(name);
    sha.update([b'\n', ED25519]);
    sha.update(public);
    let hash: [u8; 32] = sha.finalize().into();
    hash.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
