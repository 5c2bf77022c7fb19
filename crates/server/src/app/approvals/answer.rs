//! People answer.

use std::borrow::Cow;
use std::sync::Arc;

use countersign_domain::approval::transition::{Answering, Remarks};
use countersign_domain::approval::{
    Approval, ApprovalError, Assurance, Digest, Edited, Friction, Risk, StandIn, Status, Transition,
};
use countersign_domain::identity::Right;
use countersign_domain::json::Object;
use countersign_domain::policy::{Decision, Purpose, Verdict};
use countersign_domain::{ApprovalId, MessageId};
use countersign_wire::Code;
use jiff::Timestamp;

use super::super::{App, Error, IdempotencyKey, Shows, SignedIn, Snapshot};
use super::{Target, Trial, short_of, unjudged};

/// What a person adds to an answer, and what they saw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// Notes, evidence, operator.
    pub remarks: Remarks,
    /// The digest they saw.
    pub seen: Option<Digest>,
    /// The hash of the card they saw.
    pub presented: Option<Digest>,
    /// The highest risk that may be answered like this, where it is answered together with others.
    pub in_bulk: Option<Risk>,
    /// What they typed to confirm, where the screen demands more for what is more dangerous.
    pub on_screen: Option<Typed>,
    /// What they show to say that they mean this very answer.
    pub shows: Option<Shows>,
    /// The key of a call that may be retried.
    pub idempotency: Option<IdempotencyKey>,
}

/// What a person typed on a screen to confirm a yes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(pub Option<String>);

/// What is said.
#[derive(Debug, Clone, Copy)]
enum Said<'a> {
    /// Yes, to this edited version of it, or to what stands.
    Yes(Option<&'a Object>),
    /// No, and why.
    No(&'a str),
}

impl App {
    /// A person says yes, to what stands or to an edited version.
    pub async fn approve(
        &self,
        person: &SignedIn,
        id: ApprovalId,
        answer: &Answer,
        edits: Option<&Object>,
    ) -> Result<Arc<Approval>, Error> {
        person.must(Right::Answer)?;
        let person = self.meaning_it(person, id, answer, Said::Yes(edits)).await?;
        let person = person.as_ref();
        let key = answer.idempotency.as_ref();
        let asks = |approval: &Approval, snapshot: &Arc<Snapshot>| match edits {
            Some(changes) => {
                let proposal = edited(approval, changes)?.proposal;
                let snapshot = Arc::clone(snapshot);
                Ok(Some(Trial { snapshot, proposal, purpose: Purpose::Ask }))
            }
            None => Ok(None),
        };
        self.judged_transition(target(person, id, key), asks, |approval, now, snapshot, verdict| {
            may_go_in_bulk(&approval, answer)?;
            let edited = match (edits, &verdict) {
                (Some(changes), Some(verdict)) => {
                    must_not_deny(verdict)?;
                    Some(edited(&approval, changes)?)
                }
                _ => None,
            };
            must_be_typed(&approval, edited.as_ref(), answer)?;
            let stands_in = snapshot.stands_in(person.person.id, now);
            let by = answering(person, answer, &stands_in);
            let step = snapshot.with_standing_yeses(approval).approve(by, edited, now)?;
            if let Some(verdict) = &verdict {
                must_not_demand_more(snapshot, &step.approval, verdict, now)?;
            }
            Ok(under(snapshot, step))
        })
        .await
    }

    /// A person says no.
    pub async fn deny(
        &self,
        person: &SignedIn,
        id: ApprovalId,
        answer: &Answer,
        reason: &str,
    ) -> Result<Arc<Approval>, Error> {
        person.must(Right::Answer)?;
        let person = self.meaning_it(person, id, answer, Said::No(reason)).await?;
        let person = person.as_ref();
        let key = answer.idempotency.as_ref();
        self.judged_transition(target(person, id, key), unjudged, |approval, now, snapshot, _| {
            may_go_in_bulk(&approval, answer)?;
            let stands_in = snapshot.stands_in(person.person.id, now);
            let by = answering(person, answer, &stands_in);
            Ok(under(snapshot, approval.deny(by, reason.to_owned(), now)?))
        })
        .await
    }

    /// The person with the assurance of what they show, if they show anything. The answer is tried before, so
    /// that no code is used up for one that is refused anyway.
    async fn meaning_it<'a>(
        &self,
        person: &'a SignedIn,
        id: ApprovalId,
        answer: &Answer,
        said: Said<'_>,
    ) -> Result<Cow<'a, SignedIn>, Error> {
        let Some(shows) = &answer.shows else { return Ok(Cow::Borrowed(person)) };
        let key = answer.idempotency.as_ref();
        if self.recorded(person.org(), &person.caller, key).await?.is_some() {
            return Ok(Cow::Borrowed(person));
        }
        let approval = self.load(person.org(), id).await?;
        match self.rehearsed(person, Arc::unwrap_or_clone(approval), answer, said) {
            Ok(digest) => self.step_up_verify(person, (id, digest), shows).await.map(Cow::Owned),
            // Whoever finds the time over ends the approval, too.
            Err(error) if error.code == Code::Expired => Ok(Cow::Borrowed(person)),
            Err(error) => Err(error.about(id)),
        }
    }

    /// Tries an answer as if everything was shown; gives the digest of what it is about.
    fn rehearsed(
        &self,
        person: &SignedIn,
        approval: Approval,
        answer: &Answer,
        said: Said<'_>,
    ) -> Result<Digest, Error> {
        may_go_in_bulk(&approval, answer)?;
        let now = self.now();
        let stands_in = person.stands_in(now);
        let mut by = answering(person, answer, &stands_in);
        by.assurance = Assurance::StepUp;
        let stands = approval.digest();
        match said {
            Said::Yes(edits) => {
                let edited = edits.map(|changes| edited(&approval, changes)).transpose()?;
                must_be_typed(&approval, edited.as_ref(), answer)?;
                let digest = edited.as_ref().map_or(stands, |edited| edited.proposal.digest());
                approval.approve(by, edited, now)?;
                Ok(digest)
            }
            Said::No(reason) => {
                approval.deny(by, reason.to_owned(), now)?;
                Ok(stands)
            }
        }
    }

    /// What an edit would make of an approval, if policy does not forbid it. Changes nothing.
    pub async fn preview_edit(
        &self,
        person: &SignedIn,
        id: ApprovalId,
        edits: &Object,
    ) -> Result<(Approval, Edited), Error> {
        person.must(Right::Answer)?;
        let approval = self.load(person.org(), id).await?;
        let edited = edited(&approval, edits)?;
        let snapshot =
            self.snapshots.of(person.org()).unwrap_or_else(|| Arc::clone(&person.snapshot));
        let proposal = edited.proposal.clone();
        let trial = Trial { snapshot, proposal, purpose: Purpose::Ask };
        must_not_deny(&self.tried(&approval, &trial).await?)?;
        Ok((Arc::unwrap_or_clone(approval), edited))
    }

    /// A person asks the agent something.
    pub async fn question(
        &self,
        person: &SignedIn,
        id: ApprovalId,
        question: &str,
        key: Option<&IdempotencyKey>,
    ) -> Result<Arc<Approval>, Error> {
        person.must(Right::Answer)?;
        let message = MessageId::new(self.ids.ulid(self.now()));
        self.judged_transition(target(person, id, key), unjudged, |approval, now, snapshot, _| {
            let stands_in = snapshot.stands_in(person.person.id, now);
            let by = answering(person, &Answer::default(), &stands_in);
            Ok(approval.ask(&by, question.to_owned(), message, now)?)
        })
        .await
    }
}

