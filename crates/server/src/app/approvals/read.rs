//! Seeing approvals, and waiting for them.

use std::sync::Arc;
use std::time::Duration;

use countersign_domain::approval::statistics::{Sample, Statistics};
use countersign_domain::approval::{Approval, OutcomeKind};
use countersign_domain::identity::Right;
use countersign_domain::{ApprovalId, Revision};
use countersign_store::{AlikeTo, ApprovalQuery, Page};
use countersign_wire::Code;
use jiff::Timestamp;

use super::super::caller::Speaks;
use super::super::wake::Woken;
use super::super::{App, Error, OnTheLine, SignedIn};

/// How a caller wants to see an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Visible {
    /// How long to wait until there is something to tell.
    pub wait: Option<Duration>,
    /// The revision the caller knows: a later one is something to tell.
    pub after: Option<Revision>,
}

impl App {
    /// One approval, as soon as there is something to tell about it or the wait is over.
    pub async fn see(
        &self,
        viewer: &OnTheLine,
        id: ApprovalId,
        how: Visible,
    ) -> Result<Arc<Approval>, Error> {
        let Some(wait) = how.wait else {
            return self.visible(viewer, id).await;
        };
        let end = tokio::time::Instant::now() + wait;
        loop {
            let left = end.saturating_duration_since(tokio::time::Instant::now());
            let parked = self.wake.park(id, left);
            let approval = self.visible(viewer, id).await?;
            if left.is_zero() || worth_telling(&approval, how.after) {
                return Ok(approval);
            }
            match parked.wait().await {
                Woken::Changed => {}
                Woken::TimedOut | Woken::Closing => return self.visible(viewer, id).await,
            }
            // Usually this is what was waited for; if not, it enters again before it looks again.
            let approval = self.visible(viewer, id).await?;
            if !self.still_valid(viewer).await {
                return Err(Error::new(
                    Code::Unauthenticated,
                    "the key was revoked while it waited",
                ));
            }
            if worth_telling(&approval, how.after) {
                return Ok(approval);
            }
        }
    }

    /// A page of approvals; an agent sees its own.
    pub async fn list(
        &self,
        viewer: &OnTheLine,
        mut query: ApprovalQuery,
    ) -> Result<Page<Approval>, Error> {
        match viewer {
            OnTheLine::Asker(asker) => match asker.speaks {
                Speaks::Agent(own) if query.agent.is_some_and(|wanted| wanted != own) => {
                    return Ok(Page { items: Vec::new(), next: None, total: Some(0) });
                }
                Speaks::Agent(own) => query.agent = Some(own),
                Speaks::Application(_) => {}
            },
            OnTheLine::Person(person) => person.must(Right::Read)?,
        }
        Ok(self.store.approvals(viewer.org(), &query).await?)
    }

    /// For each of these, the last `limit` approvals of that agent for that action, newest first.
    pub async fn alike(
        &self,
        reader: &SignedIn,
        kinds: &[AlikeTo],
        limit: usize,
    ) -> Result<Vec<Vec<Approval>>, Error> {
        reader.must(Right::Read)?;
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.store.approvals_alike(reader.org(), kinds, limit).await?)
    }

    /// The first `limit` actions that were asked for, by name.
    pub async fn actions(&self, reader: &SignedIn, limit: usize) -> Result<Vec<String>, Error> {
        reader.must(Right::Read)?;
        Ok(self.store.approval_actions(reader.org(), limit).await?)
    }

    /// Figures over the approvals created in `from..to`.
    pub async fn statistics(
        &self,
        reader: &SignedIn,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Statistics, Error> {
        let samples = self.samples(reader, (from, to)).await?;
        Ok(Statistics::of(&samples, from, to, self.now()))
    }

    /// What figures are made of: a sample for each approval created in `from..to`, oldest first.
    pub async fn samples(
        &self,
        reader: &SignedIn,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<Sample>, Error> {
        reader.must(Right::Read)?;
        if from >= to {
            return Err(Error::invalid("from", "`from` has to be before `to`"));
        }
        Ok(self.store.samples(reader.org(), from, to).await?)
    }

    /// One approval, if the caller may see it; otherwise it is as if it were not there.
    pub(super) async fn visible(
        &self,
        viewer: &OnTheLine,
        id: ApprovalId,
    ) -> Result<Arc<Approval>, Error> {
        let approval = self.load(viewer.org(), id).await?;
        match viewer {
            OnTheLine::Asker(asker) => asker.reaches(&approval, self.now()).map(|()| approval),
            OnTheLine::Person(_) if viewer.sees(approval.card.requester.agent) => Ok(approval),
            OnTheLine::Person(_) => Err(Error::new(Code::Forbidden, "this role sees no approvals")),
        }
    }
}

/// With a known revision any later one is worth telling; otherwise an end, or an open question.
fn worth_telling(approval: &Approval, after: Option<Revision>) -> bool {
    match after {
        Some(known) => approval.revision > known,
        None => approval.outcome_kind() != OutcomeKind::Pending,
    }
}
