//! Recorded checks, judged again by changed documents: what would have been different.
//!
//! Records are taken one by one in the order of time, and little is kept of them: counters, sums, and the questions
//! for which people are still asked. What the changed policy would have counted is simulated: an allowed check
//! counts at once, one that needed people counts when it really ran, as it was by then, and what was reported of
//! real costs corrects what the simulation charged.

mod past;
mod report;

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::Deserialize as _;
use serde_json::Value;

use self::past::Past;
pub use self::report::{Difference, Differing, Example, Report};

use crate::approval::{Cost, Proposal};
use crate::audit::{Kind, Record};
use crate::identity::Agent;
use crate::json::Object;
use crate::policy::account::{self, Report as CostReport};
use crate::policy::{
    Charge, Counter, Decision, Purpose, Quantity, Question, Rulebook, Verdict, evaluate,
};
use crate::{AgentId, ApprovalId};

/// Judges recorded checks again.
pub struct Replay<'a> {
    book: &'a Rulebook,
    agents: HashMap<AgentId, Agent>,
    since: Timestamp,
    counters: HashMap<Counter, Quantity>,
    open: HashMap<ApprovalId, Open>,
    reported: HashSet<ApprovalId>,
    report: Report,
}

/// A request for people that was recorded, and what became of it in the simulation.
struct Open {
    /// What is asked, as people left it.
    past: Past,
    /// What it came to when it was opened.
    decision: Decision,
    /// What a grant would have counted for it.
    of_a_grant: Vec<Charge>,
    /// Whether a person said yes themselves.
    by_a_person: bool,
    /// What was charged.
    charged: Vec<Charge>,
}

impl<'a> Replay<'a> {
    /// A replay by this rulebook. Checks before `since` are only counted.
    pub fn new(book: &'a Rulebook, agents: Vec<Agent>, since: Timestamp) -> Self {
        Self {
            book,
            agents: agents.into_iter().map(|agent| (agent.id, agent)).collect(),
            since,
            counters: HashMap::new(),
            open: HashMap::new(),
            reported: HashSet::new(),
            report: Report::default(),
        }
    }

    /// Takes the next record.
    pub fn take(&mut self, record: &Record) {
        match record.kind {
            Kind::CheckAllowed => self.check(record, Decision::Allow),
            Kind::CheckDenied => self.check(record, Decision::Deny),
            Kind::CheckJoined => self.join(record),
            Kind::ApprovalOpened => self.open(record),
            Kind::ApprovalEdited | Kind::ApprovalApproved => self.answer(record),
            Kind::ApprovalDenied | Kind::ApprovalExpired | Kind::ApprovalCanceled => {
                record.approval_id.and_then(|id| self.open.remove(&id));
            }
            Kind::ExecutionStarted => self.run(record),
            Kind::ExecutionSucceeded | Kind::ExecutionFailed => {
                self.cost(record, record.data.pointer("/execution/cost"));
            }
            Kind::CostReported => self.cost(record, record.data.get("cost")),
            _ => {}
        }
    }

    /// What was found.
    pub fn finish(self) -> Report {
        self.report
    }

    /// A check that needed nobody, or was refused.
    fn check(&mut self, record: &Record, before: Decision) {
        let Some(past) = question_of(record).filter(Past::was_of_policy) else {
            return self.leave_out(record);
        };
        let Some(verdict) = self.judge(&past, record, Purpose::Ask) else {
            return self.leave_out(record);
        };
        self.compare(record, past, before, &verdict);
        if verdict.decision == Decision::Allow {
            self.charge(&verdict.charges);
        }
        self.charge(&verdict.attempts);
    }

    /// The same was asked while people were asked: it came to what policy denies, or to waiting.
    fn join(&mut self, record: &Record) {
        let first = record.approval_id.and_then(|id| self.open.get(&id)).map(|open| open.decision);
        // Whoever was answered at once would not have asked again.
        let again = first.is_none_or(|first| first == Decision::Escalate);
        let Some(past) = question_of(record).filter(|_| again) else {
            return self.leave_out(record);
        };
        let Some(mut verdict) = self.judge(&past, record, Purpose::Ask) else {
            return self.leave_out(record);
        };
        self.charge(&verdict.attempts);
        if !past.was_of_policy() {
            return self.leave_out(record);
        }
        if verdict.decision == Decision::Allow {
            verdict.decision = Decision::Escalate;
        }
        self.compare(record, past, Decision::Escalate, &verdict);
    }

    /// People were asked, by policy or because the agent wished it; a wish asks for no verdict, but it counts.
    fn open(&mut self, record: &Record) {
        let Some(past) = question_of(record) else {
            return self.leave_out(record);
        };
        let Some(verdict) = self.judge(&past, record, Purpose::Ask) else {
            return self.leave_out(record);
        };
        let wish = past.was_a_wish();
        if wish {
            self.leave_out(record);
        } else {
            self.compare(record, past.clone(), Decision::Escalate, &verdict);
        }
        self.charge(&verdict.attempts);
        let mut open = Open {
            past,
            decision: verdict.decision,
            of_a_grant: Vec::new(),
            by_a_person: false,
            charged: Vec::new(),
        };
        match (wish, verdict.decision) {
            (false, Decision::Allow) => {
                self.charge(&verdict.charges);
                open.charged = verdict.charges;
            }
            (true, Decision::Allow) => {
                // It waits for people all the same, unless a grant answers.
                open.decision = Decision::Escalate;
                let of_a_grant = |charge: &Charge| charge.counter.is_of_a_grant();
                open.of_a_grant = verdict.charges.into_iter().filter(of_a_grant).collect();
            }
            (_, Decision::Escalate | Decision::Deny) => {}
        }
        if let Some(id) = record.approval_id {
            self.open.insert(id, open);
        }
    }

