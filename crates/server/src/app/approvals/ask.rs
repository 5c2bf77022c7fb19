//! Asking for a person on one's own initiative.

use std::borrow::Cow;
use std::sync::Arc;

use countersign_domain::approval::transition::Opening;
use countersign_domain::approval::{
    Approval, Asked, Card, Cost, Link, Meeting, Origin, Proposal, Risk, State, SuggestedResponse,
    ToolRef, Transition, meet,
};
use countersign_domain::identity::{Agent, Email};
use countersign_domain::json::Object;
use countersign_domain::policy::{Decision, Purpose, ReasonCode, Verdict, account};
use countersign_domain::{Action, AgentId, ApprovalId, Change, ExternalId, Recorded, Write};
use countersign_wire::Code;
use jiff::{SignedDuration, Timestamp};

use super::super::checks::{requester, resource_in};
use super::super::commit::Commit;
use super::super::judge::Matter;
use super::super::{App, Asker, Error, IdempotencyKey, TRIES, too_busy};
use super::external::Known;

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
    /// How dangerous it is, where the server itself wrote the request.
    pub known_risk: Option<Risk>,
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
            resource: resource_in(&ask.context)?,
            params: ask.params.clone(),
        };
        let mut asker = Cow::Borrowed(asker);
        for _ in 0..TRIES {
            if let Some(approval) = self.ask_once(&asker, (agent, &proposal), ask).await? {
                return Ok(approval);
            }
            asker = Cow::Owned(self.renewed(&asker).await?);
        }
        Err(too_busy())
    }

    /// One try; `None` when someone else was faster.
    async fn ask_once(
        &self,
        asker: &Asker,
        (agent, proposal): (&Agent, &Proposal),
        ask: &Ask,
    ) -> Result<Option<Arc<Approval>>, Error> {
        if let Some(there) = self.asked_before(asker, ask).await? {
            return Ok(Some(self.load(asker.org(), there).await?));
        }
        let now = self.now();
        let matter = Matter {
            agent,
            proposal,
            context: &ask.context,
            cost: &ask.cost,
            task: ask.task_id.as_deref(),
            purpose: Purpose::Ask,
            capability: asker.capability.as_deref(),
        };
        let _turn = self.turn(&asker.snapshot, matter).await;
        let verdict = self.judge(&asker.snapshot, matter).await?;
        if verdict.decision == Decision::Deny {
            return Err(Error::new(Code::PolicyDenied, verdict.reason));
        }
        let wish = Asked {
            wanted: proposal.into(),
            cost: &ask.cost,
            on_behalf_of: ask.on_behalf_of.as_ref(),
        };
        let meeting = self.met_by(asker, (agent.id, wish), now).await?;
        if let Some(external) = &ask.external {
            match self.settle_external(asker, external, &meeting, now).await? {
                Known::As(approval) => return Ok(Some(approval)),
                Known::Raced => return Ok(None),
                Known::Nothing => {}
            }
        }
        must_not_be_denied(&meeting)?;
        self.must_have_room(asker, agent).await?;
        let hidden = asker.snapshot.rulebook().hidden_in(proposal);
        let opening =
            self.opening((agent, asker), (proposal.clone(), hidden), (ask, &verdict), now);
        let step = opened(opening, (ask, &verdict), asker)?;
        let change = remembered(step.change, asker, ask, step.approval.id, now);
        let done = self.commit(change.counting(verdict.attempts)).await? == Commit::Done;
        Ok(done.then_some(step.approval))
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

    /// What people said about this before. What memory knows nothing of is not looked for.
    pub(in crate::app) async fn met_by(
        &self,
        asker: &Asker,
        (agent, wish): (AgentId, Asked<'_>),
        now: Timestamp,
    ) -> Result<Meeting, Error> {
        let cooldown = asker.snapshot.settings.denial_cooldown;
        if self.live.knows_nothing_of((agent, wish.wanted), cooldown, now) {
            return Ok(Meeting::Fresh);
        }
        let mut related = self.store.approvals_related(asker.org(), agent, wish.wanted).await?;
        // A no holds for every token; what else a token does not cover is as if it were not there.
        related.retain(|approval| {
            matches!(approval.state, State::Denied { .. }) || asker.covers(approval, now)
        });
        Ok(meet(related, wish, cooldown, now))
    }

    fn opening(
        &self,
        (agent, asker): (&Agent, &Asker),
        (proposal, hidden): (Proposal, Vec<String>),
        (ask, verdict): (&Ask, &Verdict),
        now: Timestamp,
    ) -> Opening {
        let requirements = verdict.requirements.clone().answered_within(ask.expires_in);
        let by_default = Card::summary_of(&agent.name, &proposal.action);
        let card = Card {
            digest: proposal.digest(),
            requester: requester(asker, agent, ask.on_behalf_of.clone()),
            origin: if ask.external.is_some() { Origin::Call } else { Origin::Ask },
            summary: ask.summary.clone().unwrap_or(by_default),
            reasoning: ask.reasoning.clone(),
            cost: ask.cost.clone(),
            side_effects: ask.side_effects.clone(),
            if_denied: ask.if_denied.clone(),
            risk: asker.snapshot.settings.risk(verdict.risk_floor.max(ask.known_risk), ask.risk),
            stated_risk: ask.risk,
            context: ask.context.clone(),
            hidden,
            task_id: ask.task_id.clone(),
            links: ask.links.clone(),
            responses: ask.responses.clone(),
            reason_code: ReasonCode::AgentRequested,
            reason: format!("agent `{}` asks for a person", agent.name),
            trace: verdict.trace.clone(),
            risk_snapshot: verdict.risk_snapshot.to_value(),
            created_at: now,
            proposal,
        };
        Opening { id: ApprovalId::new(self.ids.ulid(now)), card, requirements }
    }
}

/// Opens it; where a grant stands in for people, it is answered and counted in the same change. What the run
/// itself counts is counted when it is used.
fn opened(
    opening: Opening,
    (ask, verdict): (&Ask, &Verdict),
    asker: &Asker,
) -> Result<Transition, Error> {
    let seen = verdict.risk_floor.unwrap_or(asker.snapshot.settings.unrated_risk.min(Risk::Medium));
    // A grant answers for the risk that policy sees. An agent that sees more gets a person.
    let granted = verdict.by.as_ref().filter(|_| ask.risk.is_none_or(|hint| hint <= seen));
    let Some(by) = granted else {
        return Ok(Approval::open(opening, &asker.caller));
    };
    let mut step = Approval::open_answered(opening, by, &asker.caller)?;
    let uses = verdict.charges.iter().filter(|charge| charge.counter.is_of_a_grant()).cloned();
    let uses = account::remembered(step.approval.id, uses.collect());
    step.change = step.change.guarded_by(asker.snapshot.version).counting(uses);
    Ok(step)
}

fn must_not_be_denied(meeting: &Meeting) -> Result<(), Error> {
    match meeting {
        Meeting::Denied(denied) => {
            let why = denied.last_denial().unwrap_or("no reason was given");
            let detail = format!("the same was denied a short while ago, in {}: {why}", denied.id);
            Err(Error::new(Code::PreviouslyDenied, detail).about(denied.id))
        }
        Meeting::Fresh
        | Meeting::Joins(_)
        | Meeting::Consumes(_)
        | Meeting::Edited(_)
        | Meeting::Dearer(_) => Ok(()),
    }
}

fn remembered(change: Change, asker: &Asker, ask: &Ask, id: ApprovalId, now: Timestamp) -> Change {
    let key = ask.idempotency.as_ref();
    let row = key.map(|key| key.records(&asker.caller, Recorded::Approval(id), now));
    let mut change = change.under(row);
    change.writes.extend(ask.external.clone().map(|external| Write::External(external, id)));
    change
}
