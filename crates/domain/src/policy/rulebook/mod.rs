//! Everything policy looks at, made ready once and then only read.

mod compile;

use std::collections::HashMap;

pub use self::compile::{CompileError, Parts};

use super::document::Document;
use super::{Counter, Permission, Question};
use crate::{AgentId, Settings};

/// The active documents, permissions and settings of an organization, made ready for evaluation.
#[derive(Debug)]
pub struct Rulebook {
    settings: Settings,
    permissions: HashMap<AgentId, Vec<Permission>>,
    documents: Vec<Document>,
}

impl Rulebook {
    /// Makes ready what is active, or says everything that is wrong with it.
    pub fn compile(parts: Parts) -> Result<Self, Vec<CompileError>> {
        let mut permissions: HashMap<AgentId, Vec<Permission>> = HashMap::new();
        for permission in parts.permissions {
            permissions.entry(permission.agent).or_default().push(permission);
        }
        Ok(Self { settings: parts.settings, permissions, documents: parts.documents })
    }

    /// The settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What an agent may do by its permissions.
    pub fn permissions(&self, agent: AgentId) -> &[Permission] {
        self.permissions.get(&agent).map_or(&[], Vec::as_slice)
    }

    /// The active documents.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The counters that have to be known to answer a question; often none.
    pub fn counters(&self, _question: &Question<'_>) -> Vec<Counter> {
        Vec::new()
    }
}
