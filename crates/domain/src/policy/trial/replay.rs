//! Recorded checks, judged again by changed documents: what would have been different.
//!
//! Records are taken one by one in the order of time, and nothing but counters and sums is kept of them. What
//! the changed policy would have counted is simulated: an allowed check counts at once, one that needed people
//! counts when it really ran.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::Deserialize;

use crate::approval::{Cost, Proposal, ToolRef};
use crate::audit::{Kind, Record};
use crate::identity::Agent;
use crate::json::Object;
use crate::policy::{
    Charge, Counter, Decision, Purpose, Quantity, Question, ReasonCode, Rulebook, Verdict, evaluate,
};
use crate::{Action, AgentId, ApprovalId, Seq};

/// How many examples of a difference are kept.
const EXAMPLES: usize = 3;

/// What would have been different.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// How many recorded checks were judged again.
    pub judged: u64,
    /// How many of them come to the same.
    pub same: u64,
    /// How many could not be judged: their agent is gone, or people and not policy had decided.
    pub left_out: u64,
    /// How many of the judged ones hold values that were hidden when they were recorded.
    pub redacted: u64,
    /// The differences, grouped.
    pub differences: BTreeMap<Difference, Differing>,
}

/// A group of differences.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// What was decided: `allow`, `deny` or `escalate`.
    pub from: &'static str,
    /// What would be decided.
    pub to: &'static str,
    /// The action.
    pub action: Action,
    /// The rules that would decide, or the reason code where none does.
    pub rule: String,
}

/// How often a difference occurs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Differing {
    /// How often.
    pub count: u64,
    /// The first few of them.
    pub examples: Vec<Example>,
}

/// One check that would have come to something else.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Its place in the log.
    pub seq: Seq,
    /// When it was.
    pub at: Timestamp,
    /// The name of the agent.
    pub agent: String,
    /// The parameters, as recorded.
    pub params: Object,
    /// Why it was decided as it was.
    pub before: String,
    /// Why it would be decided otherwise.
    pub after: String,
}

/// What a record of a check says; other parts of it do not matter here.
#[derive(Debug, Deserialize)]
struct Past {
    action: Action,
    #[serde(default)]
    tool: Option<String>,
    #[serde(default)]
    params: Object,
    #[serde(default)]
    context: Object,
    #[serde(default)]
    cost: Cost,
    #[serde(default)]
    task_id: Option<String>,
    #[serde(default)]
    origin: Option<String>,
    #[serde(default)]
    reason_code: Option<ReasonCode>,
    #[serde(default)]
    reason: Option<String>,
}

/// Judges recorded checks again.
pub struct Replay<'a> {
    book: &'a Rulebook,
    agents: HashMap<AgentId, Agent>,
    since: Timestamp,
    counters: HashMap<Counter, Quantity>,
    waiting: HashMap<ApprovalId, Vec<Charge>>,
    report: Report,
}

impl<'a> Replay<'a> {
    /// A replay by this rulebook. Checks before `since` are only counted.
    pub fn new(book: &'a Rulebook, agents: Vec<Agent>, since: Timestamp) -> Self {
        Self {
            book,
            agents: agents.into_iter().map(|agent| (agent.id, agent)).collect(),
            since,
            counters: HashMap::new(),
            waiting: HashMap::new(),
            report: Report::default(),
        }
    }

    /// Takes the next record.
    pub fn take(&mut self, record: &Record) {
        match record.kind {
            Kind::CheckAllowed => self.judge(record, Decision::Allow),
            Kind::CheckDenied => self.judge(record, Decision::Deny),
            Kind::CheckJoined | Kind::ApprovalOpened => self.judge(record, Decision::Escalate),
            Kind::ExecutionStarted => self.run(record),
            _ => {}
        }
    }

    /// What was found.
    pub fn finish(self) -> Report {
        self.report
    }

