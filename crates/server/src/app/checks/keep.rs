//! Keeping what a check comes to. What lets something run is kept only under the configuration that was
//! judged by, and together with everything it counts.

use std::sync::Arc;

use countersign_domain::approval::Approval;
use countersign_domain::approval::transition::Opening;
use countersign_domain::audit::{Draft, Kind, Receipt};
use countersign_domain::identity::Agent;
use countersign_domain::policy::Verdict;
use countersign_domain::{ApprovalId, Change, ReceiptId};
use countersign_wire::Code;

use super::card::{card, denial, recorded, remember};
use super::{Case, CheckAnswer, Tried};
use crate::app::approvals::UseNow;
use crate::app::commit::Commit;
use crate::app::{App, Asker, Error};

impl App {
    /// It may run: what it uses up is counted with it.
    pub(super) async fn allow(&self, case: &Case<'_>, verdict: Verdict) -> Result<Tried, Error> {
        let draft = draft(case, Kind::CheckAllowed, &verdict, None);
        let counted = [verdict.charges.clone(), verdict.attempts.clone()].concat();
        let change = Change::facts(case.asker.org().clone(), vec![draft])
            .guarded_by(case.asker.snapshot.version)
            .counting(counted);
        self.note(case, change, verdict, None).await
    }

    /// It must not run; nothing is counted.
    pub(super) async fn refuse(
        &self,
        case: &Case<'_>,
        verdict: Verdict,
        approval: Option<Arc<Approval>>,
    ) -> Result<Tried, Error> {
        let mut draft = draft(case, Kind::CheckDenied, &verdict, approval.as_deref());
        draft.announces = Some(denial(case, &verdict, approval.as_deref()));
        let change = Change::facts(case.asker.org().clone(), vec![draft]);
        self.note(case, change, verdict, approval).await
    }

    /// The same is pending: that it was asked once more counts.
    pub(super) async fn join(
        &self,
        case: &Case<'_>,
        verdict: Verdict,
        approval: Arc<Approval>,
    ) -> Result<Tried, Error> {
        let draft = draft(case, Kind::CheckJoined, &verdict, Some(&approval));
        let change =
            Change::facts(case.asker.org().clone(), vec![draft]).counting(verdict.attempts.clone());
        self.note(case, change, verdict, Some(approval)).await
    }

    /// Uses up an approval, if policy still lets what was approved run: as it was approved, and as it is checked now.
    pub(super) async fn consume(
        &self,
        case: &Case<'_>,
        (verdict, reached): (Verdict, UseNow),
        approval: Approval,
    ) -> Result<Tried, Error> {
        let charges = match reached {
            UseNow::Counted(charges) => charges,
            UseNow::Stopped(reason) => {
                let told = taken_back(&approval, &reason);
                let step = approval.revoke(reason, &case.asker.caller, case.now)?;
                let _either_way_it_is_decided_anew: Commit = self.commit(step.change).await?;
                return Ok(Tried::TakenBack(told));
            }
        };
        let receipt = ReceiptId::new(self.ids.ulid(case.now));
        let step = approval.redeem(case.wanted.digest, receipt, &case.asker.caller, case.now)?;
        let approval = step.approval;
        let signed = Receipt::of(&approval, receipt, self.receipts.issuer(), case.now);
        let change = step
            .change
            .noting("by", "check")
            .guarded_by(case.asker.snapshot.version)
            .counting(charges)
            .counting(verdict.attempts.clone())
            .under(remember(case, &verdict, Some(approval.id)));
        match self.commit(change).await? {
            Commit::Done => {
                let receipt = Some(self.receipts.sign(&signed));
                Ok(CheckAnswer { verdict, approval: Some(approval), receipt }.into())
            }
            Commit::Conflict => Ok(Tried::Overtaken),
        }
    }

    /// A person has to be asked.
    pub(super) async fn open_for_check(
        &self,
        case: &Case<'_>,
        verdict: Verdict,
    ) -> Result<Tried, Error> {
        self.must_have_room(case.asker, case.agent).await?;
        let id = ApprovalId::new(self.ids.ulid(case.now));
        let requirements = verdict.requirements.clone().answered_within(case.check.expires_in);
        let opening = Opening { id, card: card(case, &verdict), requirements };
        let step = Approval::open(opening, &case.asker.caller);
        let change = step.change.counting(verdict.attempts.clone());
        match self.commit(change.under(remember(case, &verdict, Some(id)))).await? {
            Commit::Done => Ok(CheckAnswer::plain(verdict, Some(step.approval)).into()),
            Commit::Conflict => Ok(Tried::Overtaken),
        }
    }

    /// Fails if the agent has too many requests pending.
    pub(in crate::app) async fn must_have_room(
        &self,
        asker: &Asker,
        agent: &Agent,
    ) -> Result<(), Error> {
        let most = u64::from(asker.snapshot.settings.pending_per_agent);
        if self.live.pending_at_most(agent.id).is_some_and(|pending| pending < most) {
            return Ok(());
        }
        let pending = self.store.pending_count(asker.org(), agent.id).await?;
        if pending < most {
            return Ok(());
        }
        let detail =
            format!("agent `{}` has {pending} requests pending; at most {most} may be", agent.name);
        Err(Error { retry_after: Some(30), ..Error::new(Code::TooManyPending, detail) })
    }

    /// Keeps an answer that changes no approval.
    async fn note(
        &self,
        case: &Case<'_>,
        change: Change,
        verdict: Verdict,
        approval: Option<Arc<Approval>>,
    ) -> Result<Tried, Error> {
        let id = approval.as_ref().map(|approval| approval.id);
        match self.commit(change.under(remember(case, &verdict, id))).await? {
            Commit::Done => Ok(CheckAnswer::plain(verdict, approval).into()),
            Commit::Conflict => Ok(Tried::Overtaken),
        }
    }
}

/// What the agent is told of a yes that could not be used.
pub(super) fn taken_back(approval: &Approval, reason: &str) -> String {
    format!("the yes of {} is not used: {reason}", approval.id)
}

/// The record of an answer.
fn draft(case: &Case<'_>, kind: Kind, verdict: &Verdict, approval: Option<&Approval>) -> Draft {
    Draft {
        kind,
        at: case.now,
        caller: case.asker.caller.clone(),
        agent: Some(case.agent.id),
        approval: approval.map(|approval| approval.id),
        digest: Some(case.wanted.digest),
        data: recorded(case, verdict),
        announces: None,
    }
}
