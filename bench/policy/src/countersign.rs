//! Countersign: the whole evaluation, with its trace, a manifest and a budget.

use std::collections::HashMap;

use anyhow::{Result, anyhow};
use countersign_domain::approval::{Cost, Proposal};
use countersign_domain::identity::{Agent, AgentStatus, Trust};
use countersign_domain::json::Object;
use countersign_domain::policy::document::Document;
use countersign_domain::policy::{Counter, Decision, Parts, Purpose, Quantity, Question, Rulebook, evaluate};
use countersign_domain::{AgentId, OrgId, Revision};
use jiff::Timestamp;
use serde_json::json;
use ulid::Ulid;

use crate::{Check, Engine, Rule};

/// Questions that are ready to be asked.
pub struct Countersign {
    rulebook: Rulebook,
    matters: Vec<(Agent, Proposal)>,
    counters: HashMap<Counter, Quantity>,
    now: Timestamp,
}

impl Countersign {
    pub fn new(rules: &[Rule], checks: &[Check]) -> Result<Self> {
        let rule = |(n, rule): (usize, &Rule)| {
            let mut document = json!({
                "name": format!("rule-{n}"), "agents": [rule.agent], "actions": [rule.action], "verdict": "allow",
            });
            if let Some(cap) = rule.cap {
                document["when"] = json!(format!("params.amount <= {cap}"));
            }
            document
        };
        let rules: Vec<_> = rules.iter().enumerate().map(rule).collect();
        let documents: Vec<Document> = serde_json::from_value(json!([
            {"kind": "Policy", "name": "bench", "default": "deny", "rules": rules},
            {"kind": "Budget", "name": "daily", "unit": "actions", "limit": 1_000_000, "window": "day"},
        ]))?;
        let mut names: Vec<String> = checks.iter().map(|check| check.agent.clone()).collect();
        names.sort();
        names.dedup();
        let agents: HashMap<String, AgentId> =
            names.into_iter().zip(1..).map(|(name, n)| (name, AgentId::new(Ulid(n)))).collect();
        let matter = |check: &Check| -> Result<(Agent, Proposal)> {
            let id = agents.get(&check.agent).copied().ok_or_else(|| anyhow!("no agent"))?;
            let agent = Agent {
                id,
                revision: Revision::FIRST,
                name: check.agent.clone(),
                version: String::new(),
                status: AgentStatus::Active,
                trust: Trust::Standard,
                owner: None,
                created_at: Timestamp::UNIX_EPOCH,
            };
            let params = serde_json::from_value(json!({"amount": check.amount, "customer": "cus_1", "note": "thanks"}))?;
            let proposal =
                Proposal { org: OrgId::first(), agent: id, action: check.action.parse()?, tool: None, resource: None, params };
            Ok((agent, proposal))
        };
        let matters = checks.iter().map(matter).collect::<Result<_>>()?;
        let parts = Parts { agents, documents, ..Parts::default() };
        let rulebook = Rulebook::compile(parts).map_err(|errors| anyhow!("{errors:?}"))?;
        let now = "2026-11-21T11:30:00Z".parse()?;
        Ok(Self { rulebook, matters, counters: HashMap::new(), now })
    }
}

impl Engine for Countersign {
    fn name(&self) -> &'static str {
        "countersign"
    }

    fn allows(&mut self, check: usize) -> bool {
        let (agent, proposal) = &self.matters[check];
        let question = Question {
            agent,
            proposal,
            context: &Object::new(),
            cost: &Cost::default(),
            task: None,
            purpose: Purpose::Ask,
            capability: None,
            now: self.now,
            counters: &self.counters,
        };
        let verdict = evaluate(&question, &self.rulebook);
        verdict.decision == Decision::Allow
    }
}
