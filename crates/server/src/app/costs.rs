//! What things really cost. The money is spent, so that no limit stands in the way of counting it; only what was
//! charged for a named approval can be taken back, once.

use std::collections::HashMap;

use countersign_domain::approval::{AnsweredBy, Approval, Cost, Execution, Proposal};
use countersign_domain::audit::{Draft, Kind};
use countersign_domain::identity::Agent;
use countersign_domain::json::Object;
use countersign_domain::policy::account::{self, Report};
use countersign_domain::policy::{Charge, Counter, Purpose, Quantity, Question};
use countersign_domain::{Action, ApprovalId, Change, Recorded};
use countersign_wire::Code;
use serde_json::json;

use super::approvals::must_speak_for;
use super::commit::Commit;
use super::record::fact;
use super::{App, Asker, Error, IdempotencyKey, Snapshot};

/// What an agent says that something cost.
#[derive(Debug, Clone, PartialEq)]
pub struct CostReport {
    /// The agent, by id or name; `None` for the asker itself.
    pub agent: Option<String>,
    /// What was done.
    pub action: Action,
    /// What it cost.
    pub cost: Cost,
    /// What was estimated when it was checked, and charged then.
    pub estimate: Option<Cost>,
    /// The task it belongs to.
    pub task_id: Option<String>,
    /// The approval that was used for it.
    pub approval: Option<ApprovalId>,
    /// The key of a call that may be retried.
    pub idempotency: Option<IdempotencyKey>,
}

impl App {
    /// Counts what something really cost; gives what was corrected, by counter.
    pub async fn report_cost(
        &self,
        asker: &Asker,
        report: &CostReport,
    ) -> Result<Vec<Charge>, Error> {
        let agent = asker.agent(report.agent.as_deref())?;
        let key = report.idempotency.as_ref();
        if self.recorded(asker.org(), &asker.caller, key).await?.is_some() {
            return Ok(Vec::new());
        }
        let approval = if let Some(id) = report.approval {
            Some(self.used_approval(asker, (&agent, &report.action), id).await?)
        } else {
            must_be_permitted(asker, &agent, &report.action)?;
            None
        };
        let now = self.now();
        let proposal = approval.as_ref().map_or_else(
            || Proposal {
                org: asker.org().clone(),
                agent: agent.id,
                action: report.action.clone(),
                tool: None,
                resource: None,
                params: Object::new(),
            },
            |approval| approval.proposal().clone(),
        );
        let task = approval.as_ref().and_then(|approval| approval.card.task_id.as_deref());
        let about =
            About { agent: &agent, proposal: &proposal, task: task.or(report.task_id.as_deref()) };
        let told = Report {
            cost: &report.cost,
            estimate: report.estimate.as_ref(),
            approval: report.approval,
            by_a_person: approval.as_ref().is_some_and(answered_by_a_person),
        };
        let charges = self.corrections(&asker.snapshot, &about, told).await?;
        let data = json!({
            "action": report.action, "cost": report.cost.readable(), "estimate": report.estimate.as_ref().map(Cost::readable),
            "task_id": report.task_id, "corrected": corrected(&charges),
        });
        let draft = Draft {
            agent: Some(agent.id),
            approval: report.approval,
            ..fact(Kind::CostReported, &asker.caller, data, now)
        };
        let row =
            key.map(|key| key.records(&asker.caller, Recorded::Other("cost".to_owned()), now));
        let change = Change::facts(asker.org().clone(), vec![draft]);
        match self.commit(change.counting(charges.clone()).under(row)).await? {
            Commit::Done => Ok(charges),
            Commit::Conflict => {
                let detail = "the cost of this approval was reported before";
                let error = Error::new(Code::Conflict, detail);
                Err(report.approval.map_or(error.clone(), |id| error.about(id)))
            }
        }
    }

