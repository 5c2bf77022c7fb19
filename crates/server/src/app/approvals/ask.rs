//! Asking for a person on one's own initiative.

use std::sync::Arc;

use countersign_domain::approval::transition::Opening;
use countersign_domain::approval::{
    Approval, Card, Cost, Digest, Link, Meeting, Origin, Proposal, Risk, SuggestedResponse,
    ToolRef, meet,
};
use countersign_domain::audit::{Draft, Kind};
use countersign_domain::identity::{Agent, Email};
use countersign_domain::json::Object;
use countersign_domain::policy::{Decision, ReasonCode, Verdict};
use countersign_domain::{
    Action, AgentId, ApprovalId, Change, ExternalId, ReceiptId, Recorded, Write,
};
use countersign_wire::Code;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::super::checks::requester;
use super::super::commit::Commit;
use super::super::record::fact;
use super::super::{App, Asker, Error, IdempotencyKey, TRIES};

/// What an agent asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// What it wants to do.
    pub action: Action,
    /// One line for people; by default made of the action.
    pub summary: Option<String>,
    /// Why it wants it.
    pub reasoning: Option<String>,
    /// What it would cost.
    pub cost: Cost,
    /// What else it would do.
    pub side_effects: Vec<String>,
    /// What happens on a no.
    pub if_denied: Option<String>,
    /// How dangerous it thinks it is.
    pub risk: Option<Risk>,
    /// With which tool.
    pub tool: Option<String>,
    /// With which parameters.
    pub params: Object,
    /// What surrounds it.
    pub context: Object,
    /// The task it belongs to.
    pub task_id: Option<String>,
    /// The person the agent acts for.
    pub on_behalf_of: Option<Email>,
    /// Where a reviewer can read more.
    pub links: Vec<Link>,
    /// Answers it has prepared.
    pub responses: Vec<SuggestedResponse>,
    /// How long people have to answer.
    pub expires_in: Option<SignedDuration>,
    /// The key of a call that may be retried.
    pub idempotency: Option<IdempotencyKey>,
    /// The client's own id for it.
    pub external: Option<ExternalId>,
}

impl App {
    /// Opens an approval; asked again under the same key or own id, gives the one that is there.
    pub async fn ask(
        &self,
        asker: &Asker,
        agent: &Agent,
        ask: &Ask,
    ) -> Result<Arc<Approval>, Error> {
        let proposal = Proposal {
            org: asker.org().clone(),
            agent: agent.id,
            action: ask.action.clone(),
            tool: ask.tool.clone().map(|name| ToolRef { name, schema_version: None }),
            params: ask.params.clone(),
        };
        for _ in 0..TRIES {
            if let Some(there) = self.asked_before(asker, ask).await? {
                return self.load(asker.org(), there).await;
            }
            let now = self.now();
            let verdict = asker.snapshot.judge(agent, &proposal, &ask.context);
            if verdict.decision == Decision::Deny {
                return Err(Error::new(Code::PolicyDenied, verdict.reason));
            }
            let meeting = self.met(asker, (&proposal, &ask.cost), now).await?;
            if let Some(external) = &ask.external {
                match self.settle_external(asker, external, &meeting, now).await? {
                    Settled::Known(approval) => return Ok(approval),
                    Settled::Raced => continue,
                    Settled::Nothing => {}
                }
            }
            must_not_be_denied(&meeting)?;
            self.must_have_room(asker, agent).await?;
            let step = Approval::open(
                self.opening(agent, proposal.clone(), (ask, &verdict), now),
                &asker.caller,
            );
            let change = remembered(step.change, asker, ask, step.approval.id, now);
            if self.commit(change).await? == Commit::Done {
                return Ok(step.approval);
            }
        }
        Err(Error::new(Code::Conflict, "others were faster three times in a row"))
    }

    /// The approval that a client's own id stands for, if it is this asker's.
    pub async fn external(
        &self,
        asker: &Asker,
        kind: &str,
        id: &str,
    ) -> Result<Option<Arc<Approval>>, Error> {
        let external = ExternalId { key: asker.key, kind: kind.to_owned(), id: id.to_owned() };
        match self.store.external(asker.org(), &external).await? {
            Some(id) => Ok(Some(self.load(asker.org(), id).await?)),
            None => Ok(None),
        }
    }

    async fn asked_before(&self, asker: &Asker, ask: &Ask) -> Result<Option<ApprovalId>, Error> {
        if let Some(external) = &ask.external
            && let Some(id) = self.store.external(asker.org(), external).await?
        {
            return Ok(Some(id));
        }
        match self.recorded(asker.org(), &asker.caller, ask.idempotency.as_ref()).await? {
            Some(Recorded::Approval(id)) => Ok(Some(id)),
            Some(Recorded::Verdict(..) | Recorded::Other(_)) => Err(Error::new(
                Code::IdempotencyMismatch,
                "this key came with a call that asked for nothing",
            )),
            None => Ok(None),
        }
    }

    /// What people said about the same before.
    async fn met(
        &self,
        asker: &Asker,
        (proposal, cost): (&Proposal, &Cost),
        now: Timestamp,
    ) -> Result<Meeting, Error> {
        self.met_by(asker, (proposal.agent, proposal.digest(), cost), now).await
    }

