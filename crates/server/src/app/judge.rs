//! Asking policy: what it has to know is looked up first, then it decides without looking anything up.

use std::collections::HashMap;

use countersign_domain::approval::{Cost, Proposal};
use countersign_domain::identity::{Agent, Capability};
use countersign_domain::json::Object;
use countersign_domain::policy::{Charge, Counter, Purpose, Quantity, Question, Verdict, evaluate};

use super::{App, Error, Snapshot};

/// What policy is asked about.
pub(super) struct Matter<'a> {
    /// Who wants it.
    pub agent: &'a Agent,
    /// What they want.
    pub proposal: &'a Proposal,
    /// What surrounds it.
    pub context: &'a Object,
    /// What it would cost.
    pub cost: &'a Cost,
    /// The task it belongs to.
    pub task: Option<&'a str>,
    /// Whether it is asked for or about to run.
    pub purpose: Purpose<'a>,
    /// The capability token it is asked with.
    pub capability: Option<&'a Capability>,
}

impl App {
    /// What policy says now.
    pub(super) async fn judge(
        &self,
        snapshot: &Snapshot,
        matter: Matter<'_>,
    ) -> Result<Verdict, Error> {
        self.judge_again(snapshot, matter, &[]).await
    }

    /// What policy says now of something for which this was counted already: it is judged as if it were not.
    pub(super) async fn judge_again(
        &self,
        snapshot: &Snapshot,
        matter: Matter<'_>,
        counted: &[Charge],
    ) -> Result<Verdict, Error> {
        let Matter { agent, proposal, context, cost, task, purpose, capability } = matter;
        let nothing: HashMap<Counter, Quantity> = HashMap::new();
        let now = self.now();
        let blank = Question {
            agent,
            proposal,
            context,
            cost,
            task,
            purpose,
            capability,
            now,
            counters: &nothing,
        };
        let needed = snapshot.rulebook().counters(&blank);
        if needed.is_empty() {
            return Ok(evaluate(&blank, snapshot.rulebook()));
        }
        let mut standing = self.store.counters(&snapshot.org, &needed).await?;
        for charge in counted {
            if let Some(used) = standing.get_mut(&charge.counter) {
                *used = Quantity(used.0.saturating_sub(charge.amount.0));
            }
        }
        Ok(evaluate(&Question { counters: &standing, ..blank }, snapshot.rulebook()))
    }
}