    /// What the cost in the result of a run corrects; nothing if it was reported before.
    pub(super) async fn result_corrects(
        &self,
        snapshot: &Snapshot,
        approval: &Approval,
        cost: &Cost,
    ) -> Result<Vec<Charge>, Error> {
        let reported = account::reported(approval.id);
        let before = self.store.counters(&snapshot.org, std::slice::from_ref(&reported)).await?;
        let agent = snapshot.agent_by_id(approval.card.requester.agent);
        let Some(agent) = agent.filter(|_| !before.contains_key(&reported)) else {
            return Ok(Vec::new());
        };
        let task = approval.card.task_id.as_deref();
        let about = About { agent, proposal: approval.proposal(), task };
        let by_a_person = answered_by_a_person(approval);
        let told = Report { cost, estimate: None, approval: Some(approval.id), by_a_person };
        self.corrections(snapshot, &about, told).await
    }

    async fn corrections(
        &self,
        snapshot: &Snapshot,
        about: &About<'_>,
        told: Report<'_>,
    ) -> Result<Vec<Charge>, Error> {
        let documents = snapshot.rulebook().documents();
        let charged = match told.approval {
            Some(id) => {
                let whole = account::memories(id);
                let memories = self.store.counters_of(&snapshot.org, &whole, 1_000).await?;
                account::recalled(documents, id, &memories)
            }
            None => Vec::new(),
        };
        let nothing = HashMap::<Counter, Quantity>::new();
        let question = Question {
            agent: about.agent,
            proposal: about.proposal,
            context: &Object::new(),
            cost: told.cost,
            task: about.task,
            purpose: Purpose::Use,
            capability: None,
            now: self.now(),
            counters: &nothing,
        };
        let spending = account::spending(documents, &question);
        told.charges(&spending, &charged)
            .ok_or_else(|| Error::invalid("$.cost", "the cost is larger than can be counted"))
    }

    /// The approval that a cost is about: this agent's, for this action, and used.
    async fn used_approval(
        &self,
        asker: &Asker,
        (agent, action): (&Agent, &Action),
        id: ApprovalId,
    ) -> Result<Approval, Error> {
        let found = self.store.approval(asker.org(), id).await?;
        let approval = found.ok_or_else(|| Error::not_found("approval", &id.to_string()))?;
        must_speak_for(asker, &approval)?;
        if approval.card.requester.agent != agent.id || approval.proposal().action != *action {
            let detail = format!("approval {id} is for another agent or action");
            return Err(Error::invalid("$.approval_id", detail).about(id));
        }
        match approval.execution() {
            Some(
                Execution::Running { .. }
                | Execution::Succeeded { .. }
                | Execution::Failed { .. }
                | Execution::Unknown { .. },
            ) => Ok(approval),
            Some(Execution::Unused | Execution::Lapsed { .. } | Execution::Revoked { .. })
            | None => {
                let detail = format!("approval {id} was not used, so it cost nothing");
                Err(Error::new(Code::NotRunning, detail).about(id))
            }
        }
    }
}

/// What an agent may never do has cost it nothing: its report would use up the budgets of others.
fn must_be_permitted(asker: &Asker, agent: &Agent, action: &Action) -> Result<(), Error> {
    let Some(why) = asker.snapshot.rulebook().not_permitted(&agent.name, action) else {
        return Ok(());
    };
    let detail = format!(
        "no cost of this is counted for `{}`: {why}; name the action that ran, or in `approval_id` the approval \
         that was used",
        agent.name
    );
    Err(Error { path: Some("$.action".to_owned()), ..Error::new(Code::PolicyDenied, detail) })
}

/// What a cost is about.
struct About<'a> {
    agent: &'a Agent,
    proposal: &'a Proposal,
    task: Option<&'a str>,
}

/// Whether a person said yes to it, here and themselves.
fn answered_by_a_person(approval: &Approval) -> bool {
    matches!(approval.answered_by(), Some(AnsweredBy::Person(_)))
}

/// The corrections as the record shows them.
fn corrected(charges: &[Charge]) -> Vec<serde_json::Value> {
    let of_a_limit = charges.iter().filter(|charge| charge.limit.is_none());
    of_a_limit
        .map(|charge| json!({"counter": charge.counter.name, "by": charge.amount.to_money()}))
        .collect()
}
