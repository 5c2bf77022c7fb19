//! Asking policy: what it has to know is looked up first, then it decides without looking anything up.

use std::collections::HashMap;

use countersign_domain::approval::{Cost, Proposal};
use countersign_domain::identity::{Agent, Capability};
use countersign_domain::json::Object;
use countersign_domain::policy::{
    Charge, Counter, Counters, Purpose, Quantity, Question, Rulebook, Verdict, evaluate,
};
use jiff::Timestamp;
use serde_json::Value;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::MutexGuard;
use tokio::task::block_in_place;

use super::{App, Error, Snapshot};

/// From which size on parameters are large.
const LARGE: usize = 32_768;

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
        // What takes long is not waited for by all others; where it is overtaken it is judged anew.
        if !snapshot.rulebook().judges_by_counts(&question) || is_large(matter.proposal) {
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
            return Ok(self.evaluated(&blank, snapshot.rulebook()).await);
        }
        let mut standing = self.store.counters(&snapshot.org, &needed).await?;
        for charge in counted {
            if let Some(used) = standing.get_mut(&charge.counter) {
                *used = Quantity(used.0.saturating_sub(charge.amount.0));
            }
        }
        let question = Question { counters: &standing, ..blank };
        Ok(self.evaluated(&question, snapshot.rulebook()).await)
    }

    /// What policy says. Large parameters may take long to be compared with a schema, and are so one after the other, and
    /// away from the threads that serve everyone else.
    async fn evaluated(&self, question: &Question<'_>, rulebook: &Rulebook) -> Verdict {
        if !is_large(question.proposal) {
            return evaluate(question, rulebook);
        }
        let _one = self.large.lock().await;
        match Handle::current().runtime_flavor() {
            RuntimeFlavor::MultiThread => block_in_place(|| evaluate(question, rulebook)),
            _ => evaluate(question, rulebook),
        }
    }
}

/// Whether parameters are so large that looking at them takes long: 32 KiB of text and names, or so many values.
fn is_large(proposal: &Proposal) -> bool {
    fn weigh(value: &Value, left: &mut usize) -> bool {
        let text = match value {
            Value::String(text) => text.len(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => 0,
            Value::Object(object) => object.keys().map(String::len).sum(),
        };
        match left.checked_sub(text + 8) {
            None => return true,
            Some(rest) => *left = rest,
        }
        match value {
            Value::Array(items) => items.iter().any(|item| weigh(item, left)),
            Value::Object(object) => object.values().any(|value| weigh(value, left)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
    }
    let names: usize = proposal.params.keys().map(String::len).sum();
    let mut left = LARGE.saturating_sub(names);
    proposal.params.values().any(|value| weigh(value, &mut left))
}
