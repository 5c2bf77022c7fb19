//! `countersign audit verify`: offline, with nothing but the export, and what was kept of it elsewhere.

use std::fs::File;
use std::io::{self, BufRead, BufReader};

use clap::Args;
use countersign_domain::audit::{
    ChainError, Checkpoint, CheckpointError, Head, Note, Record, Verifier,
};
use countersign_domain::json::{Limits, ReadError, read_within};
use countersign_server::PublicKeys;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::fields;

/// Verify an export. Exits 0 and prints how many records there are and the hash of the last, or exits 1
/// and names the first bad record. Records cut off at the end, and a record that was rewritten whole, are seen
/// only with a checkpoint that was kept elsewhere.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  countersign audit export > audit.jsonl && countersign audit verify audit.jsonl\n  \
    countersign audit verify audit.jsonl --checkpoint last-month.note --keys keys.json"
)]
pub(crate) struct Verify {
    /// The export, or `-` for standard input
    file: String,
    /// A file with a checkpoint that `countersign audit checkpoint` wrote once; several times for several
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<String>,
    /// A file with the public keys of the server, as `countersign audit keys` writes them: checkpoints have to be
    /// signed with one of them, and there has to be one: that of the export, or one that was kept
    #[arg(long, value_name = "FILE")]
    keys: Option<String>,
}

impl Verify {
    pub(super) fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let against = self.against()?;
        let verified = if self.file == "-" {
            verify(io::stdin().lock(), &against)
        } else {
            verify(BufReader::new(opened(&self.file, "name an export")?), &against)
        };
        let (head, own) = verified.map_err(|bad| Failure::Refused {
            what: bad.to_string(),
            next: "do not rely on this file; compare it with another export of the same log",
            exit: Exit::Unexpected,
        })?;
        let kept = against.kept.len();
        let signatures = match (&against.keys, kept > 0) {
            (Some(_), _) if kept > 0 || own => "verified",
            (None, true) => "not looked at; name the keys of the server with --keys",
            (Some(_) | None, _) => "",
        };
        let told = json!({
            "outcome": "verified", "records": head.seq, "head": head.hash,
            "checkpoints": kept, "own_checkpoint": own, "signatures_verified": signatures == "verified",
        });
        globals.output().show(&told, || {
            fields([
                ("outcome", "verified".to_owned()),
                ("records", head.seq.0.to_string()),
                ("head", head.hash.to_string()),
                (
                    "checkpoints it contains",
                    if kept > 0 { kept.to_string() } else { String::new() },
                ),
                ("signatures", signatures.to_owned()),
            ])
        })?;
        Ok(Exit::Success)
    }

    /// What the export is compared with.
    fn against(&self) -> Result<Against, Failure> {
        let keys = self.keys.as_ref().map(|path| {
            let text = io::read_to_string(opened(path, "name the keys of the server")?)?;
            let read = PublicKeys::read(&text);
            read.map_err(|error| {
                let what = format!("`{path}`: {error}");
                Failure::usage(what, "write them with `countersign audit keys`")
            })
        });
        let keys = keys.transpose()?;
        let kept = self.checkpoints.iter().map(|path| {
            let text = io::read_to_string(opened(path, "name a checkpoint")?)?;
            let read = signed(&text, keys.as_ref());
            read.map_err(|why| Failure::Refused {
                what: format!("`{path}`: {why}"),
                next: "do not rely on this checkpoint; take another one that was kept",
                exit: Exit::Unexpected,
            })
        });
        Ok(Against { kept: kept.collect::<Result<_, _>>()?, keys })
    }
}

fn opened(path: &str, next: &'static str) -> Result<File, Failure> {
    File::open(path)
        .map_err(|error| Failure::usage(format!("`{path}` cannot be read: {error}"), next))
}

/// Checkpoints that were kept elsewhere, and the keys that they have to be signed with.
#[derive(Debug, Default)]
struct Against {
    kept: Vec<Checkpoint>,
    keys: Option<PublicKeys>,
}

/// Reads a checkpoint, which has to be signed with one of the keys, where there are any.
fn signed(note: &str, keys: Option<&PublicKeys>) -> Result<Checkpoint, String> {
    let note = Note::read(note).map_err(|error| error.to_string())?;
    match keys {
        Some(keys) if !keys.signed(&note) => {
            Err("it is signed with none of these keys, or was changed".to_owned())
        }
        Some(_) | None => Ok(note.checkpoint),
    }
}

/// What is wrong with an export, and where.
#[derive(Debug, thiserror::Error)]
enum Bad {
    #[error("line {line}: {error}")]
    Chain { line: usize, error: ChainError },
    #[error("{0}")]
    Kept(CheckpointError),
    #[error("line {line}: the checkpoint of the export: {why}")]
    Own { line: usize, why: String },
    #[error("line {line} is not JSON that can be read in one way: {error}")]
    Json { line: usize, error: ReadError },
    #[error("line {line} is not a record: {error}")]
    Record { line: usize, error: serde_json::Error },
    #[error("line {line} cannot be read: {error}")]
    Io { line: usize, error: io::Error },
    #[error(
        "nothing in it is signed, so --keys has nothing to look at: an export ends with a signed checkpoint, and this \
         one was cut off before it; name a checkpoint that was kept elsewhere with --checkpoint"
    )]
    Unsigned,
    #[error("there is no record in it; a log is never empty")]
    Empty,
}

/// Reads a log to its end, or to the first line that is not the record it should be; gives its head, and whether
/// it ends with a checkpoint of its own.
fn verify(export: impl BufRead, against: &Against) -> Result<(Head, bool), Bad> {
    let mut verifier = Verifier::default();
    let mut own = false;
    for (index, text) in export.split(b'\n').enumerate() {
        let line = index + 1;
        let text = text.map_err(|error| Bad::Io { line, error })?;
        let value =
            read_within(&text, Limits::RECORD).map_err(|error| Bad::Json { line, error })?;
        if own {
            return Err(Bad::Own { line, why: "something stands behind it".to_owned() });
        }
        if let Some(note) = note_of(&value) {
            let checkpoint = signed(note, against.keys.as_ref());
            let checkpoint = checkpoint.map_err(|why| Bad::Own { line, why })?;
            if checkpoint.head != verifier.head() {
                let why = "it is not the one of the records before it".to_owned();
                return Err(Bad::Own { line, why });
            }
            own = true;
            continue;
        }
        let record: Record =
            serde_json::from_value(value).map_err(|error| Bad::Record { line, error })?;
        for kept in &against.kept {
            kept.passes(&record).map_err(Bad::Kept)?;
        }
        verifier.next(record).map_err(|error| Bad::Chain { line, error })?;
    }
    let head = verifier.head();
    against.kept.iter().try_for_each(|kept| kept.ends(head)).map_err(Bad::Kept)?;
    if head == Head::START {
        return Err(Bad::Empty);
    }
    let signed = own || !against.kept.is_empty();
    if against.keys.is_some() && !signed { Err(Bad::Unsigned) } else { Ok((head, own)) }
}

/// The checkpoint that a line holds instead of a record.
fn note_of(line: &Value) -> Option<&str> {
    let object = line.as_object().filter(|object| object.len() == 1)?;
    object.get("checkpoint")?.as_str()
}

#[cfg(test)]
mod tests;
