//! `countersign audit verify`: offline, with nothing but the export.

use std::fs::File;
use std::io::{self, BufRead, BufReader};

use clap::Args;
use countersign_domain::audit::{ChainError, Head, Record, Verifier};
use countersign_domain::json::{Limits, ReadError, read_within};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::fields;

/// Verify an export. Exits 0 and prints how many records there are and the hash of the last, or exits 1
/// and names the first bad record. Records cut off at the end are seen only by comparing that hash.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign audit export > audit.jsonl && countersign audit verify audit.jsonl"
)]
pub(crate) struct Verify {
    /// The export, or `-` for standard input
    file: String,
}

impl Verify {
    pub(super) fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let head = if self.file == "-" { verify(io::stdin().lock()) } else { self.verify_file()? };
        let head = head.map_err(|bad| Failure::Refused {
            what: bad.to_string(),
            next: "do not rely on this file; compare it with another export of the same log",
            exit: Exit::Unexpected,
        })?;
        let verified = json!({"outcome": "verified", "records": head.seq, "head": head.hash});
        globals.output().show(&verified, || {
            fields([
                ("outcome", "verified".to_owned()),
                ("records", head.seq.0.to_string()),
                ("head", head.hash.to_string()),
            ])
        })?;
        Ok(Exit::Success)
    }

    fn verify_file(&self) -> Result<Result<Head, Bad>, Failure> {
        let file = File::open(&self.file).map_err(|error| {
            Failure::usage(format!("`{}` cannot be read: {error}", self.file), "name an export")
        })?;
        Ok(verify(BufReader::new(file)))
    }
}

/// What is wrong with an export, and where.
#[derive(Debug, thiserror::Error)]
enum Bad {
    #[error("line {line}: {error}")]
    Chain { line: usize, error: ChainError },
    #[error("line {line} is not JSON that can be read in one way: {error}")]
    Json { line: usize, error: ReadError },
    #[error("line {line} is not a record: {error}")]
    Record { line: usize, error: serde_json::Error },
    #[error("line {line} cannot be read: {error}")]
    Io { line: usize, error: io::Error },
    #[error("there is no record in it; a log is never empty")]
    Empty,
}

/// Reads a log to its end, or to the first line that is not the record it should be.
fn verify(export: impl BufRead) -> Result<Head, Bad> {
    let mut verifier = Verifier::default();
    for (index, text) in export.split(b'\n').enumerate() {
        let line = index + 1;
        let text = text.map_err(|error| Bad::Io { line, error })?;
        let value =
            read_within(&text, Limits::RECORD).map_err(|error| Bad::Json { line, error })?;
        let record: Record =
            serde_json::from_value(value).map_err(|error| Bad::Record { line, error })?;
        verifier.next(record).map_err(|error| Bad::Chain { line, error })?;
    }
    if verifier.head() == Head::START { Err(Bad::Empty) } else { Ok(verifier.head()) }
}

#[cfg(test)]
mod tests;
