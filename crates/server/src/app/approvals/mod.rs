//! Approvals: asking, seeing, answering, using.

mod answer;
mod ask;
mod expire;
mod read;
mod run;
mod talk;

use std::sync::Arc;

use countersign_domain::approval::{AnsweredBy, Approval, ApprovalError, Execution, Transition};
use countersign_domain::identity::Caller;
use countersign_domain::{ApprovalId, OrgId, Recorded};
use countersign_wire::Code;
use jiff::Timestamp;

pub use answer::Answer;
pub use ask::Ask;
pub use read::Visible;

use super::commit::Commit;
use super::{App, Error, IdempotencyKey, TRIES};

/// Which approval is to change, for whom, and under which idempotency key.
#[derive(Debug, Clone, Copy)]
struct Target<'a> {
    org: &'a OrgId,
    id: ApprovalId,
    caller: &'a Caller,
    idempotency: Option<&'a IdempotencyKey>,
}

impl App {
    /// Loads an approval, decides, and keeps the change; when someone else was faster, decides anew. A
    /// decision that finds the time over ends the approval before it says so.
    async fn transition<F>(&self, target: Target<'_>, decide: F) -> Result<Arc<Approval>, Error>
    where
        F: Fn(Approval, Timestamp) -> Result<Transition, Error> + Send + Sync,
    {
        let Target { org, id, caller, idempotency } = target;
        for _ in 0..TRIES {
            let approval = self.load(org, id).await?;
            if self.recorded(org, caller, idempotency).await?.is_some() {
                return Ok(approval);
            }
            let now = self.now();
            let step = match decide(Approval::clone(&approval), now) {
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
        }
        Err(Error::new(Code::Conflict, "others were faster three times in a row").about(id))
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
