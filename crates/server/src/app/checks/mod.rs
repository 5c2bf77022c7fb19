//! Checks: may this run?

mod again;
mod card;

use std::sync::Arc;

use countersign_domain::approval::transition::Opening;
use countersign_domain::approval::{Approval, Cost, Digest, Effective, Meeting, Proposal, meet};
use countersign_domain::audit::{Draft, Kind, Receipt};
use countersign_domain::identity::{Agent, Email};
use countersign_domain::json::Object;
use countersign_domain::policy::{Settled, Verdict, settle};
use countersign_domain::{Action, ApprovalId, Change, ReceiptId, display};
use countersign_wire::Code;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

pub(super) use self::card::requester;

use self::card::{card, denial, proposal, remember};
use super::commit::Commit;
use super::{App, Asker, Error, IdempotencyKey, TRIES};

/// The question "may this run?".
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The agent, by id or name; `None` for the asker itself.
    pub agent: Option<String>,
    /// What it wants to do.
    pub action: Action,
    /// With which parameters.
    pub params: Object,
    /// What surrounds it.
    pub context: Object,
    /// What it would cost.
    pub cost: Cost,
    /// With which tool.
    pub tool: Option<String>,
    /// The task it belongs to.
    pub task_id: Option<String>,
    /// The person the agent acts for.
    pub on_behalf_of: Option<Email>,
    /// An approval that is to be used for it.
    pub approval: Option<ApprovalId>,
    /// Whether only to say what would happen.
    pub dry_run: bool,
    /// How long people have to answer.
    pub expires_in: Option<SignedDuration>,
    /// The key of a call that may be retried.
    pub idempotency: Option<IdempotencyKey>,
}

/// The answer to a check.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckAnswer {
    /// The verdict.
    pub verdict: Verdict,
    /// The approval that was opened, joined or used, or that stands in the way.
    pub approval: Option<Arc<Approval>>,
    /// The receipt, where an approval was used.
    pub receipt: Option<String>,
}

impl CheckAnswer {
    /// What may run instead, where people edited it.
    pub fn effective(&self) -> Option<Effective> {
        self.approval.as_ref().and_then(|approval| approval.effective())
    }

    const fn plain(verdict: Verdict, approval: Option<Arc<Approval>>) -> Self {
        Self { verdict, approval, receipt: None }
    }
}

/// A check with everything that was looked up for it.
struct Case<'a> {
    asker: &'a Asker,
    check: &'a Check,
    agent: &'a Agent,
    proposal: &'a Proposal,
    digest: Digest,
    now: Timestamp,
}

impl App {
    /// Answers a check; what it opens, joins, uses or refuses is durable before the answer.
    pub async fn check(&self, asker: &Asker, check: &Check) -> Result<CheckAnswer, Error> {
        let agent = asker.agent(check.agent.as_deref())?;
        let proposal = proposal(asker, &agent, check);
        let digest = proposal.digest();
        for _ in 0..TRIES {
            let verdict = asker.snapshot.judge(&agent, &proposal, &check.context);
            let key = check.idempotency.as_ref();
            if let Some(before) = self.recorded(asker.org(), &asker.caller, key).await? {
                return self.check_again(asker, before, verdict).await;
            }
            let now = self.now();
            let case = Case { asker, check, agent: &agent, proposal: &proposal, digest, now };
            if let Some(answer) = self.decide(case, verdict).await? {
                self.metrics.answered(answer.verdict.decision);
                return Ok(answer);
            }
        }
        Err(Error::new(Code::Conflict, "others were faster three times in a row"))
    }

    /// One try; `None` when someone else was faster.
    async fn decide(&self, case: Case<'_>, verdict: Verdict) -> Result<Option<CheckAnswer>, Error> {
        let meeting = self.meeting(&case).await?;
        let settled = settle(verdict, meeting);
        if case.check.dry_run {
            return Ok(Some(preview(settled)));
        }
        match settled {
            Settled::Allow(verdict) => self.note(&case, Kind::CheckAllowed, verdict, None).await,
            Settled::Deny(verdict, approval) => {
                self.note(&case, Kind::CheckDenied, verdict, approval.map(Arc::from)).await
            }
            Settled::Join(verdict, approval) => {
                self.note(&case, Kind::CheckJoined, verdict, Some(Arc::from(approval))).await
            }
            Settled::Consume(verdict, approval) => self.consume(&case, verdict, *approval).await,
            Settled::Open(verdict) => self.open_for_check(&case, verdict).await,
        }
    }

    async fn meeting(&self, case: &Case<'_>) -> Result<Meeting, Error> {
        let cost = &case.check.cost;
        let Some(id) = case.check.approval else {
            return self.met_by(case.asker, (case.agent.id, case.digest, cost), case.now).await;
        };
        let named = vec![self.named_approval(case, id).await?];
        let cooldown = case.asker.snapshot.settings.denial_cooldown;
        Ok(meet(named, (case.digest, cost), cooldown, case.now))
    }

