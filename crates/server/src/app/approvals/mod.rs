//! Approvals: asking, seeing, answering, using.

mod answer;
mod ask;
mod attest;
mod expire;
mod external;
mod read;
mod run;
mod talk;

use std::sync::Arc;

use countersign_domain::approval::{
    AnsweredBy, Approval, ApprovalError, Execution, Proposal, State, Transition,
};
use countersign_domain::identity::Caller;
use countersign_domain::policy::{Purpose, Verdict};
use countersign_domain::{ApprovalId, OrgId, Recorded};
use countersign_wire::Code;
use jiff::Timestamp;

pub use answer::{Answer, Typed};
pub use ask::Ask;
pub use attest::{Attestation, Decider};
pub use read::Visible;
use run::short_of;
pub(super) use run::{UseNow, stopped};
pub(super) use talk::must_speak_for;

use super::commit::Commit;
use super::judge::Matter;
use super::{App, Error, IdempotencyKey, Snapshot, TRIES, too_busy};

/// Which approval is to change, for whom, and under which idempotency key.
#[derive(Debug, Clone, Copy)]
struct Target<'a> {
    org: &'a OrgId,
    id: ApprovalId,
    caller: &'a Caller,
    idempotency: Option<&'a IdempotencyKey>,
}

/// What policy is asked about an approval before it changes.
struct Trial {
    /// The organization as it stands now.
    snapshot: Arc<Snapshot>,
    /// What would run.
    proposal: Proposal,
    /// Whether it is asked for or about to run.
    purpose: Purpose<'static>,
}

impl Trial {
    /// What policy is asked, as things stand.
    fn matter<'a>(&'a self, approval: &'a Approval) -> Result<Matter<'a>, Error> {
        let agent = self.snapshot.agent_by_id(approval.card.requester.agent);
        let agent =
            agent.ok_or_else(|| Error::new(Code::PolicyStopped, "the agent that asked is gone"))?;
        let by_grant = match &approval.state {
            State::Approved { by: AnsweredBy::Auto(by), .. } if self.purpose == Purpose::Use => {
                Some(Purpose::UseByGrant(by.grant()))
            }
            _ => None,
        };
        Ok(Matter {
            agent,
            proposal: &self.proposal,
            context: &approval.card.context,
            cost: approval.cost(),
            task: approval.card.task_id.as_deref(),
            purpose: by_grant.unwrap_or(self.purpose),
            // Whoever shows a token was asked what it covers before; see `Asker::reaches`.
            capability: None,
        })
    }
}

/// For decisions that policy has no say in.
#[expect(clippy::unnecessary_wraps, reason = "the shape of what may fail elsewhere")]
const fn unjudged(_: &Approval, _: &Arc<Snapshot>) -> Result<Option<Trial>, Error> {
    Ok(None)
}

impl App {
    /// What policy says now about what an approval would let run.
    async fn tried(&self, approval: &Approval, trial: &Trial) -> Result<Verdict, Error> {
        self.judge(&trial.snapshot, trial.matter(approval)?).await
    }

    /// Loads an approval, decides, and keeps the change; when someone else was faster, decides anew. A
    /// decision that finds the time over ends the approval before it says so.
    async fn transition<F>(&self, target: Target<'_>, decide: F) -> Result<Arc<Approval>, Error>
    where
        F: Fn(Approval, Timestamp) -> Result<Transition, Error> + Send + Sync,
    {
        self.judged_transition(target, unjudged, |approval, now, _, _| decide(approval, now)).await
    }

    /// The same, for a decision that has to know what policy says now about what `asks` names. Each try sees
    /// the organization as it is then.
    async fn judged_transition<A, F>(
        &self,
        target: Target<'_>,
        asks: A,
        decide: F,
    ) -> Result<Arc<Approval>, Error>
    where
        A: Fn(&Approval, &Arc<Snapshot>) -> Result<Option<Trial>, Error> + Send + Sync,
        F: Fn(Approval, Timestamp, &Snapshot, Option<Verdict>) -> Result<Transition, Error>
            + Send
            + Sync,
    {
        let Target { org, id, caller, idempotency } = target;
        let gone = || Error::not_found("organization", org.as_str());
        let mut snapshot = self.snapshots.of(org).ok_or_else(gone)?;
        for _ in 0..TRIES {
            let approval = self.load(org, id).await?;
            if self.recorded(org, caller, idempotency).await?.is_some() {
                return Ok(approval);
            }
            let trial = asks(&approval, &snapshot)?;
            let (verdict, _turn) = match &trial {
                Some(trial) => {
                    let turn = self.turn(&trial.snapshot, trial.matter(&approval)?).await;
                    (Some(self.tried(&approval, trial).await?), turn)
                }
                None => (None, None),
            };
            let now = self.now();
            let step = match decide(Approval::clone(&approval), now, &snapshot, verdict) {
                Err(error) if error.code == Code::Expired => {
                    self.expire(Arc::unwrap_or_clone(approval)).await?;
                    return Err(error.about(id));
                }
                other => other.map_err(|error| error.about(id))?,
            };
            let remembered =
                idempotency.map(|key| key.records(caller, Recorded::Approval(id), now));
            if self.commit(step.change.under(remembered)).await? == Commit::Done {
                self.measure(&step.approval, now);
                return Ok(step.approval);
            }
            snapshot = self.snapshots.after(&snapshot).await?.ok_or_else(gone)?;
        }
        Err(too_busy().about(id))
    }

    /// Counts how long an approval waited that people decided just now.
    fn measure(&self, approval: &Approval, now: Timestamp) {
        let answered = matches!(approval.answered_by(), Some(AnsweredBy::Person(_)));
        if answered && approval.state.decided_at() == Some(now) {
            self.metrics.decided(now.duration_since(approval.card.created_at).unsigned_abs());
        }
    }

    /// One approval of an organization, from memory where that has it.
    async fn load(&self, org: &OrgId, id: ApprovalId) -> Result<Arc<Approval>, Error> {
        if let Some(approval) = self.live.approval(org, id) {
            return Ok(approval);
        }
        let found = self.store.approval(org, id).await?;
        found.map(Arc::new).ok_or_else(|| Error::not_found("approval", &id.to_string()))
    }

    /// Ends one approval whose time is over. That someone else was faster is fine.
    async fn expire(&self, approval: Approval) -> Result<(), Error> {
        let now = self.now();
        let step = match approval.execution() {
            Some(Execution::Running { .. }) => approval.lose_sight(now),
            Some(_) => approval.lapse(now),
            None => approval.expire(now),
        };
        match step {
            Ok(step) => {
                let _either_way_it_ended: Commit = self.commit(step.change).await?;
                Ok(())
            }
            Err(ApprovalError::StillOpen | ApprovalError::Decided(_) | ApprovalError::Used(_)) => {
                Ok(())
            }
            Err(other) => Err(other.into()),
        }
    }
}
