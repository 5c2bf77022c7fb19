//! A question to ask policy, for tests.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;
use ulid::Ulid;

use super::{Counter, Purpose, Quantity, Question};
use crate::approval::{Cost, Proposal, ToolRef};
use crate::identity::{Agent, AgentStatus, Trust};
use crate::json::Object;
use crate::{AgentId, OrgId, Revision};

/// Everything that a question is about, owned.
#[derive(Debug)]
pub(crate) struct Matter {
    pub agent: Agent,
    pub proposal: Proposal,
    pub context: Object,
    pub cost: Cost,
    pub task: Option<String>,
    pub purpose: Purpose<'static>,
    pub now: Timestamp,
    pub counters: HashMap<Counter, Quantity>,
}

impl Matter {
    /// The agent `support-bot` wants to do something, on a Saturday before noon.
    pub fn new(action: &str, params: Value) -> Self {
        let agent = Agent {
            id: AgentId::new(Ulid(1)),
            revision: Revision::FIRST,
            name: "support-bot".into(),
            version: "1.4.0".into(),
            status: AgentStatus::Active,
            trust: Trust::Standard,
            owner: None,
            created_at: Timestamp::UNIX_EPOCH,
        };
        let proposal = Proposal {
            org: OrgId::first(),
            agent: agent.id,
            action: action.parse().unwrap(),
            tool: None,
            resource: None,
            params: serde_json::from_value(params).unwrap(),
        };
        Self {
            agent,
            proposal,
            context: Object::new(),
            cost: Cost::default(),
            task: None,
            purpose: Purpose::Ask,
            now: "2026-11-21T11:30:00Z".parse().unwrap(),
            counters: HashMap::new(),
        }
    }

    /// The same with a tool.
    pub fn with_tool(mut self, name: &str) -> Self {
        self.proposal.tool = Some(ToolRef { name: name.into(), schema_version: None });
        self
    }

    /// The same at a stated cost in US dollars.
    pub fn costing(mut self, usd: &str) -> Self {
        self.cost.usd = usd.parse().unwrap();
        self
    }

    /// The question.
    pub fn question(&self) -> Question<'_> {
        Question {
            agent: &self.agent,
            proposal: &self.proposal,
            context: &self.context,
            cost: &self.cost,
            task: self.task.as_deref(),
            purpose: self.purpose,
            capability: None,
            now: self.now,
            counters: &self.counters,
        }
    }
}
