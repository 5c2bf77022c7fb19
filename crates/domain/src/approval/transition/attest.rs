//! An agent reports what a person said elsewhere: a relayed answer.
//!
//! It is the weakest answer there is, because nobody but the agent vouches for it. So it counts only where every
//! rule that speaks permits it, for the person it names and nobody else, and never alone where more than one
//! yes is needed.

use jiff::Timestamp;

use super::answer::{Reply, approved, denied};
use super::{ApprovalError, Transition};
use crate::approval::{AgentRef, Answer, Approval, Assurance, Reviewer, Risk, Say};
use crate::display;
use crate::identity::{Agent, AgentStatus, Caller, Person};

const NO_RULE: &str = "no rule both permits relayed answers to it and rates its risk below high";

/// What an agent reports that a person said.
#[derive(Debug, Clone, PartialEq)]
pub struct Attesting<'a> {
    /// The agent that reports it, as it is now.
    pub agent: &'a Agent,
    /// The same, as the record names it.
    pub caller: &'a Caller,
    /// The person who is said to have said it, as they are now.
    pub person: &'a Person,
    /// What they are said to have said.
    pub say: Say,
    /// What shows that they did: words, a link, an id of a message.
    pub evidence: String,
}

impl Approval {
    /// An agent reports a person's yes or no. An approval takes one relayed yes at most.
    pub fn attest(self, by: Attesting<'_>, now: Timestamp) -> Result<Transition, ApprovalError> {
        self.must_be_pending(now)?;
        self.must_permit_relaying()?;
        self.may_relay(by.agent)?;
        if display::is_blank(&by.evidence) {
            return Err(ApprovalError::TextMissing("evidence"));
        }
        if let Say::Deny { reason } = &by.say
            && display::is_blank(reason)
        {
            return Err(ApprovalError::TextMissing("a reason"));
        }
        // Nobody vouches for it but the agent; so it counts for the person's own place only.
        let seat = self.admits(Reviewer::alone(by.person))?.first;
        if let Some(why) = self.owned_by(by.person) {
            return Err(ApprovalError::OwnRequest(why));
        }
        if matches!(by.say, Say::Approve) {
            self.must_take_a_relayed_yes(by.person)?;
        }
        let caller = by.caller;
        let reply = Reply { say: by.say.clone(), assurance: Assurance::Relayed, seat };
        let answer = Answer {
            evidence: Some(by.evidence),
            relayed_by: Some(AgentRef { id: by.agent.id, name: by.agent.name.clone() }),
            ..self.reply_of(by.person, reply, now)
        };
        Ok(match by.say {
            Say::Approve => approved(self, &answer, caller, now),
            Say::Deny { reason } => denied(self, answer, reason, (caller, now)),
        })
    }

    /// Whether any agent may report an answer to this: every rule that demands something permits it, nothing
    /// surer is demanded than a session, and little enough is at stake.
    fn must_permit_relaying(&self) -> Result<(), ApprovalError> {
        if self.card.risk >= Risk::High {
            return Err(ApprovalError::NotRelayed("its risk is high or critical"));
        }
        if !self.requirements.relayed {
            return Err(ApprovalError::NotRelayed(NO_RULE));
        }
        if self.requirements.assurance >= Assurance::StepUp {
            return Err(ApprovalError::NotRelayed("it demands a passkey or a one-time code"));
        }
        Ok(())
    }

    /// Whether this agent may: an agent that acts, that is not the one that asked, and that does not belong to
    /// whoever stands behind the request.
    fn may_relay(&self, agent: &Agent) -> Result<(), ApprovalError> {
        if agent.status != AgentStatus::Active {
            return Err(ApprovalError::NotRelayed("the agent that reports it is inactive"));
        }
        if agent.id == self.card.requester.agent {
            return Err(ApprovalError::OwnRequest("the agent that asked cannot report the answer"));
        }
        if agent.owner.as_ref().is_some_and(|owner| self.card.requester.is(owner)) {
            let why = "the agent that reports it belongs to the one who stands behind the request";
            return Err(ApprovalError::OwnRequest(why));
        }
        Ok(())
    }

    /// Where more than one yes is needed, at most one of them is relayed; and nobody says yes twice.
    fn must_take_a_relayed_yes(&self, person: &Person) -> Result<(), ApprovalError> {
        let mut counting = self.counting_answers();
        if counting.any(|answer| answer.by.id == person.id) {
            return Err(ApprovalError::AlreadyApproved);
        }
        if self.counting_answers().any(|answer| answer.relayed_by.is_some()) {
            let why = "one yes was relayed already; the others have to answer themselves";
            return Err(ApprovalError::NotRelayed(why));
        }
        Ok(())
    }
}
