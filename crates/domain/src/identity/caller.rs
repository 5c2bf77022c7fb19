//! Whoever is on the line, as the record names them.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::approval::Assurance;

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// What they are.
    pub kind: CallerKind,
    /// Their id: an agent's, a person's, or a key's for an application; empty for the system.
    pub id: String,
    /// Their name or address.
    pub name: String,
    /// Where they called from.
    pub ip: Option<IpAddr>,
    /// How sure we are that it is them, for a person.
    pub assurance: Option<Assurance>,
}

/// The kinds of callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerKind {
    /// A program that acts.
    Agent,
    /// An application that speaks for agents.
    Application,
    /// A human.
    Person,
    /// Countersign itself: a clock ran out.
    System,
}

impl Caller {
    /// Countersign itself.
    pub fn system() -> Self {
        Self {
            kind: CallerKind::System,
            id: String::new(),
            name: "countersign".to_owned(),
            ip: None,
            assurance: None,
        }
    }
}
