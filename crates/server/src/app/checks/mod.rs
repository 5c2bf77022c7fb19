//! Checks: may this run?

mod again;
mod card;
mod keep;

use std::borrow::Cow;
use std::sync::Arc;

use countersign_domain::approval::{
    Approval, Asked, Cost, Effective, Meeting, Proposal, Wanted, meet,
};
use countersign_domain::identity::{Agent, Email, Right};
use countersign_domain::json::Object;
use countersign_domain::policy::{Decision, Purpose, Settled, Verdict, settle};
use countersign_domain::{Action, ApprovalId};
use countersign_wire::Code;
use jiff::{SignedDuration, Timestamp};

pub(super) use self::card::{requester, resource_in};

use self::card::proposal;
use self::keep::taken_back;
use super::approvals::{UseNow, stopped};
use super::judge::Matter;
use super::{App, Asker, Error, IdempotencyKey, SignedIn, TRIES, too_busy};

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
    /// What it is done to.
    pub resource: Option<String>,
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
    wanted: Wanted,
    now: Timestamp,
}

/// What one try came to.
enum Tried {
    /// This is the answer.
    Answered(Box<CheckAnswer>),
    /// Someone else was faster.
    Overtaken,
    /// A yes was taken back instead of being used; what the agent is told of it.
    TakenBack(String),
}

impl From<CheckAnswer> for Tried {
    fn from(answer: CheckAnswer) -> Self {
        Self::Answered(Box::new(answer))
    }
}

impl App {
    /// Answers a check. Whoever was overtaken looks again: at what was counted, and at a configuration
    /// that was changed meanwhile. What it opens, joins, uses or refuses is durable before the answer.
    pub async fn check(&self, asker: &Asker, check: &Check) -> Result<CheckAnswer, Error> {
        let mut asker = Cow::Borrowed(asker);
        let mut told = Vec::new();
        for _ in 0..TRIES {
            match self.answer_once(&asker, check, &told).await? {
                Tried::Answered(answer) => return Ok(*answer),
                Tried::Overtaken => {}
                Tried::TakenBack(why) => told.push(why),
            }
            asker = Cow::Owned(self.renewed(&asker).await?);
        }
        Err(too_busy())
    }

    /// What policy says of a check, for a person who may see the record. Nothing is recorded, opened or counted, and
    /// what people said before plays no part.
    pub async fn explain(&self, reader: &SignedIn, check: &Check) -> Result<CheckAnswer, Error> {
        reader.must(Right::Audit)?;
        let Some(name) = check.agent.as_deref() else {
            return Err(Error::invalid("$.agent_id", "name the agent whose check this would be"));
        };
        let agent = reader.snapshot.agent(name);
        let agent = agent.ok_or_else(|| Error::not_found("agent", name))?;
        let proposal = proposal(reader.org(), agent, check)?;
        let matter = Matter {
            agent,
            proposal: &proposal,
            context: &check.context,
            cost: &check.cost,
            task: check.task_id.as_deref(),
            purpose: Purpose::Ask,
            capability: None,
        };
        let verdict = self.judge(&reader.snapshot, matter).await?;
        Ok(CheckAnswer::plain(verdict, None))
    }

    /// One try. What was told of earlier ones comes before the other hints.
    async fn answer_once(
        &self,
        asker: &Asker,
        check: &Check,
        told: &[String],
    ) -> Result<Tried, Error> {
        let agent = asker.agent(check.agent.as_deref())?;
        let proposal = proposal(asker.org(), &agent, check)?;
        let matter = Matter {
            agent: &agent,
            proposal: &proposal,
            context: &check.context,
            cost: &check.cost,
            task: check.task_id.as_deref(),
            purpose: Purpose::Ask,
            capability: asker.capability.as_deref(),
        };
        let key = check.idempotency.as_ref().filter(|_| !check.dry_run);
        let _turn = self.turn(&asker.snapshot, matter).await;
        let before = self.recorded(asker.org(), &asker.caller, key).await?;
        let counted = before.as_ref().map(again::counted).unwrap_or_default();
        let mut verdict = self.judge_again(&asker.snapshot, matter, &counted).await?;
        if let Some(before) = before {
            return Ok(self.check_again(asker, before, verdict).await?.into());
        }
        verdict.hints.splice(0..0, told.iter().cloned());
        let (wanted, now) = (Wanted::from(&proposal), self.now());
        let case = Case { asker, check, agent: &agent, proposal: &proposal, wanted, now };
        let tried = self.decide(case, verdict).await?;
        if let Tried::Answered(answer) = &tried
            && !check.dry_run
        {
            self.metrics.answered(answer.verdict.decision);
        }
        Ok(tried)
    }

