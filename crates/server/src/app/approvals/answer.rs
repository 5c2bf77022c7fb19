//! People answer.

use std::sync::Arc;

use countersign_domain::approval::transition::{Answering, Remarks};
use countersign_domain::approval::{Approval, ApprovalError, Digest, Edited, Friction, Risk};
use countersign_domain::identity::Right;
use countersign_domain::json::Object;
use countersign_domain::policy::{Decision, Purpose, Verdict};
use countersign_domain::{ApprovalId, MessageId};
use countersign_wire::Code;

use super::super::{App, Error, IdempotencyKey, SignedIn, Snapshot};
use super::{Target, Trial};

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
    /// The key of a call that may be retried.
    pub idempotency: Option<IdempotencyKey>,
}

/// What a person typed on a screen to confirm a yes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(pub Option<String>);

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
        let key = answer.idempotency.as_ref();
        let asks = |approval: &Approval, snapshot: &Arc<Snapshot>| match edits {
            Some(changes) => {
                let proposal = edited(approval, changes)?.proposal;
                let snapshot = Arc::clone(snapshot);
                Ok(Some(Trial { snapshot, proposal, purpose: Purpose::Ask }))
            }
            None => Ok(None),
        };
        self.judged_transition(target(person, id, key), asks, |approval, now, _, verdict| {
            may_go_in_bulk(&approval, answer)?;
            let edited = match (edits, verdict) {
                (Some(changes), Some(verdict)) => {
                    must_not_deny(&verdict)?;
                    Some(edited(&approval, changes)?)
                }
                _ => None,
            };
            if let Some(Typed(typed)) = &answer.on_screen {
                let proposal = edited.as_ref().map_or(approval.proposal(), |e| &e.proposal);
                let friction = Friction::of(&approval.card, proposal);
                friction.overcome(answer.remarks.notes.as_deref(), typed.as_deref())?;
            }
            Ok(approval.approve(answering(person, answer), edited, now)?)
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
        let key = answer.idempotency.as_ref();
        self.transition(target(person, id, key), |approval, now| {
            may_go_in_bulk(&approval, answer)?;
            Ok(approval.deny(answering(person, answer), reason.to_owned(), now)?)
        })
        .await
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
        must_not_deny(&self.tried(&approval, trial).await?)?;
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
        self.transition(target(person, id, key), |approval, now| {
            let by = answering(person, &Answer::default());
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

fn target<'a>(person: &'a SignedIn, id: ApprovalId, key: Option<&'a IdempotencyKey>) -> Target<'a> {
    Target { org: person.org(), id, caller: &person.caller, idempotency: key }
}

fn answering<'a>(person: &'a SignedIn, answer: &Answer) -> Answering<'a> {
    Answering {
        person: &person.person,
        caller: &person.caller,
        assurance: person.assurance,
        proof: person.proof.as_deref(),
        remarks: answer.remarks.clone(),
        seen: answer.seen,
        presented: answer.presented,
    }
}

/// What is dangerous is looked at one by one.
fn may_go_in_bulk(approval: &Approval, answer: &Answer) -> Result<(), Error> {
    let risk = approval.card.risk;
    if answer.in_bulk.is_some_and(|most| risk > most) {
        let detail = format!("its risk is {risk}, so it is answered by itself");
        return Err(Error::new(Code::NotInBulk, detail));
    }
    Ok(())
}
