//! A person says yes or no.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{ApprovalError, Execution, Fact, Transition, close};
use crate::approval::{
    Answer, Approval, Assurance, Digest, Edit, Edited, PersonRef, Proof, Reviewer, Risk, Say, Seat,
    StandIn, State,
};
use crate::audit::Kind;
use crate::identity::{Caller, Person};
use crate::notification::Event;
use crate::{display, time};

/// Who answers, how, and what they saw.
#[derive(Debug, Clone, PartialEq)]
pub struct Answering<'a> {
    /// The person, as they are now.
    pub person: &'a Person,
    /// In whose place they may answer now.
    pub stands_in: &'a [StandIn],
    /// The person, as the record names them.
    pub caller: &'a Caller,
    /// How sure we are that it is them.
    pub assurance: Assurance,
    /// What a step-up showed.
    pub proof: Option<&'a Proof>,
    /// What they add.
    pub remarks: Remarks,
    /// The digest they saw; `None` where the surface does not tell.
    pub seen: Option<Digest>,
    /// The hash of the card they saw; `None` where the surface does not tell.
    pub presented: Option<Digest>,
}

/// What a person adds to an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remarks {
    /// Notes for the agent and the record.
    pub notes: Option<String>,
    /// What the answer is based on.
    pub evidence: Option<String>,
    /// Who typed it, as they say.
    pub operator: Option<String>,
}

impl<'a> Answering<'a> {
    /// The one who answers, and for whom they may.
    pub(super) const fn reviewer(&self) -> Reviewer<'a> {
        Reviewer { person: self.person, stands_in: self.stands_in }
    }
}

/// What is said, how surely it is theirs, and from where.
pub(super) struct Reply {
    pub(super) say: Say,
    pub(super) assurance: Assurance,
    pub(super) seat: Seat,
}

impl Approval {
    /// A person says yes, to what stands or to an edited version of it.
    pub fn approve(
        mut self,
        by: Answering<'_>,
        edited: Option<Edited>,
        now: Timestamp,
    ) -> Result<Transition, ApprovalError> {
        let caller = by.caller;
        let means = edited.as_ref().map_or_else(|| self.digest(), |e| e.proposal.digest());
        let mut answer = self.answer((by, means), Say::Approve, now)?;
        let repeated = |a: &Answer| a.by.id == answer.by.id && a.version == self.edits.len();
        if edited.is_none() && self.answers.iter().any(repeated) {
            return Err(ApprovalError::AlreadyApproved);
        }
        if let Some(edited) = edited {
            self.edits.push(edit(edited, answer.by.clone(), now));
            answer.version = self.edits.len();
            answer.digest = self.digest();
            answer.presented = self.presented();
            answer.counts =
                self.requirements.stages.iter().map(|s| s.need.max(1)).sum::<usize>() == 1;
        }
        Ok(approved(self, &answer, caller, now))
    }

    /// A person says no; one no is final.
    pub fn deny(
        self,
        by: Answering<'_>,
        reason: String,
        now: Timestamp,
    ) -> Result<Transition, ApprovalError> {
        if display::is_blank(&reason) {
            return Err(ApprovalError::TextMissing("a reason"));
        }
        let caller = by.caller;
        let means = self.digest();
        let answer = self.answer((by, means), Say::Deny { reason: reason.clone() }, now)?;
        Ok(denied(self, answer, reason, (caller, now)))
    }