    fn judge(&mut self, record: &Record, before: Decision) {
        let counts = record.at >= self.since;
        let past: Option<Past> = Past::deserialize(&record.data).ok();
        let agent = record.agent_id.and_then(|id| self.agents.get(&id));
        let (Some(past), Some(agent)) = (past.filter(Past::was_of_policy), agent) else {
            self.report.left_out += u64::from(counts);
            return;
        };
        let proposal = past.proposal(record, agent.id);
        let blank = Question {
            agent,
            proposal: &proposal,
            context: &past.context,
            cost: &past.cost,
            task: past.task_id.as_deref(),
            purpose: Purpose::Ask,
            capability: None,
            now: record.at,
            counters: &self.counters,
        };
        let verdict = evaluate(&blank, self.book);
        if counts {
            let name = agent.name.clone();
            self.report.compare(record, (past, name), before, &verdict);
        }
        self.count(record, before, verdict);
    }

    /// Counts what the changed policy would have counted.
    fn count(&mut self, record: &Record, before: Decision, verdict: Verdict) {
        let Verdict { decision, charges, attempts, .. } = verdict;
        self.charge(attempts);
        match (decision, before, record.approval_id) {
            (Decision::Allow, _, _) => self.charge(charges),
            (Decision::Escalate, Decision::Escalate, Some(approval)) if !charges.is_empty() => {
                self.waiting.insert(approval, charges);
            }
            (Decision::Escalate | Decision::Deny, _, _) => {}
        }
    }

    /// What people said yes to has run.
    fn run(&mut self, record: &Record) {
        let charges = record.approval_id.and_then(|approval| self.waiting.remove(&approval));
        self.charge(charges.unwrap_or_default());
    }

    fn charge(&mut self, charges: Vec<Charge>) {
        for charge in charges {
            let used = self.counters.entry(charge.counter).or_default();
            *used = used.plus(charge.amount);
        }
    }
}

impl Past {
    /// Whether policy decided it: not people earlier, nor a token, nor somebody who stopped everything; and an
    /// agent's own wish asked for no verdict.
    fn was_of_policy(&self) -> bool {
        let by_others = matches!(
            self.reason_code,
            Some(
                ReasonCode::PreviouslyDenied
                    | ReasonCode::ApprovedWithEdits
                    | ReasonCode::Approved
                    | ReasonCode::InvalidToken
                    | ReasonCode::TokenExpired
                    | ReasonCode::TokenRevoked
                    | ReasonCode::CapabilityMissing
                    | ReasonCode::Frozen
            )
        );
        !by_others && self.origin.as_deref().is_none_or(|origin| origin == "check")
    }

    fn proposal(&self, record: &Record, agent: AgentId) -> Proposal {
        Proposal {
            org: record.org.clone(),
            agent,
            action: self.action.clone(),
            tool: self.tool.clone().map(|name| ToolRef { name, schema_version: None }),
            params: self.params.clone(),
        }
    }

    fn is_redacted(&self) -> bool {
        let hidden = |object: &Object| {
            serde_json::Value::Object(object.clone()).to_string().contains("[REDACTED]")
        };
        hidden(&self.params) || hidden(&self.context)
    }
}

impl Report {
    fn compare(
        &mut self,
        record: &Record,
        (past, agent): (Past, String),
        before: Decision,
        verdict: &Verdict,
    ) {
        self.judged += 1;
        self.redacted += u64::from(past.is_redacted());
        if verdict.decision == before {
            self.same += 1;
            return;
        }
        let rule = match verdict.rules.as_slice() {
            [] => verdict.reason_code.to_string(),
            rules => rules.join(", "),
        };
        let difference = Difference {
            from: word(before),
            to: word(verdict.decision),
            action: past.action,
            rule,
        };
        let group = self.differences.entry(difference).or_default();
        group.count += 1;
        if group.examples.len() < EXAMPLES {
            group.examples.push(Example {
                seq: record.seq,
                at: record.at,
                agent,
                params: past.params,
                before: past.reason.unwrap_or_else(|| {
                    past.reason_code.map(|code| code.to_string()).unwrap_or_default()
                }),
                after: verdict.reason.clone(),
            });
        }
    }
}

const fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "allow",
        Decision::Deny => "deny",
        Decision::Escalate => "escalate",
    }
}
