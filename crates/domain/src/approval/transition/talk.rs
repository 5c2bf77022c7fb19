//! Questions, answers to them, and comments.

use jiff::Timestamp;
use serde_json::json;

use super::{Answering, ApprovalError, Fact, Transition, close};
use crate::MessageId;
use crate::approval::{Approval, Message, MessageKind, Reviewer};
use crate::audit::Kind;
use crate::display;
use crate::identity::Caller;
use crate::notification::Event;

impl Approval {
    /// Whether this person may ask the agent something. Whoever may not answer may not ask either, except those who
    /// stand behind the request: a question is no yes. It takes no step-up, for the same reason.
    pub fn may_ask(&self, who: Reviewer<'_>) -> Result<(), ApprovalError> {
        match self.admits(who) {
            Ok(_) | Err(ApprovalError::OwnRequest(_)) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// A person asks the agent something; the approval stays pending.
    pub fn ask(
        self,
        by: &Answering<'_>,
        question: String,
        id: MessageId,
        now: Timestamp,
    ) -> Result<Transition, ApprovalError> {
        self.must_be_pending(now)?;
        self.may_ask(by.reviewer())?;
        if display::is_blank(&question) {
            return Err(ApprovalError::TextMissing("a question"));
        }
        let said = message(id, MessageKind::Question, question, by.caller, now);
        Ok(self.say(said, Kind::QuestionAsked))
    }

    /// The agent answers the open question.
    pub fn reply(
        self,
        text: String,
        id: MessageId,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Transition, ApprovalError> {
        self.must_be_pending(now)?;
        if display::is_blank(&text) {
            return Err(ApprovalError::TextMissing("an answer"));
        }
        if self.open_question().is_none() {
            return Err(ApprovalError::NoQuestion);
        }
        let said = message(id, MessageKind::Answer, text, caller, now);
        Ok(self.say(said, Kind::QuestionAnswered))
    }

    /// Anyone who can see it remarks, in any state.
    pub fn comment(
        self,
        text: String,
        id: MessageId,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Transition, ApprovalError> {
        if display::is_blank(&text) {
            return Err(ApprovalError::TextMissing("a comment"));
        }
        let said = message(id, MessageKind::Comment, text, caller, now);
        Ok(self.say(said, Kind::CommentWritten))
    }

    fn say(mut self, said: Message, kind: Kind) -> Transition {
        let (now, caller) = (said.at, said.by.clone());
        let data = json!({"message_id": said.id, "body": said.readable()});
        self.thread.push(said);
        close(self, Fact::new(kind, Event::ApprovalUpdated, data), &caller, now)
    }
}

fn message(id: MessageId, kind: MessageKind, body: String, by: &Caller, at: Timestamp) -> Message {
    Message { id, at, by: by.clone(), kind, body }
}
