//! Printing: JSON for programs, tables and sentences for people, nothing that hides what it says.

mod approvals;
pub(crate) mod card;
mod outcome;
mod steps;
mod table;
mod visible;

pub(crate) use approvals::{PendingItem, pending_table, word};
pub(crate) use outcome::{effective_lines, outcome_text, spent_text, verdict_json, verdict_text};
pub(crate) use steps::in_commands;
pub(crate) use table::{Field, fields, shortened, table};
pub(crate) use visible::{visible, visible_json};

use std::io::{self, Write};

use serde::Serialize;

use crate::failure::Failure;

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// Tables and sentences.
    Human,
    /// One line of JSON.
    Json,
}

impl Output {
    /// Prints an answer on standard output: as JSON, or as the text that `human` makes.
    pub(crate) fn show<T: Serialize>(
        self,
        answer: &T,
        human: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        let text = match self {
            Self::Json => visible(&serde_json::to_string(answer).map_err(io::Error::other)?),
            Self::Human => human(),
        };
        print_line(&text)
    }

    /// Says something to a person, on standard error; programs are not told.
    pub(crate) fn tell(self, text: &str) {
        match self {
            Self::Human => remark(text),
            Self::Json => {}
        }
    }
}

/// Says something beside the answer, on standard error.
pub(crate) fn remark(text: &str) {
    // Nothing is left to tell if even this cannot be written.
    let _written = writeln!(io::stderr(), "{text}");
}

/// Prints one line on standard output, at once.
pub(crate) fn print_line(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}
