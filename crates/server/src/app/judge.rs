//! Asking policy: what it has to know is looked up first, then it decides without looking anything up.

use std::collections::HashMap;

use countersign_domain::approval::{Cost, Proposal};
use countersign_domain::identity::{Agent, Capability};
use countersign_domain::json::Object;
use countersign_domain::policy::{
    Charge, Counter, Counters, Purpose, Quantity, Question, Verdict, evaluate,
};
use jiff::Timestamp;
use tokio::sync::MutexGuard;

use super::{App, Error, Snapshot};

/// What policy is asked about.
#[derive(Clone, Copy)]
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

impl<'a> Matter<'a> {
    /// The question, as it is asked at this moment.
    fn asked(self, now: Timestamp, counters: &'a dyn Counters) -> Question<'a> {
        let Self { agent, proposal, context, cost, task, purpose, capability } = self;
        Question { agent, proposal, context, cost, task, purpose, capability, now, counters }
    }
}

impl App {
    /// The turn to ask, held until what is counted is kept: where conditions judge by what is counted, each that runs
    /// moves what the next one is judged by. `None` where none does. It spares those who ask at once being overtaken
    /// again and again; that none is judged by what has moved, the store sees to.
    pub(super) async fn turn(
        &self,
        snapshot: &Snapshot,
        matter: Matter<'_>,
    ) -> Option<MutexGuard<'_, ()>> {
        let nothing: HashMap<Counter, Quantity> = HashMap::new();
        let question = matter.asked(self.now(), &nothing);
        if !snapshot.rulebook().judges_by_counts(&question) {
            return None;
        }
        Some(self.turns.lock().await)
    }

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
        let nothing: HashMap<Counter, Quantity> = HashMap::new();
        let blank = matter.asked(self.now(), &nothing);
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
