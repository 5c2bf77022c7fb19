//! Recorded checks, judged again in the order of time by one rulebook.
//!
//! Little is kept of them: counters, sums, and the questions for which people are still asked. What the rulebook
//! would have counted is simulated: an allowed check counts at once, one that needed people counts when it really
//! ran, as it was by then, and what was reported of real costs corrects what the simulation charged.

use std::collections::{HashMap, HashSet};

use serde::Deserialize as _;
use serde_json::Value;

use super::past::Past;
use crate::approval::{Cost, Proposal};
use crate::audit::{Kind, Record};
use crate::identity::Agent;
use crate::json::Object;
use crate::policy::account::{self, Report as CostReport};
use crate::policy::{
    Charge, Counter, Decision, Purpose, Quantity, Question, Rulebook, Verdict, evaluate,
};
use crate::{AgentId, ApprovalId};

/// The course of things as one rulebook would have had it.
pub(super) struct Course<'a> {
    book: &'a Rulebook,
    agents: HashMap<AgentId, Agent>,
    counters: HashMap<Counter, Quantity>,
    open: HashMap<ApprovalId, Open>,
    reported: HashSet<ApprovalId>,
}

/// What became of a record that is a check.
pub(super) enum Outcome {
    /// It cannot be judged: its agent is gone, people and not policy had decided, or it repeats a question for which
    /// nobody would have been asked.
    LeftOut,
    /// It was judged again.
    Judged(Box<Judged>),
}

/// A check that was judged again.
pub(super) struct Judged {
    /// What was asked.
    pub(super) past: Past,
    /// The name of the agent.
    pub(super) agent: String,
    /// What was decided then.
    pub(super) before: Decision,
    /// What this rulebook says.
    pub(super) verdict: Verdict,
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

impl<'a> Course<'a> {
    /// Nothing was asked yet.
    pub(super) fn new(book: &'a Rulebook, agents: Vec<Agent>) -> Self {
        Self {
            book,
            agents: agents.into_iter().map(|agent| (agent.id, agent)).collect(),
            counters: HashMap::new(),
            open: HashMap::new(),
            reported: HashSet::new(),
        }
    }

    /// Takes the next record; what became of it if it is a check.
    pub(super) fn take(&mut self, record: &Record) -> Option<Outcome> {
        let judged = match record.kind {
            Kind::CheckAllowed => self.check(record, Decision::Allow),
            Kind::CheckDenied => self.check(record, Decision::Deny),
            Kind::CheckJoined => self.join(record),
            Kind::ApprovalOpened => self.open(record),
            _ => {
                self.go_on(record);
                return None;
            }
        };
        Some(judged.map_or(Outcome::LeftOut, |judged| Outcome::Judged(Box::new(judged))))
    }

    /// What is no check, and changes what later checks come to.
    fn go_on(&mut self, record: &Record) {
        match record.kind {
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

    /// A check that needed nobody, or was refused.
    fn check(&mut self, record: &Record, before: Decision) -> Option<Judged> {
        let past = question_of(record).filter(Past::was_of_policy)?;
        let verdict = self.judge(&past, record, Purpose::Ask)?;
        if verdict.decision == Decision::Allow {
            self.charge(&verdict.charges);
        }
        self.charge(&verdict.attempts);
        Some(self.judged(record, past, before, verdict))
    }

    /// The same was asked while people were asked: it came to what policy denies, or to waiting.
    fn join(&mut self, record: &Record) -> Option<Judged> {
        let first = record.approval_id.and_then(|id| self.open.get(&id)).map(|open| open.decision);
        // Whoever was answered at once would not have asked again.
        let again = first.is_none_or(|first| first == Decision::Escalate);
        let past = question_of(record).filter(|_| again)?;
        let mut verdict = self.judge(&past, record, Purpose::Ask)?;
        self.charge(&verdict.attempts);
        if verdict.decision == Decision::Allow {
            verdict.decision = Decision::Escalate;
        }
        past.was_of_policy().then(|| self.judged(record, past, Decision::Escalate, verdict))
    }

    /// People were asked, by policy or because the agent wished it; a wish asks for no verdict, but it counts.
    fn open(&mut self, record: &Record) -> Option<Judged> {
        let past = question_of(record)?;
        let verdict = self.judge(&past, record, Purpose::Ask)?;
        let wish = past.was_a_wish();
        let judged =
            (!wish).then(|| self.judged(record, past.clone(), Decision::Escalate, verdict.clone()));
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
        self.keep(record, open);
        judged
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

    fn judged(&self, record: &Record, past: Past, before: Decision, verdict: Verdict) -> Judged {
        let agent = record.agent_id.and_then(|id| self.agents.get(&id));
        let agent = agent.map(|agent| agent.name.clone()).unwrap_or_default();
        Judged { past, agent, before, verdict }
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