    /// What people said about this digest before. What memory knows nothing of is not looked for.
    pub(in crate::app) async fn met_by(
        &self,
        asker: &Asker,
        (agent, digest, cost): (AgentId, Digest, &Cost),
        now: Timestamp,
    ) -> Result<Meeting, Error> {
        let cooldown = asker.snapshot.settings.denial_cooldown;
        if self.live.knows_nothing_of((agent, digest), cooldown, now) {
            return Ok(Meeting::Fresh);
        }
        let related = self.store.approvals_with_digest(asker.org(), agent, digest).await?;
        Ok(meet(related, (digest, cost), cooldown, now))
    }

    /// A client with ids of its own cannot redeem, nor be told of an older request. So its new id stands
    /// for what was decided about exactly this: an unused yes, which it uses up, or a recent no.
    async fn settle_external(
        &self,
        asker: &Asker,
        external: &ExternalId,
        meeting: &Meeting,
        now: Timestamp,
    ) -> Result<Settled, Error> {
        let (approval, mut change) = match meeting {
            Meeting::Consumes(approval) => {
                if let Some(reason) = asker.snapshot.no_longer_stands(approval) {
                    let step = approval.as_ref().clone().revoke(reason, &asker.caller, now)?;
                    let _either_way_it_is_decided_anew: Commit = self.commit(step.change).await?;
                    return Ok(Settled::Raced);
                }
                let receipt = ReceiptId::new(self.ids.ulid(now));
                let step = approval.as_ref().clone().redeem(
                    approval.digest(),
                    receipt,
                    &asker.caller,
                    now,
                )?;
                (step.approval, step.change)
            }
            Meeting::Denied(approval) => {
                let draft = Draft {
                    agent: Some(approval.card.requester.agent),
                    approval: Some(approval.id),
                    digest: Some(approval.digest()),
                    ..fact(
                        Kind::CheckDenied,
                        &asker.caller,
                        json!({"external_id": external.id}),
                        now,
                    )
                };
                (
                    Arc::new(approval.as_ref().clone()),
                    Change::facts(asker.org().clone(), vec![draft]),
                )
            }
            Meeting::Fresh | Meeting::Joins(_) | Meeting::Edited(_) => return Ok(Settled::Nothing),
        };
        change.writes.push(Write::External(external.clone(), approval.id));
        match self.commit(change).await? {
            Commit::Done => Ok(Settled::Known(approval)),
            Commit::Conflict => Ok(Settled::Raced),
        }
    }

    fn opening(
        &self,
        agent: &Agent,
        proposal: Proposal,
        (ask, verdict): (&Ask, &Verdict),
        now: Timestamp,
    ) -> Opening {
        let mut requirements = verdict.requirements.clone();
        requirements.expires_in = ask.expires_in.unwrap_or(requirements.expires_in);
        let action = &proposal.action;
        let by_default = if action.is_sentence() {
            action.to_string()
        } else {
            format!("{} wants to run {action}", agent.name)
        };
        let card = Card {
            digest: proposal.digest(),
            requester: requester(agent, ask.on_behalf_of.clone()),
            origin: if ask.external.is_some() { Origin::Call } else { Origin::Ask },
            summary: ask.summary.clone().unwrap_or(by_default),
            reasoning: ask.reasoning.clone(),
            cost: ask.cost.clone(),
            side_effects: ask.side_effects.clone(),
            if_denied: ask.if_denied.clone(),
            risk: Risk::with_hint(verdict.risk_floor, ask.risk),
            context: ask.context.clone(),
            task_id: ask.task_id.clone(),
            links: ask.links.clone(),
            responses: ask.responses.clone(),
            reason_code: ReasonCode::AgentRequested,
            reason: format!("agent `{}` asks for a person", agent.name),
            trace: verdict.trace.clone(),
            risk_snapshot: verdict.risk_snapshot.clone(),
            created_at: now,
            proposal,
        };
        Opening { id: ApprovalId::new(self.ids.ulid(now)), card, requirements }
    }
}

/// What became of a client's new id.
enum Settled {
    /// It stands for what was decided before.
    Known(Arc<Approval>),
    /// Someone else was faster.
    Raced,
    /// Nothing was decided before.
    Nothing,
}

fn must_not_be_denied(meeting: &Meeting) -> Result<(), Error> {
    match meeting {
        Meeting::Denied(denied) => {
            let why = denied.last_denial().unwrap_or("no reason was given");
            let detail = format!("the same was denied a short while ago, in {}: {why}", denied.id);
            Err(Error::new(Code::PreviouslyDenied, detail).about(denied.id))
        }
        Meeting::Fresh | Meeting::Joins(_) | Meeting::Consumes(_) | Meeting::Edited(_) => Ok(()),
    }
}

fn remembered(change: Change, asker: &Asker, ask: &Ask, id: ApprovalId, now: Timestamp) -> Change {
    let key = ask.idempotency.as_ref();
    let row = key.map(|key| key.records(&asker.caller, Recorded::Approval(id), now));
    let mut change = change.under(row);
    change.writes.extend(ask.external.clone().map(|external| Write::External(external, id)));
    change
}
