//! A document as it is kept: what it says, and how it came to be.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Document;
use crate::Revision;
use crate::identity::Caller;

/// A document that is in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredDocument {
    /// How often it was written.
    pub revision: Revision,
    /// What it says.
    pub document: Document,
    /// When it was written last.
    pub updated_at: Timestamp,
    /// Who wrote it last.
    pub updated_by: Caller,
    /// The YAML it was written as, comments included, if it came from a file.
    pub source: Option<String>,
}
