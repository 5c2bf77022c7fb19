//! The one use of an approval: claimed, ended, resolved.

use std::sync::Arc;

use countersign_domain::approval::transition::{Demanded, RunEnd};
use countersign_domain::approval::{
    Approval, ApprovalError, Digest, Execution, Proposal, Resolution, Reviewer, State, ToolRef,
    Transition,
};
use countersign_domain::audit::Receipt;
use countersign_domain::display;
use countersign_domain::identity::{Caller, Right};
use countersign_domain::json::Object;
use countersign_domain::policy::{Charge, Decision, Purpose, Verdict, account};
use countersign_domain::{ApprovalId, ReceiptId};
use countersign_wire::Code;
use jiff::Timestamp;

use super::super::{App, Asker, Error, IdempotencyKey, SignedIn, Snapshot};
use super::{Target, Trial, unjudged};

/// How the one use is claimed.
type Claim =
    fn(Approval, Digest, ReceiptId, &Caller, Timestamp) -> Result<Transition, ApprovalError>;

impl App {
    /// Claims the one use, for exactly these parameters, if policy still permits it. Gives the signed
    /// receipt as well.
    pub async fn redeem(
        &self,
        asker: &Asker,
        id: ApprovalId,
        (params, tool): (&Object, Option<&str>),
        key: Option<&IdempotencyKey>,
    ) -> Result<(Arc<Approval>, String), Error> {
        self.claim(asker, id, (params, tool), (key, Approval::redeem)).await
    }

    async fn claim(
        &self,
        asker: &Asker,
        id: ApprovalId,
        (params, tool): (&Object, Option<&str>),
        (key, claim): (Option<&IdempotencyKey>, Claim),
    ) -> Result<(Arc<Approval>, String), Error> {
        self.must_stand(asker, id).await?;
        let receipt = ReceiptId::new(self.ids.ulid(self.now()));
        let target = Target { org: asker.org(), id, caller: &asker.caller, idempotency: key };
        // What was approved is looked at anew; anything else is refused for what it is.
        let asks = |approval: &Approval, snapshot: &Arc<Snapshot>| {
            asker.reaches(approval, self.now())?;
            let proposal = given(approval, params, tool);
            let same = proposal.digest() == approval.digest();
            let snapshot = Arc::clone(snapshot);
            Ok(same.then_some(Trial { snapshot, proposal, purpose: Purpose::Use }))
        };
        let redeemed = self
            .judged_transition(target, asks, |approval, now, snapshot, verdict| {
                asker.must_work_in(snapshot)?;
                let given = given(&approval, params, tool);
                let stops = |verdict| stopped(snapshot, &approval, verdict, now);
                if let Some(reason) = verdict.as_ref().and_then(stops) {
                    return revoked(approval, reason, asker, now);
                }
                let mut step = claim(approval, given.digest(), receipt, &asker.caller, now)?;
                let charges = verdict.map(|verdict| verdict.charges).unwrap_or_default();
                let charges = account::remembered(id, charges);
                step.change = step.change.guarded_by(snapshot.version).counting(charges);
                Ok(step)
            })
            .await?;
        let receipt = match redeemed.execution() {
            Some(countersign_domain::approval::Execution::Running { receipt, .. }) => *receipt,
            Some(countersign_domain::approval::Execution::Revoked { reason, .. }) => {
                let detail = format!("the yes was taken back before it was used: {reason}");
                return Err(Error::new(Code::PolicyStopped, detail).about(id));
            }
            other => {
                let state = other.map_or("unused", |run| run.as_str());
                return Err(Error::from(ApprovalError::Used(state)).about(id));
            }
        };
        let claims = Receipt::of(&redeemed, receipt, self.receipts.issuer(), self.now());
        Ok((redeemed, self.receipts.sign(&claims)))
    }

