//! Everything policy looks at, made ready once and then only read.

mod agent;
mod compile;
mod counted;
mod index;
mod place;
mod rule;
mod schema;
mod tool;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub(super) use self::agent::{ReadyAgent, ReadyManifest};
pub use self::compile::{CompileError, Parts};
pub(super) use self::counted::{Attempt, attempts, grant_counters, history, runs, seen};
pub(super) use self::place::Place;
pub(super) use self::rule::{ReadyBudget, ReadyGrant, ReadyRule};
pub(super) use self::tool::ReadyTool;

use self::index::Index;
use super::condition::Variable;
use super::document::{Document, PolicyDefault};
use super::{Counter, Freeze, Permission, Question};
use crate::approval::Proposal;
use crate::json::Object;
use crate::names::Look;
use crate::{Action, AgentId, Money, Settings};

/// The active documents, permissions and settings of an organization, made ready for evaluation.
#[derive(Debug)]
pub struct Rulebook {
    settings: Settings,
    permissions: HashMap<AgentId, Vec<Permission>>,
    documents: Vec<Document>,
    freezes: Vec<Freeze>,
    active: HashMap<AgentId, Arc<str>>,
    agents: HashMap<String, ReadyAgent>,
    rules: Vec<ReadyRule>,
    rule_index: Index,
    default: Option<Strictest>,
    budgets: Vec<ReadyBudget>,
    budget_index: Index,
    grants: Vec<ReadyGrant>,
    grant_index: Index,
    tools: Vec<ReadyTool>,
    tools_by_name: HashMap<String, usize>,
    tool_index: Index,
    /// What some condition speaks of, among what is counted.
    looked_at: Vec<Variable>,
}

/// The strictest default of all policies.
#[derive(Debug)]
pub(super) struct Strictest {
    /// What it says.
    pub default: PolicyDefault,
    /// The same in a sentence, with the policy that says it.
    pub sentence: Arc<str>,
}

impl Rulebook {
    /// Makes ready what is active, or says everything that is wrong with it.
    pub fn compile(parts: Parts) -> Result<Self, Vec<CompileError>> {
        let mut permissions: HashMap<AgentId, Vec<Permission>> = HashMap::new();
        for permission in parts.permissions {
            permissions.entry(permission.agent).or_default().push(permission);
        }
        let active =
            |(name, id): (&String, &AgentId)| (*id, format!("agent `{name}` is active").into());
        let mut book = Self {
            settings: parts.settings,
            permissions,
            documents: Vec::new(),
            freezes: Vec::new(),
            active: parts.agents.iter().map(active).collect(),
            agents: HashMap::new(),
            rules: Vec::new(),
            rule_index: Index::default(),
            default: None,
            budgets: Vec::new(),
            budget_index: Index::default(),
            grants: Vec::new(),
            grant_index: Index::default(),
            tools: Vec::new(),
            tools_by_name: HashMap::new(),
            tool_index: Index::default(),
            looked_at: Vec::new(),
        };
        let errors = compile::add_documents(&mut book, &parts.documents);
        if !errors.is_empty() {
            return Err(errors);
        }
        let rules = book.rules.iter().map(|rule| rule.condition.as_ref());
        let grants = book.grants.iter().map(|grant| grant.condition.as_ref());
        let conditions: Vec<_> = rules.chain(grants).flatten().collect();
        let is_looked_at = |of: &Variable| conditions.iter().any(|c| c.mentions(*of));
        book.looked_at =
            [Variable::History, Variable::Budget].into_iter().filter(is_looked_at).collect();
        book.documents = parts.documents;
        Ok(book)
    }

    /// The same, with what is frozen.
    pub fn frozen_by(self, freezes: Vec<Freeze>) -> Self {
        Self { freezes, ..self }
    }

    /// The freeze that stops this, if one does.
    pub fn freeze(&self, agent: AgentId, action: &Action) -> Option<&Freeze> {
        self.freezes.iter().find(|freeze| freeze.stops(agent, action))
    }

    /// Everything that is frozen.
    pub fn freezes(&self) -> &[Freeze] {
        &self.freezes
    }

    /// The settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What an agent may do by its permissions.
    pub fn permissions(&self, agent: AgentId) -> &[Permission] {
        self.permissions.get(&agent).map_or(&[], Vec::as_slice)
    }

    /// The active documents.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The counters that have to be known to answer a question; often none.
    pub fn counters(&self, question: &Question<'_>) -> Vec<Counter> {
        counted::needed(self, question)
    }