    /// People answered, perhaps with edits; or a grant did.
    fn answer(&mut self, record: &Record) {
        let Some(mut open) = record.approval_id.and_then(|id| self.open.remove(&id)) else {
            return;
        };
        if let Some(Value::Object(changes)) = record.data.get("edits") {
            open.past.edit(changes);
        }
        let said = |field: &str| record.data.get(field).is_some_and(|value| !value.is_null());
        open.by_a_person = said("person") && !said("relayed_by");
        if said("grant") {
            self.charge(&open.of_a_grant);
            open.charged.append(&mut open.of_a_grant);
        }
        self.keep(record, open);
    }

    /// What people said yes to runs.
    fn run(&mut self, record: &Record) {
        let Some(mut open) = record.approval_id.and_then(|id| self.open.remove(&id)) else {
            return;
        };
        if open.decision == Decision::Escalate {
            let checked = record.data.get("by").is_some_and(|by| by == "check");
            let asked = self.judge(&open.past, record, Purpose::Ask).filter(|_| checked);
            self.charge(&asked.map(|verdict| verdict.attempts).unwrap_or_default());
            let used = self.judge(&open.past, record, Purpose::Use);
            let charges = used.map(|verdict| verdict.charges).unwrap_or_default();
            self.charge(&charges);
            open.charged.extend(charges);
        }
        self.keep(record, open);
    }

    /// A real cost was told: with an approval it corrects what was charged for it, once.
    fn cost(&mut self, record: &Record, told: Option<&Value>) {
        let Some(cost) = told.and_then(|told| Cost::deserialize(told).ok()) else { return };
        let open = match record.approval_id {
            Some(id) if !self.reported.insert(id) => return,
            Some(id) => match self.open.remove(&id) {
                // What would have been refused cost nothing, and what began before the log is read is not known.
                None | Some(Open { decision: Decision::Deny, .. }) => return,
                open => open,
            },
            None => None,
        };
        let charges = self.corrections(record, open, &cost);
        self.charge(&charges);
    }

    fn corrections(&self, record: &Record, open: Option<Open>, cost: &Cost) -> Vec<Charge> {
        let documents = self.book.documents();
        let estimate = record.data.get("estimate").and_then(|said| Cost::deserialize(said).ok());
        let told = CostReport {
            cost,
            estimate: estimate.as_ref(),
            approval: record.approval_id,
            by_a_person: open
                .as_ref()
                .is_some_and(|open| open.by_a_person && open.decision == Decision::Escalate),
        };
        let charged = open.iter().flat_map(|open| &open.charged).filter_map(|charge| {
            let unit = account::unit(documents, &charge.counter)?;
            Some((charge.counter.clone(), unit, charge.amount))
        });
        let charged: Vec<_> = charged.collect();
        let Some(past) = open.map(|open| open.past).or_else(|| question_of(record)) else {
            return Vec::new();
        };
        let spending = self
            .ask(&past, record, Purpose::Use, |question| account::spending(documents, question));
        told.charges(&spending.unwrap_or_default(), &charged).unwrap_or_default()
    }

    fn judge(&self, past: &Past, record: &Record, purpose: Purpose<'_>) -> Option<Verdict> {
        self.ask(past, record, purpose, |question| evaluate(question, self.book))
    }

    /// Asks something about a recorded question at the time of this record; nothing if its agent is gone.
    fn ask<T>(
        &self,
        past: &Past,
        record: &Record,
        purpose: Purpose<'_>,
        asks: impl FnOnce(&Question<'_>) -> T,
    ) -> Option<T> {
        let agent = self.agents.get(&record.agent_id?)?;
        let proposal: Proposal = past.proposal(record, agent.id);
        let context: &Object = &past.context;
        Some(asks(&Question {
            agent,
            proposal: &proposal,
            context,
            cost: &past.cost,
            task: past.task_id.as_deref(),
            purpose,
            capability: None,
            now: record.at,
            counters: &self.counters,
        }))
    }

    fn compare(&mut self, record: &Record, past: Past, before: Decision, verdict: &Verdict) {
        let agent = record.agent_id.and_then(|id| self.agents.get(&id));
        if record.at >= self.since {
            let name = agent.map(|agent| agent.name.clone()).unwrap_or_default();
            self.report.compare(record, (past, name), before, verdict);
        }
    }

    fn leave_out(&mut self, record: &Record) {
        self.report.left_out += u64::from(record.at >= self.since);
    }

    fn keep(&mut self, record: &Record, open: Open) {
        if let Some(id) = record.approval_id {
            self.open.insert(id, open);
        }
    }

    fn charge(&mut self, charges: &[Charge]) {
        for charge in charges {
            let used = self.counters.entry(charge.counter.clone()).or_default();
            *used = used.plus(charge.amount);
        }
    }
}

fn question_of(record: &Record) -> Option<Past> {
    Past::deserialize(&record.data).ok()
}
