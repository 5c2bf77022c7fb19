//! JSON from the command line, a file (`@file`) or standard input (`-`), read as strictly as the server
//! reads it.

use std::fs::File;
use std::io::{self, Read};

use countersign_domain::json::{MAX_BYTES, read};
use countersign_wire::Object;
use serde_json::Value;

use crate::failure::Failure;

const NEXT: &str = "write the JSON in single quotes, or `@file`, or `-` for standard input";

/// Reads the object that `argument` is or names; `flag` is what it was given for.
pub(crate) fn read_object(flag: &str, argument: &str) -> Result<Object, Failure> {
    match read_value(flag, argument)? {
        Value::Object(object) => Ok(object),
        _ => Err(Failure::usage(format!("{flag} is not a JSON object"), NEXT)),
    }
}

/// Reads the value that `argument` is or names; `flag` is what it was given for.
pub(crate) fn read_value(flag: &str, argument: &str) -> Result<Value, Failure> {
    let refuse = |why: String| Failure::usage(format!("{flag} cannot be read: {why}"), NEXT);
    let bytes = match (argument, argument.strip_prefix('@')) {
        ("-", _) => bounded(io::stdin()).map_err(|e| refuse(e.to_string()))?,
        (_, Some(path)) => {
            let file = File::open(path).and_then(bounded);
            file.map_err(|e| refuse(format!("`{path}`: {e}")))?
        }
        (inline, None) => inline.as_bytes().to_vec(),
    };
    read(&bytes).map_err(|e| refuse(e.to_string()))
}

/// Reads no more than the reader would take, and one byte that tells it that there was more.
fn bounded(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    source.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