    /// The agent tells how the run ended.
    pub async fn finish(
        &self,
        asker: &Asker,
        id: ApprovalId,
        end: &RunEnd,
        key: Option<&IdempotencyKey>,
    ) -> Result<Arc<Approval>, Error> {
        let target = Target { org: asker.org(), id, caller: &asker.caller, idempotency: key };
        let approval = self.load(asker.org(), id).await?;
        asker.reaches(&approval, self.now())?;
        let corrections = match end.cost() {
            Some(cost) => self.result_corrects(&asker.snapshot, &approval, cost).await?,
            None => Vec::new(),
        };
        self.transition(target, |approval, now| {
            let mut step = approval.finish(end.clone(), &asker.caller, now)?;
            step.change = step.change.counting(corrections.clone());
            Ok(step)
        })
        .await
    }

    /// A person says what became of a run whose end was not seen.
    pub async fn resolve(
        &self,
        person: &SignedIn,
        id: ApprovalId,
        (resolution, notes): (Resolution, Option<&str>),
        key: Option<&IdempotencyKey>,
    ) -> Result<Arc<Approval>, Error> {
        person.must(Right::Answer)?;
        let notes = notes.filter(|notes| !display::is_blank(notes)).ok_or_else(|| Error {
            path: Some("$.notes".to_owned()),
            ..Error::new(Code::ReasonRequired, "say how you know how it ended; it is on the record")
        })?;
        let target = Target { org: person.org(), id, caller: &person.caller, idempotency: key };
        self.judged_transition(target, unjudged, |approval, now, snapshot, _| {
            if resolution == Resolution::Retry {
                let stands_in = &snapshot.stands_in(person.person.id, now);
                approval.admits(Reviewer { person: &person.person, stands_in })?;
            }
            Ok(approval.resolve(resolution, Some(notes.to_owned()), &person.caller, now)?)
        })
        .await
    }
}

/// What policy says now of using an approval.
pub(in crate::app) enum UseNow {
    /// It may run; this has to be counted with it.
    Counted(Vec<Charge>),
    /// It must not run any more, for this reason.
    Stopped(String),
}

impl App {
    /// Looks anew at what was approved, as it is about to run. Every way that leads from a yes to a run comes
    /// here, except redeeming, which judges and keeps in one.
    pub(in crate::app) async fn use_now(
        &self,
        snapshot: &Arc<Snapshot>,
        approval: &Approval,
    ) -> Result<UseNow, Error> {
        let proposal = approval.proposal().clone();
        let trial = Trial { snapshot: Arc::clone(snapshot), proposal, purpose: Purpose::Use };
        let verdict = self.tried(approval, &trial).await?;
        Ok(match stopped(snapshot, approval, &verdict, self.now()) {
            Some(reason) => UseNow::Stopped(reason),
            None => UseNow::Counted(account::remembered(approval.id, verdict.charges)),
        })
    }

    /// Why a yes to a request that waits may not be used as policy is now, or why one that waits for its use will not.
    /// What was frozen into the request stays as it is, and so does the answer: this only tells.
    pub async fn outlook(&self, approval: &Approval) -> Result<Option<String>, Error> {
        let waits = match &approval.state {
            State::Pending { .. } => true,
            State::Approved { execution, .. } => *execution == Execution::Unused,
            State::Denied { .. } | State::Expired { .. } | State::Canceled { .. } => false,
        };
        let Some(snapshot) = self.snapshots.of(approval.org()).filter(|_| waits) else {
            return Ok(None);
        };
        if snapshot.agent_by_id(approval.card.requester.agent).is_none() {
            return Ok(Some("the agent that asked is gone".to_owned()));
        }
        let proposal = approval.proposal().clone();
        let trial = Trial { snapshot: Arc::clone(&snapshot), proposal, purpose: Purpose::Use };
        let verdict = self.tried(approval, &trial).await?;
        if approval.execution().is_some() {
            return Ok(stopped(&snapshot, approval, &verdict, self.now()));
        }
        if let Some(why) = snapshot.asked_with_a_revoked_token(approval) {
            return Ok(Some(why));
        }
        let demanded = demanded(&snapshot, &verdict);
        Ok(match verdict.decision {
            Decision::Allow => None,
            Decision::Deny => Some(format!("policy refuses it by now: {}", verdict.reason)),
            Decision::Escalate => approval.asks_less_than(demanded),
        })
    }

