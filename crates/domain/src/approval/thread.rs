//! Questions, answers to them, and comments.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Approval;
use crate::MessageId;
use crate::display::redact_text;
use crate::identity::{Caller, CallerKind};

/// One message in a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: Caller,
    /// What it is.
    pub kind: MessageKind,
    /// Its text.
    pub body: String,
}

impl Message {
    /// Its text as it is shown: secrets that an agent wrote are redacted. What people write is meant as it stands.
    pub fn readable(&self) -> Cow<'_, str> {
        match self.by.kind {
            CallerKind::Agent | CallerKind::Application => Cow::Owned(redact_text(&self.body)),
            CallerKind::Person | CallerKind::System => Cow::Borrowed(&self.body),
        }
    }
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// A person asks the agent.
    Question,
    /// The agent answers the questions before it.
    Answer,
    /// Anyone remarks.
    Comment,
}

impl Approval {
    /// The last question, while no answer stands after it.
    pub fn open_question(&self) -> Option<&Message> {
        self.thread
            .iter()
            .rev()
            .find(|m| matches!(m.kind, MessageKind::Question | MessageKind::Answer))
            .filter(|m| m.kind == MessageKind::Question)
    }
}
