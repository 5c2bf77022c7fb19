//! Policy documents: what is sent, what would change, what is in force.

mod replay;

pub use replay::{DifferenceView, ExampleView, ReplayRequest, ReplayView, SuggestionView};

use countersign_domain::policy::document::parse::{Problem, SourceFile};
use countersign_domain::policy::document::plan::{Step, to_yaml};
use countersign_domain::policy::document::{DocumentKind, StoredDocument};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Files with policy documents, and what to do with what stands in none of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyFiles {
    /// The files.
    pub files: Vec<PolicyFile>,
    /// Whether documents that came from files and stand in none of these are removed.
    #[serde(default)]
    pub prune: bool,
    /// The hash of the snapshot that was looked at; with another one in force nothing is applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyFile {
    /// Its name, as problems tell it.
    pub name: String,
    /// What stands in it: YAML, several documents divided by `---`.
    pub text: String,
}

impl From<PolicyFile> for SourceFile {
    fn from(file: PolicyFile) -> Self {
        Self { name: file.name, text: file.text }
    }
}

/// One thing that is wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyProblem {
    /// `error`, with which nothing is applied, or `warning`.
    pub severity: String,
    /// The file; for a document in force its kind and name.
    pub file: String,
    /// The line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in characters, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// Where in the document, as `rules[0].when`.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl From<&Problem> for PolicyProblem {
    fn from(problem: &Problem) -> Self {
        Self {
            severity: problem.severity.as_str().to_owned(),
            file: problem.file.clone(),
            line: problem.place.map(|place| place.line),
            column: problem.place.map(|place| place.column),
            path: problem.path.clone(),
            message: problem.message.clone(),
            suggestion: problem.suggestion.clone(),
        }
    }
}

/// What is wrong with files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Validation {
    /// Whether they could be applied.
    pub valid: bool,
    /// Errors and warnings, by file and place.
    pub problems: Vec<PolicyProblem>,
}

impl Validation {
    /// What was found.
    pub fn of(problems: &[Problem]) -> Self {
        let problems: Vec<_> = problems.iter().map(PolicyProblem::from).collect();
        Self { valid: problems.iter().all(|problem| problem.severity != "error"), problems }
    }
}

/// What applying files would change, or has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyChanges {
    /// Every document of the files, then those that are removed.
    pub documents: Vec<DocumentChange>,
    /// What follows for what is registered, a sentence each.
    pub effects: Vec<String>,
    /// What is probably not meant, and does not stand in the way.
    pub warnings: Vec<PolicyProblem>,
    /// The hash of the snapshot before.
    pub before: String,
    /// The hash of the snapshot after.
    pub after: String,
}

/// What becomes of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DocumentChange {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// `created`, `changed`, `unchanged` or `removed`.
    pub change: String,
    /// The lines that differ, as a unified diff of the YAML.
    pub diff: String,
}

impl DocumentChange {
    /// The change of a step, with its diff.
    pub fn of(step: &Step, diff: String) -> Self {
        let (kind, name) = step.name();
        Self {
            kind: kind.as_str().to_owned(),
            name: name.to_owned(),
            change: step.fate.as_str().to_owned(),
            diff,
        }
    }
}

/// A document that is in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DocumentView {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// How often it was written.
    pub revision: u64,
    /// When it was written last.
    #[schema(value_type = String)]
    pub updated_at: Timestamp,
    /// Who wrote it last.
    pub updated_by: String,
    /// Whether it came from a file.
    pub from_file: bool,
    /// It as YAML, as its author wrote it.
    pub yaml: String,
    /// What it says.
    pub document: Value,
}

impl From<&StoredDocument> for DocumentView {
    fn from(stored: &StoredDocument) -> Self {
        Self {
            kind: stored.document.kind().as_str().to_owned(),
            name: stored.document.name().to_owned(),
            revision: stored.revision.0,
            updated_at: stored.updated_at,
            updated_by: stored.updated_by.name.clone(),
            from_file: stored.source.is_some(),
            yaml: to_yaml(stored),
            document: serde_json::to_value(&stored.document).unwrap_or_default(),
        }
    }
}

/// The kind that a word names, whatever its case: `policy`, `Policy`, `policies`.
pub fn kind_named(word: &str) -> Option<DocumentKind> {
    let word = word.to_lowercase();
    DocumentKind::ALL.into_iter().find(|kind| {
        let name = kind.as_str().to_lowercase();
        let plural = name.strip_suffix('y').map_or(format!("{name}s"), |stem| format!("{stem}ies"));
        word == name || word == plural
    })
}
