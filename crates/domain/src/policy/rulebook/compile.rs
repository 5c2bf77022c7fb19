//! Making a rulebook ready, and why that fails.

use std::collections::HashMap;

use super::super::Permission;
use super::super::document::{Document, DocumentKind};
use crate::{AgentId, Settings};

/// What a rulebook is made of.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// What holds where nothing else is said.
    pub settings: Settings,
    /// What agents may do by their permissions.
    pub permissions: Vec<Permission>,
    /// The agents there are, by name.
    pub agents: HashMap<String, AgentId>,
    /// The active documents.
    pub documents: Vec<Document>,
}

/// Why a set of documents cannot be used: something in one of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} `{name}`, {path}: {message}", .kind.as_str())]
pub struct CompileError {
    /// The kind of the document.
    pub kind: DocumentKind,
    /// Its name.
    pub name: String,
    /// Where in it, as `rules[0].when`.
    pub path: String,
    /// What is wrong and what to do about it.
    pub message: String,
}