/// The edited version.
fn edited(approval: &Approval, changes: &Object) -> Result<Edited, Error> {
    Ok(approval.edit(changes.clone()).map_err(ApprovalError::from)?)
}

/// Fails if policy denies the edited version.
fn must_not_deny(verdict: &Verdict) -> Result<(), Error> {
    match verdict.decision {
        Decision::Deny => {
            let detail = format!("policy denies the edited proposal: {}", verdict.reason);
            Err(Error { path: Some("$.edits".to_owned()), ..Error::new(Code::EditRefused, detail) })
        }
        Decision::Allow | Decision::Escalate => Ok(()),
    }
}

/// Fails if the edited version could not be used with the yeses that it has: policy demands more for it than for
/// what was asked.
fn must_not_demand_more(
    snapshot: &Snapshot,
    approval: &Approval,
    verdict: &Verdict,
    now: Timestamp,
) -> Result<(), Error> {
    let is_enough = approval.state.status() == Status::Approved;
    let asks = verdict.decision == Decision::Escalate;
    match short_of(snapshot, approval, verdict, now).filter(|_| is_enough && asks) {
        Some(why) => {
            let detail = format!("policy demands more for the edited proposal: {why}");
            Err(Error { path: Some("$.edits".to_owned()), ..Error::new(Code::EditRefused, detail) })
        }
        None => Ok(()),
    }
}

fn target<'a>(person: &'a SignedIn, id: ApprovalId, key: Option<&'a IdempotencyKey>) -> Target<'a> {
    Target { org: person.org(), id, caller: &person.caller, idempotency: key }
}

/// What is said in someone's place is kept only while the delegation stands that it was decided by.
fn under(snapshot: &Snapshot, step: Transition) -> Transition {
    let lent = step.approval.answers.last().is_some_and(|answer| answer.in_place_of.is_some());
    let Transition { approval, change } = step;
    let change = if lent { change.guarded_by(snapshot.version) } else { change };
    Transition { approval, change }
}

fn answering<'a>(person: &'a SignedIn, answer: &Answer, stands_in: &'a [StandIn]) -> Answering<'a> {
    Answering {
        person: &person.person,
        stands_in,
        caller: &person.caller,
        assurance: person.assurance,
        proof: person.proof.as_deref(),
        remarks: answer.remarks.clone(),
        seen: answer.seen,
        presented: answer.presented,
    }
}

/// Fails unless the person typed what a yes on this screen takes.
fn must_be_typed(
    approval: &Approval,
    edited: Option<&Edited>,
    answer: &Answer,
) -> Result<(), ApprovalError> {
    let Some(Typed(typed)) = &answer.on_screen else { return Ok(()) };
    let proposal = edited.map_or(approval.proposal(), |edited| &edited.proposal);
    let friction = Friction::of(&approval.card, proposal);
    friction.overcome(answer.remarks.notes.as_deref(), typed.as_deref())
}

/// What is dangerous is looked at one by one, and so is what takes a passkey or a code of its own.
fn may_go_in_bulk(approval: &Approval, answer: &Answer) -> Result<(), Error> {
    let risk = approval.card.risk;
    if answer.in_bulk.is_some_and(|most| risk > most) {
        let detail = format!("its risk is {risk}, so it is answered by itself");
        return Err(Error::new(Code::NotInBulk, detail));
    }
    if answer.in_bulk.is_some() && approval.requirements.assurance >= Assurance::StepUp {
        let detail =
            "it takes a passkey or a one-time code of its own, so it is answered by itself";
        return Err(Error::new(Code::NotInBulk, detail));
    }
    Ok(())
}