    /// An approval that a check names has to be this agent's, for exactly this, and not used up.
    async fn named_approval(&self, case: &Case<'_>, id: ApprovalId) -> Result<Approval, Error> {
        let found = self.store.approval(case.asker.org(), id).await?;
        let approval = found
            .filter(|approval| approval.card.requester.agent == case.agent.id)
            .ok_or_else(|| Error::not_found("approval", &id.to_string()))?;
        let given = case.digest;
        if given != approval.digest() && given != approval.card.digest {
            let detail = format!("approval {id} is for `{}`, this is `{given}`", approval.digest());
            return Err(Error::new(Code::DigestMismatch, detail).about(id));
        }
        let nothing_to_use = approval.execution().is_some_and(|run| run.as_str() != "unused")
            || approval.use_by().is_some_and(|end| case.now >= end);
        if nothing_to_use {
            let state = approval.execution().map_or("unused", |run| run.as_str());
            let detail = format!("approval {id} cannot be used any more: its run is `{state}`");
            return Err(Error::new(Code::AlreadyUsed, detail).about(id));
        }
        Ok(approval)
    }

    /// Records an answer that changes no approval.
    async fn note(
        &self,
        case: &Case<'_>,
        kind: Kind,
        verdict: Verdict,
        approval: Option<Arc<Approval>>,
    ) -> Result<Option<CheckAnswer>, Error> {
        let draft = Draft {
            kind,
            at: case.now,
            caller: case.asker.caller.clone(),
            agent: Some(case.agent.id),
            approval: approval.as_ref().map(|a| a.id),
            digest: Some(case.digest),
            data: json!({
                "action": case.proposal.action,
                "params": display::redact_object(&case.proposal.params),
                "reason_code": verdict.reason_code,
                "reason": verdict.reason,
                "policy": case.asker.snapshot.hash,
            }),
            announces: (kind == Kind::CheckDenied)
                .then(|| denial(case, &verdict, approval.as_deref())),
        };
        let change = Change::facts(case.asker.org().clone(), vec![draft]);
        let id = approval.as_ref().map(|a| a.id);
        match self.commit(change.under(remember(case, &verdict, id))).await? {
            Commit::Done => Ok(Some(CheckAnswer::plain(verdict, approval))),
            Commit::Conflict => Ok(None),
        }
    }

    /// Uses up an approval.
    async fn consume(
        &self,
        case: &Case<'_>,
        verdict: Verdict,
        approval: Approval,
    ) -> Result<Option<CheckAnswer>, Error> {
        if let Some(reason) = case.asker.snapshot.no_longer_stands(&approval) {
            let step = approval.revoke(reason, &case.asker.caller, case.now)?;
            let _either_way_it_is_decided_anew: Commit = self.commit(step.change).await?;
            return Ok(None);
        }
        let receipt = ReceiptId::new(self.ids.ulid(case.now));
        let step = approval.redeem(case.digest, receipt, &case.asker.caller, case.now)?;
        let approval = step.approval;
        let signed = Receipt::of(&approval, receipt, self.receipts.issuer(), case.now);
        match self.commit(step.change.under(remember(case, &verdict, Some(approval.id)))).await? {
            Commit::Done => {
                let receipt = Some(self.receipts.sign(&signed));
                Ok(Some(CheckAnswer { verdict, approval: Some(approval), receipt }))
            }
            Commit::Conflict => Ok(None),
        }
    }

    async fn open_for_check(
        &self,
        case: &Case<'_>,
        verdict: Verdict,
    ) -> Result<Option<CheckAnswer>, Error> {
        self.must_have_room(case.asker, case.agent).await?;
        let id = ApprovalId::new(self.ids.ulid(case.now));
        let mut requirements = verdict.requirements.clone();
        requirements.expires_in = case.check.expires_in.unwrap_or(requirements.expires_in);
        let opening = Opening { id, card: card(case, &verdict), requirements };
        let step = Approval::open(opening, &case.asker.caller);
        match self.commit(step.change.under(remember(case, &verdict, Some(id)))).await? {
            Commit::Done => Ok(Some(CheckAnswer::plain(verdict, Some(step.approval)))),
            Commit::Conflict => Ok(None),
        }
    }

    /// Fails if the agent has too many requests pending.
    pub(super) async fn must_have_room(&self, asker: &Asker, agent: &Agent) -> Result<(), Error> {
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
}

fn preview(settled: Settled) -> CheckAnswer {
    match settled {
        Settled::Allow(verdict) | Settled::Open(verdict) => CheckAnswer::plain(verdict, None),
        Settled::Deny(verdict, approval) => CheckAnswer::plain(verdict, approval.map(Arc::from)),
        Settled::Join(verdict, approval) | Settled::Consume(verdict, approval) => {
            CheckAnswer::plain(verdict, Some(Arc::from(approval)))
        }
    }
}