    /// What a client that cannot redeem is told of a yes. Whoever is told it runs what was approved, so that it is
    /// used now, once, as by redeeming: policy is asked anew, and what it costs is counted. Gives why it must not be
    /// told as a yes, if so.
    pub async fn told_to_run(
        &self,
        asker: &Asker,
        approval: Arc<Approval>,
    ) -> Result<(Arc<Approval>, Option<String>), Error> {
        let withheld = self.withheld(&approval);
        if withheld.is_some() || approval.execution() != Some(&Execution::Unused) {
            return Ok((approval, withheld));
        }
        let Proposal { params, tool, .. } = approval.proposal();
        let tool = tool.as_ref().map(|tool| tool.name.as_str());
        let how = (None, Approval::run_by_its_call as Claim);
        match self.claim(asker, approval.id, (params, tool), how).await {
            Ok((used, _)) => Ok((used, None)),
            Err(error) => {
                // Another look at the same call was faster, or policy took the yes back.
                let now = self.load(asker.org(), approval.id).await?;
                if now.execution() == Some(&Execution::Unused) {
                    return Err(error);
                }
                let withheld = self.withheld(&now);
                Ok((now, withheld))
            }
        }
    }

    /// Why a yes is none any more, if so.
    fn withheld(&self, approval: &Approval) -> Option<String> {
        match approval.execution()? {
            Execution::Unused if approval.use_by().is_some_and(|end| self.now() >= end) => {
                Some("the yes was not used in time".to_owned())
            }
            Execution::Lapsed { .. } => Some("the yes was not used in time".to_owned()),
            Execution::Revoked { reason, .. } => Some(reason.clone()),
            Execution::Unused
            | Execution::Running { .. }
            | Execution::Succeeded { .. }
            | Execution::Failed { .. }
            | Execution::Unknown { .. } => None,
        }
    }
}

/// Why exactly what was approved must not run now: policy says no, an approver does not count any more, or policy
/// now demands more than was said.
pub(in crate::app) fn stopped(
    snapshot: &Snapshot,
    approval: &Approval,
    verdict: &Verdict,
    now: Timestamp,
) -> Option<String> {
    match verdict.decision {
        Decision::Deny => Some(verdict.reason.clone()),
        Decision::Allow => snapshot.no_longer_stands(approval),
        Decision::Escalate => snapshot
            .no_longer_stands(approval)
            .or_else(|| short_of(snapshot, approval, verdict, now)),
    }
}

/// Why what people said does not reach what this verdict demands of them, if so.
pub(in crate::app) fn short_of(
    snapshot: &Snapshot,
    approval: &Approval,
    verdict: &Verdict,
    now: Timestamp,
) -> Option<String> {
    let demanded = demanded(snapshot, verdict);
    approval.falls_short(demanded, |id| snapshot.person_by_id(id).map(AsRef::as_ref), now)
}

/// What this verdict demands of people.
fn demanded<'a>(snapshot: &Snapshot, verdict: &'a Verdict) -> Demanded<'a> {
    let risk = Some(snapshot.settings.risk(verdict.risk_floor, None));
    Demanded { requirements: &verdict.requirements, risk }
}

/// The proposal that the agent is about to run: the approved one with its own parameters and tool.
fn given(approval: &Approval, params: &Object, tool: Option<&str>) -> Proposal {
    let approved = approval.proposal().clone();
    let named = tool.map(|name| match &approved.tool {
        Some(tool) if tool.name == name => tool.clone(),
        _ => ToolRef { name: name.to_owned(), schema_version: None },
    });
    Proposal { params: params.clone(), tool: named.or(approved.tool), ..approved }
}

fn revoked(
    approval: Approval,
    reason: String,
    asker: &Asker,
    now: Timestamp,
) -> Result<countersign_domain::approval::Transition, Error> {
    Ok(approval.revoke(reason, &asker.caller, now)?)
}
