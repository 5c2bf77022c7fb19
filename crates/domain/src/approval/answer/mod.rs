//! What one person says, and who finally answered.

mod proof;

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ApprovalError, Assurance, Card, Digest, InPlaceOf, Proposal, Risk, Yes};
use crate::display;
use crate::identity::Email;
use crate::policy::AutoBy;
use crate::{AgentId, PersonId};

pub use proof::{Means, Proof, ProofError, Subject};

/// A yes or a no of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who said it.
    pub by: PersonRef,
    /// In whose place they said it, if not in their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_place_of: Option<InPlaceOf>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub say: Say,
    /// What they added.
    pub notes: Option<String>,
    /// What they base it on.
    pub evidence: Option<String>,
    /// Who typed it, as they say, beside the authenticated person.
    pub operator: Option<String>,
    /// How sure we are that it was them.
    pub assurance: Assurance,
    /// The agent that reported it, where they did not say it here themselves.
    pub relayed_by: Option<AgentRef>,
    /// What a step-up showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Box<Proof>>,
    /// Whether they answered a request they stand behind themselves.
    pub self_approved: bool,
    /// The digest of the proposal they answered.
    pub digest: Digest,
    /// The hash of the card they were shown.
    pub presented: Digest,
    /// How many edits there were when they answered.
    pub version: usize,
    /// The stages that admitted them, by index.
    pub stages: Vec<usize>,
    /// Whether it counts as a yes; the yes of an editor does not where another is needed.
    pub counts: bool,
}

/// Yes or no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub enum Say {
    /// Yes.
    Approve,
    /// No.
    Deny {
        /// Why; the agent is told.
        reason: String,
    },
}

/// A person as the record names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRef {
    /// Their id.
    pub id: PersonId,
    /// Their address at that time.
    pub email: Email,
}

/// An agent as the record names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentRef {
    /// Its id.
    pub id: AgentId,
    /// Its name at that time.
    pub name: String,
}

/// Who or what finally answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// A person.
    Person(PersonRef),
    /// An agent that reported what a person said.
    Relayed {
        /// The agent.
        by: AgentRef,
        /// The person.
        of: PersonRef,
    },
    /// A grant; always a yes.
    Auto(AutoBy),
    /// The clock; always a no.
    Timeout,
}

impl Answer {
    /// Whose place it was said from.
    pub fn voice(&self) -> PersonId {
        self.in_place_of.as_ref().map_or(self.by.id, |of| of.person.id)
    }

    /// As it is counted, if it is a yes.
    pub(super) fn as_counted(&self) -> Yes<'_> {
        Yes { person: self.by.id, voice: self.voice(), stages: &self.stages }
    }

    /// Who answers by it.
    pub fn answered_by(&self) -> AnsweredBy {
        match &self.relayed_by {
            Some(by) => AnsweredBy::Relayed { by: by.clone(), of: self.by.clone() },
            None => AnsweredBy::Person(self.by.clone()),
        }
    }
}

impl fmt::Display for AnsweredBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => write!(f, "person:{}", person.email),
            Self::Relayed { by, .. } => write!(f, "relayed:{}", by.name),
            Self::Auto(by) => f.write_str(by.label()),
            Self::Timeout => f.write_str("auto:timeout"),
        }
    }
}

/// What a screen demands before it takes a yes. What is more dangerous takes more, and another movement, so
/// that no hand learns one gesture for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Friction {
    /// One press.
    Press,
    /// A press, and another one to confirm.
    Confirm,
    /// Notes that say why.
    Notes,
    /// Notes, and this text, typed.
    Type(String),
}

impl Friction {
    /// What a yes to this version of a request takes.
    pub fn of(card: &Card, proposal: &Proposal) -> Self {
        match card.risk {
            Risk::Low => Self::Press,
            Risk::Medium => Self::Confirm,
            Risk::High => Self::Notes,
            Risk::Critical => Self::Type(card.headline(proposal).telltale()),
        }
    }

    /// Fails unless the person did what it takes.
    pub fn overcome(&self, notes: Option<&str>, typed: Option<&str>) -> Result<(), ApprovalError> {
        let says_why = notes.is_some_and(|text| !display::is_blank(text));
        match self {
            Self::Notes | Self::Type(_) if !says_why => {
                Err(ApprovalError::TextMissing("a note that says why you approve"))
            }
            Self::Type(expected) if typed.map(str::trim) != Some(expected.trim()) => {
                Err(ApprovalError::NotMeant { expected: display::ticked(expected) })
            }
            Self::Press | Self::Confirm | Self::Notes | Self::Type(_) => Ok(()),
        }
    }
}
