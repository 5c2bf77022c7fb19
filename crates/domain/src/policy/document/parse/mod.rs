//! Documents from YAML: strictly, with the place of everything that is wrong.

mod deserialize;
mod node;
mod problem;
mod scalar;
mod split;
mod typed;
mod yaml;

pub(crate) use problem::nearest;
pub use problem::{Place, Problem, Severity};

use self::node::Node;
use self::problem::Fault;
use super::Document;
use crate::policy::trial::PolicyTest;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 19;

/// A file with documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name, as problems tell it.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// A document, and how it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// What it says.
    pub document: Document,
    /// The file it stands in.
    pub file: String,
    /// The YAML it was written as, with its comments, without `---`.
    pub source: String,
    root: Node,
}

/// What was found in files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The documents that can be read, in order.
    pub documents: Vec<Written>,
    /// The tests of them, in order; they are never applied.
    pub tests: Vec<PolicyTest>,
    /// What is wrong with the others.
    pub problems: Vec<Problem>,
}

impl Written {
    /// Where the value stands that a path such as `rules[0].when` leads to.
    pub fn place(&self, path: &str) -> Place {
        self.root.find(path).place
    }

    /// Where a place within a text of the document stands in the file; where the text begins, if it is not
    /// written as it is.
    pub fn place_in(&self, path: &str, within: Place) -> Place {
        self.root.find(path).place_in(within)
    }
}

impl Reading {
    /// Whether there was nothing to read.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.tests.is_empty() && self.problems.is_empty()
    }
}

/// Reads every document of every file.
pub fn read(files: &[SourceFile]) -> Reading {
    let mut reading = Reading::default();
    for file in files {
        read_file(file, &mut reading);
    }
    reading
}

fn read_file(file: &SourceFile, reading: &mut Reading) {
    if file.text.len() > MAX_BYTES {
        let start = Place { line: 1, column: 1 };
        let message = format!("the file has {} bytes, {MAX_BYTES} are read", file.text.len());
        reading.problems.push(Fault::new(message).at(start).in_file(&file.name));
        return;
    }
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    for piece in split::pieces(text) {
        let root = match yaml::read(&piece.text, piece.first_line) {
            Ok(Some(root)) => root,
            Ok(None) => continue,
            Err(fault) => {
                reading.problems.push(fault.in_file(&file.name));
                continue;
            }
        };
        if typed::is_test(&root) {
            match typed::test(&root) {
                Ok(fixture) => reading.tests.push(fixture),
                Err(faults) => {
                    let told = faults.into_iter().map(|fault| fault.in_file(&file.name));
                    reading.problems.extend(told);
                }
            }
            continue;
        }
        match typed::document(&root) {
            Ok(document) => {
                let (file, source) = (file.name.clone(), piece.source);
                reading.documents.push(Written { document, file, source, root });
            }
            Err(faults) => {
                let faults = faults.into_iter().chain(typed::conditions(&root));
                let told = faults.map(|fault| fault.in_file(&file.name));
                reading.problems.extend(told);
            }
        }
    }
}

#[cfg(test)]
mod tests;