    /// Checks everything about an answer that does not depend on what it says. `means` is the digest of the
    /// proposal that it is about, after edits: a step-up for another one is none.
    fn answer(
        &self,
        (mut by, means): (Answering<'_>, Digest),
        say: Say,
        now: Timestamp,
    ) -> Result<Answer, ApprovalError> {
        let about = |proof: &Proof| {
            let subject = &proof.subject;
            (&subject.org, subject.approval, subject.digest)
                == (&self.card.proposal.org, self.id, means)
        };
        if by.proof.is_some_and(|proof| !about(proof)) {
            by.assurance = by.assurance.min(Assurance::Session);
            by.proof = None;
        }
        self.must_be_pending(now)?;
        let seat = self.seat(by.reviewer(), &say, means)?;
        let needed = self.least_assurance();
        if by.assurance < needed {
            return Err(ApprovalError::AssuranceTooLow { needed, given: by.assurance });
        }
        let digest = self.digest();
        let presented = self.presented();
        let other = |seen: Option<Digest>, now: Digest| seen.is_some_and(|seen| seen != now);
        if other(by.seen, digest) || other(by.presented, presented) {
            return Err(ApprovalError::Stale { now: digest });
        }
        let reply = Reply { say, assurance: by.assurance, seat };
        Ok(Answer {
            notes: by.remarks.notes,
            evidence: by.remarks.evidence,
            operator: by.remarks.operator,
            proof: by.proof.cloned().map(Box::new),
            ..self.reply_of(by.person, reply, now)
        })
    }

    /// An answer of this person to what stands now, without remarks.
    pub(super) fn reply_of(&self, person: &Person, reply: Reply, now: Timestamp) -> Answer {
        Answer {
            by: PersonRef { id: person.id, email: person.email.clone() },
            in_place_of: reply.seat.in_place_of,
            at: now,
            say: reply.say,
            notes: None,
            evidence: None,
            operator: None,
            assurance: reply.assurance,
            relayed_by: None,
            proof: None,
            self_approved: self.owned_by(person).is_some(),
            digest: self.digest(),
            presented: self.presented(),
            version: self.edits.len(),
            stages: reply.seat.stages,
            counts: true,
        }
    }

    /// From where they answer. A no, and a yes to something else than what stands, is as good from any seat.
    fn seat(&self, who: Reviewer<'_>, say: &Say, means: Digest) -> Result<Seat, ApprovalError> {
        match say {
            Say::Approve if means == self.digest() => self.seat_for_yes(who),
            Say::Approve | Say::Deny { .. } => Ok(self.admits(who)?.first),
        }
    }

    /// What the rule demands; what an agent relays is never enough for `high` and `critical`.
    fn least_assurance(&self) -> Assurance {
        let demanded = self.requirements.assurance;
        if self.card.risk >= Risk::High { demanded.max(Assurance::Channel) } else { demanded }
    }

    fn answer_data(&self, answer: &Answer, changed: bool) -> Value {
        let edits = self.edits.last().filter(|_| changed);
        json!({
            "answer": answer.say,
            "notes": answer.notes,
            "evidence": answer.evidence,
            "operator": answer.operator,
            "assurance": answer.assurance,
            "person": answer.by,
            "in_place_of": answer.in_place_of,
            "relayed_by": answer.relayed_by,
            "proof": answer.proof,
            "self_approved": answer.self_approved,
            "presented": answer.presented,
            "edits": edits.map(|edit| self.card.shown(&edit.changes)),
        })
    }
}

/// Adds a yes; with it enough may have been said.
pub(super) fn approved(
    mut approval: Approval,
    answer: &Answer,
    caller: &Caller,
    now: Timestamp,
) -> Transition {
    // The first answer to an edited version is its editor's.
    let told = approval.answers.iter().any(|before| before.version == answer.version);
    let edited = answer.version > 0 && !told;
    approval.answers.push(answer.clone());
    let met = approval.tally().met;
    if met {
        approval.state = State::Approved {
            at: now,
            by: answer.answered_by(),
            use_by: time::after(now, approval.requirements.use_within),
            execution: Execution::Unused,
        };
    }
    let (kind, event) = match (met, edited) {
        (true, _) => (Kind::ApprovalApproved, Event::ApprovalApproved),
        (false, true) => (Kind::ApprovalEdited, Event::ApprovalUpdated),
        (false, false) => (Kind::ApprovalSupported, Event::ApprovalUpdated),
    };
    let data = approval.answer_data(answer, edited);
    close(approval, Fact::new(kind, event, data), caller, now)
}

/// Adds a no, which is final.
pub(super) fn denied(
    mut approval: Approval,
    answer: Answer,
    reason: String,
    (caller, now): (&Caller, Timestamp),
) -> Transition {
    approval.state = State::Denied { at: now, by: answer.answered_by(), reason };
    let data = approval.answer_data(&answer, false);
    approval.answers.push(answer);
    close(approval, Fact::new(Kind::ApprovalDenied, Event::ApprovalDenied, data), caller, now)
}

fn edit(edited: Edited, by: PersonRef, now: Timestamp) -> Edit {
    let digest = edited.proposal.digest();
    let Edited { changes, proposal, cost } = edited;
    Edit { by, at: now, changes, proposal, cost, digest }
}
