//! Endings without an answer: withdrawn, or out of time.

use jiff::Timestamp;
use serde_json::json;

use super::{ApprovalError, Fact, Transition, close};
use crate::approval::{Approval, Level, OnTimeout, State};
use crate::audit::Kind;
use crate::identity::Caller;
use crate::notification::Event;
use crate::time;

impl Approval {
    /// The agent or an admin withdraws it.
    pub fn cancel(
        mut self,
        reason: Option<String>,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Transition, ApprovalError> {
        self.must_be_pending(now)?;
        let data = json!({"reason": reason});
        self.state = State::Canceled { at: now, reason };
        let fact = Fact::new(Kind::ApprovalCanceled, Event::ApprovalCanceled, data);
        Ok(close(self, fact, caller, now))
    }

    /// Time ran out: it expires, or the next level of people is added and the clock restarts.
    pub fn expire(self, now: Timestamp) -> Result<Transition, ApprovalError> {
        match self.must_be_pending(now) {
            Err(ApprovalError::TimeRanOut) => {}
            Err(other) => return Err(other),
            Ok(()) => return Err(ApprovalError::StillOpen),
        }
        match self.next_level() {
            Some(level) => Ok(self.escalate(&level, now)),
            None => Ok(self.end(now)),
        }
    }

    fn next_level(&self) -> Option<Level> {
        match (&self.requirements.on_timeout, &self.state) {
            (OnTimeout::Escalate(levels), State::Pending { levels_used, .. }) => {
                levels.get(*levels_used).cloned()
            }
            _ => None,
        }
    }

    fn escalate(mut self, level: &Level, now: Timestamp) -> Transition {
        self.admit(level);
        if let State::Pending { expires_at, levels_used } = &mut self.state {
            *expires_at = Some(time::after(now, level.after));
            *levels_used += 1;
        }
        let data = json!({"groups": level.groups, "people": level.people});
        let fact = Fact::new(Kind::ApprovalEscalated, Event::ApprovalUpdated, data);
        close(self, fact, &Caller::system(), now)
    }

    fn end(mut self, now: Timestamp) -> Transition {
        self.state = State::Expired { at: now };
        let fact = Fact::new(Kind::ApprovalExpired, Event::ApprovalExpired, json!({}));
        close(self, fact, &Caller::system(), now)
    }
}