    /// The amount that these parameters of an agent state: where its manifest says, else as `amount`.
    pub fn amount_in(&self, agent: &str, params: &Object) -> Option<Money> {
        let manifest = self.agent(agent).and_then(|agent| agent.manifest.as_ref());
        Self::amount_under(manifest, params)
    }

    /// The same, of an agent with this manifest.
    pub(super) fn amount_under(manifest: Option<&ReadyManifest>, params: &Object) -> Option<Money> {
        let stated = match manifest.and_then(|manifest| manifest.amount.as_ref()) {
            Some((place, _)) => place.find(params),
            None => params.get("amount"),
        };
        stated.and_then(Money::of)
    }

    /// That an agent is active, in a sentence.
    pub(super) fn active(&self, agent: AgentId) -> Option<&Arc<str>> {
        self.active.get(&agent)
    }

    /// The document of an agent.
    pub(super) fn agent(&self, name: &str) -> Option<&ReadyAgent> {
        self.agents.get(name)
    }

    /// Why the manifest of an agent does not permit an action; `None` where it does, or there is none.
    pub fn not_permitted(&self, agent: &str, action: &Action) -> Option<String> {
        self.agent(agent)?.manifest.as_ref()?.permitted(action).err()
    }

    /// The strictest default of all policies, if one has any.
    pub(super) const fn default(&self) -> Option<&Strictest> {
        self.default.as_ref()
    }

    /// The rules for this agent and action; tools, trust and conditions are still to be looked at.
    pub(super) fn rules(&self, question: &Question<'_>) -> impl Iterator<Item = &ReadyRule> {
        let places = self.rule_index.matching(&question.agent.name, &question.proposal.action);
        places.into_iter().filter_map(|place| self.rules.get(place))
    }

    /// The budgets that it counts against.
    pub(super) fn budgets(&self, question: &Question<'_>) -> impl Iterator<Item = &ReadyBudget> {
        let places = self.budget_index.matching(&question.agent.name, &question.proposal.action);
        let for_task = move |budget: &&ReadyBudget| {
            let tasks = &budget.budget.scope.tasks;
            tasks.is_empty()
                || question.task.is_some_and(|task| tasks.iter().any(|name| name.matches(task)))
        };
        places.into_iter().filter_map(|place| self.budgets.get(place)).filter(for_task)
    }

    /// The grants for this agent and action.
    pub(super) fn grants(&self, question: &Question<'_>) -> Vec<&ReadyGrant> {
        let places = self.grant_index.matching(&question.agent.name, &question.proposal.action);
        let grants = places.into_iter().filter_map(|place| self.grants.get(place));
        let action = &question.proposal.action;
        grants.filter(|it| it.grant.actions.iter().any(|p| p.permits(action))).collect()
    }

    /// The tools that it is about: the one that is named, and all that stand for the action unless the named
    /// one does itself, so that naming another tool, or none, makes nothing easier.
    pub(super) fn tools(&self, question: &Question<'_>) -> Vec<&ReadyTool> {
        self.tools_of(question.proposal)
    }

    /// The names of parameters that the schemas of its tools hide.
    pub fn hidden_in(&self, proposal: &Proposal) -> Vec<String> {
        let tools = self.tools_of(proposal);
        let names: BTreeSet<&String> = tools.into_iter().flat_map(|tool| &tool.hidden).collect();
        names.into_iter().cloned().collect()
    }

    /// The tool that a name is taken for which names none.
    pub(super) fn tool_taken_for(&self, name: &str) -> Option<&str> {
        if self.tools.is_empty() || self.tools_by_name.contains_key(name) {
            return None;
        }
        let look = Look::of(name);
        let other = self.tools.iter().find(|tool| tool.look.is_taken_for(&look))?;
        Some(other.tool.name.as_str())
    }

    fn tools_of(&self, proposal: &Proposal) -> Vec<&ReadyTool> {
        if self.tools.is_empty() {
            return Vec::new();
        }
        let action = &proposal.action;
        let named = proposal.tool.as_ref();
        let named = named.and_then(|tool| self.tools_by_name.get(&tool.name)).copied();
        let covers = |place: usize| {
            self.tools.get(place).is_some_and(|tool| tool.tool.action.matches(action))
        };
        let mut places = match named {
            Some(place) if covers(place) => Vec::new(),
            Some(_) | None => self.tool_index.matching("", action),
        };
        places.retain(|place| Some(*place) != named && covers(*place));
        let all = named.into_iter().chain(places);
        all.filter_map(|place| self.tools.get(place)).collect()
    }
}
