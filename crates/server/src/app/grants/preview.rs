//! What a grant would have covered of what was asked before.

use std::collections::HashMap;

use countersign_domain::Money;
use countersign_domain::approval::{Approval, Cost, Proposal, Status};
use countersign_domain::policy::grant::Drafted;
use countersign_domain::policy::{
    Check, Counter, Decision, Purpose, Quantity, Question, Rulebook, Verdict, evaluate,
};
use countersign_store::{ApprovalQuery, Sort};
use jiff::SignedDuration;

use crate::app::{App, Error, Snapshot};

/// How far back a preview looks.
const LOOKS_BACK: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How many past requests a preview looks at, the newest first.
const LOOKS_AT: usize = 1_000;

/// How many examples it names.
const EXAMPLES: usize = 5;

/// What a grant would have covered.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// How many requests of this agent for this action were looked at.
    pub looked_at: usize,
    /// How many of them it would have covered.
    pub covered: usize,
    /// How many of those people denied.
    pub denied: usize,
    /// How much those it would have covered cost, as they said.
    pub usd: Money,
    /// Some of them, the newest first.
    pub examples: Vec<Approval>,
}

impl App {
    /// What the grant would have covered of what this agent asked for this action, one after the other, with
    /// nothing used of it at first.
    pub(super) async fn preview(
        &self,
        snapshot: &Snapshot,
        book: &Rulebook,
        (approval, drafted): (&Approval, &Drafted),
    ) -> Result<Preview, Error> {
        let past = self.past(snapshot, approval).await?;
        let mut used: HashMap<Counter, Quantity> = HashMap::new();
        let mut preview = Preview {
            looked_at: past.len(),
            covered: 0,
            denied: 0,
            usd: Money::default(),
            examples: Vec::new(),
        };
        for past in past {
            let covering = covering(snapshot, book, (&past, &used));
            let Some(charges) = covering.filter(|(name, _)| *name == drafted.grant.name) else {
                continue;
            };
            for (counter, amount) in charges.1 {
                let sum = used.get(&counter).copied().unwrap_or_default().plus(amount);
                used.insert(counter, sum);
            }
            preview.covered += 1;
            preview.denied += usize::from(past.state.status() == Status::Denied);
            preview.usd = Money(preview.usd.0 + past.card.cost.usd.0);
            if preview.examples.len() < EXAMPLES {
                preview.examples.push(past);
            }
        }
        Ok(preview)
    }

    async fn past(&self, snapshot: &Snapshot, approval: &Approval) -> Result<Vec<Approval>, Error> {
        let mut query = ApprovalQuery {
            agent: Some(approval.card.requester.agent),
            action: Some(approval.card.proposal.action.to_string()),
            from: self.now().checked_sub(LOOKS_BACK).ok(),
            sort: Sort::Created,
            limit: 200,
            ..ApprovalQuery::default()
        };
        let mut past = Vec::new();
        while past.len() < LOOKS_AT {
            let page = self.store.approvals(&snapshot.org, &query).await?;
            past.extend(page.items);
            match page.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        Ok(past)
    }
}

/// Fails where no grant would cover even the request it is made from: a rule keeps it for people, or policy
/// refuses it.
pub(super) fn must_cover(
    snapshot: &Snapshot,
    book: &Rulebook,
    approval: &Approval,
) -> Result<(), Error> {
    let what = (approval.proposal(), approval.cost());
    let Some(verdict) = judged((snapshot, book), (approval, what), &HashMap::new()) else {
        return Ok(());
    };
    let why = match verdict.decision {
        Decision::Allow => return Ok(()),
        Decision::Deny => format!("policy refuses it: {}", verdict.reason),
        Decision::Escalate => {
            let line = verdict.trace.iter().find(|line| line.check == Check::Grants);
            line.map(|line| line.details.to_string()).unwrap_or_default()
        }
    };
    let why = countersign_domain::display::sanitise(&why);
    let detail = format!("a grant would not cover even this request: {why}");
    Err(Error::invalid("$", detail).about(approval.id))
}

/// Which grant would have covered a past request, and what it would have counted.
fn covering(
    snapshot: &Snapshot,
    book: &Rulebook,
    (past, used): (&Approval, &HashMap<Counter, Quantity>),
) -> Option<(String, Vec<(Counter, Quantity)>)> {
    let what = (&past.card.proposal, &past.card.cost);
    let verdict = judged((snapshot, book), (past, what), used)?;
    let by = verdict.by?;
    let of_grants = verdict.charges.into_iter().filter(|charge| charge.counter.is_of_a_grant());
    let counted = of_grants.map(|charge| (charge.counter, charge.amount)).collect();
    Some((by.grant().to_owned(), counted))
}

/// What policy says to a request as it was asked, or to a version of it.
fn judged(
    (snapshot, book): (&Snapshot, &Rulebook),
    (asked, (proposal, cost)): (&Approval, (&Proposal, &Cost)),
    used: &HashMap<Counter, Quantity>,
) -> Option<Verdict> {
    let question = Question {
        agent: snapshot.agent_by_id(asked.card.requester.agent)?,
        proposal,
        context: &asked.card.context,
        cost,
        task: asked.card.task_id.as_deref(),
        purpose: Purpose::Ask,
        capability: None,
        now: asked.card.created_at,
        counters: used,
    };
    Some(evaluate(&question, book))
}