    /// Brings verdict and earlier answers together, and keeps what comes of it.
    async fn decide(&self, case: Case<'_>, mut verdict: Verdict) -> Result<Tried, Error> {
        let mut meeting = self.meeting(&case).await?;
        if let Meeting::Joins(approval) | Meeting::Dearer(approval) = &meeting {
            verdict.hints.extend(approval.beyond(&case.check.cost));
        }
        let mut reached = UseNow::Counted(Vec::new());
        if let Meeting::Consumes(approval) = &meeting
            && verdict.decision != Decision::Deny
        {
            reached = self.reached(&case, &verdict, approval).await?;
            if let UseNow::Stopped(why) = &reached
                && case.check.dry_run
            {
                verdict.hints.push(taken_back(approval, why));
                meeting = Meeting::Fresh;
            }
        }
        let settled = settle(verdict, meeting);
        if case.check.dry_run {
            return Ok(preview(settled).into());
        }
        match settled {
            Settled::Allow(verdict) => self.allow(&case, verdict).await,
            Settled::Deny(verdict, approval) => {
                self.refuse(&case, verdict, approval.map(Arc::from)).await
            }
            Settled::Join(verdict, approval) => {
                self.join(&case, verdict, Arc::from(approval)).await
            }
            Settled::Consume(verdict, approval) => {
                self.consume(&case, (verdict, reached), *approval).await
            }
            Settled::Open(verdict) => self.open_for_check(&case, verdict).await,
        }
    }

    /// Whether a yes reaches what is checked: what this check comes to with its own context, and what was approved
    /// comes to now.
    async fn reached(
        &self,
        case: &Case<'_>,
        verdict: &Verdict,
        approval: &Approval,
    ) -> Result<UseNow, Error> {
        let snapshot = &case.asker.snapshot;
        let short = match verdict.decision {
            Decision::Escalate => stopped(snapshot, approval, verdict, case.now),
            Decision::Allow | Decision::Deny => None,
        };
        let behind = case.check.on_behalf_of.as_ref();
        match short.or_else(|| snapshot.answers_for_themselves(approval, behind)) {
            Some(why) => Ok(UseNow::Stopped(why)),
            None => self.use_now(snapshot, approval).await,
        }
    }

    async fn meeting(&self, case: &Case<'_>) -> Result<Meeting, Error> {
        let Check { cost, on_behalf_of, .. } = case.check;
        let asked = Asked { wanted: case.wanted, cost, on_behalf_of: on_behalf_of.as_ref() };
        let Some(id) = case.check.approval else {
            return self.met_by(case.asker, (case.agent.id, asked), case.now).await;
        };
        let named = vec![self.named_approval(case, id).await?];
        let cooldown = case.asker.snapshot.settings.denial_cooldown;
        Ok(meet(named, asked, cooldown, case.now))
    }

    /// An approval that a check names has to be this agent's, for exactly this, and not used up.
    async fn named_approval(&self, case: &Case<'_>, id: ApprovalId) -> Result<Approval, Error> {
        let found = self.store.approval(case.asker.org(), id).await?;
        let approval = found
            .filter(|approval| approval.card.requester.agent == case.agent.id)
            .filter(|approval| case.asker.covers(approval, case.now))
            .ok_or_else(|| Error::not_found("approval", &id.to_string()))?;
        let given = case.wanted.digest;
        if given != approval.digest() && given != approval.card.digest {
            let detail = format!("approval {id} is for `{}`, this is `{given}`", approval.digest());
            return Err(Error::new(Code::DigestMismatch, detail).about(id));
        }
        if let Some(why) = approval.beyond(&case.check.cost)
            && approval.execution().is_some()
            && approval.edits.is_empty()
        {
            return Err(Error::new(Code::CostAboveApproved, why).about(id));
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
