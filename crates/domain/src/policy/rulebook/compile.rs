//! Making a rulebook ready, and why that fails.

use std::collections::{HashMap, HashSet};

use super::super::document::{
    ApprovalDemand, Budget, Document, DocumentKind, Grant, OnTimeoutDocument, Policy,
    PolicyDefault, Rule, RuleEffect, StageDocument, Tool,
};
use super::super::{Permission, Quantity, ReasonCode};
use super::agent::ReadyAgent;
use super::rule::{ReadyBudget, ReadyGrant, ReadyRule};
use super::tool::ReadyTool;
use super::{Rulebook, Strictest};
use crate::approval::Risk;
use crate::policy::condition::Condition;
use crate::{AgentId, Settings};

/// What a rulebook is made of.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// What holds where nothing else is said.
    pub settings: Settings,
    /// What agents may do by their permissions.
    pub permissions: Vec<Permission>,
    /// The agents there are, by name.
    pub agents: HashMap<String, AgentId>,
    /// The active documents.
    pub documents: Vec<Document>,
}

/// Why a set of documents cannot be used: something in one of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} `{name}`, {path}: {message}", .kind.as_str())]
pub struct CompileError {
    /// The kind of the document.
    pub kind: DocumentKind,
    /// Its name.
    pub name: String,
    /// Where in it, as `rules[0].when`.
    pub path: String,
    /// What is wrong and what to do about it.
    pub message: String,
}

/// Collects what is wrong with one document.
pub(super) struct Problems<'a> {
    kind: DocumentKind,
    name: String,
    found: &'a mut Vec<CompileError>,
}

impl Problems<'_> {
    /// Notes a problem at a place.
    pub fn at(&mut self, path: impl Into<String>, message: impl Into<String>) {
        let (path, message) = (path.into(), message.into());
        self.found.push(CompileError { kind: self.kind, name: self.name.clone(), path, message });
    }

    /// Notes a problem unless something holds.
    pub fn unless(&mut self, holds: bool, path: impl Into<String>, message: &str) {
        if !holds {
            self.at(path, message);
        }
    }

    /// Compiles a condition, if there is one.
    pub fn condition(&mut self, path: String, source: Option<&str>) -> Option<Condition> {
        match Condition::compile(source?) {
            Ok(condition) => Some(condition),
            Err(why) => {
                self.at(path, why);
                None
            }
        }
    }
}

/// Adds every document to the rulebook, and says everything that is wrong.
pub(super) fn add_documents(book: &mut Rulebook, documents: &[Document]) -> Vec<CompileError> {
    let mut found = Vec::new();
    let mut names = HashSet::new();
    for document in documents {
        let (kind, name) = (document.kind(), document.name().to_owned());
        let mut problems = Problems { kind, name: name.clone(), found: &mut found };
        problems.unless(!name.trim().is_empty(), "name", "it needs a name");
        problems.unless(
            names.insert((kind, name)),
            "name",
            "there are two with this name; rename one",
        );
        match document {
            Document::Agent(agent) => {
                let ready = ReadyAgent::new(agent, &mut problems);
                book.agents.insert(agent.name.clone(), ready);
            }
            Document::Policy(policy) => add_policy(book, policy, &mut problems),
            Document::Budget(budget) => add_budget(book, budget, &mut problems),
            Document::Grant(grant) => add_grant(book, grant, &mut problems),
            Document::Tool(tool) => add_tool(book, tool, &mut problems),
            Document::Group(_) | Document::Defaults(_) => {}
        }
    }
    found
}

fn add_policy(book: &mut Rulebook, policy: &Policy, problems: &mut Problems<'_>) {
    if let Some(default) = policy.default
        && book.default.as_ref().is_none_or(|strictest| strictest.default < default)
    {
        book.default = Some(Strictest::new(default, &policy.name));
    }
    let mut names = HashSet::new();
    for (place, rule) in policy.rules.iter().enumerate() {
        let path = format!("rules[{place}]");
        problems.unless(!rule.name.trim().is_empty(), format!("{path}.name"), "it needs a name");
        let fresh = names.insert(rule.name.as_str());
        problems.unless(fresh, format!("{path}.name"), "two rules have this name; rename one");
        check_rule(rule, &path, problems);
        let condition = problems.condition(format!("{path}.when"), rule.when.as_deref());
        book.rule_index.push(&rule.agents, &rule.actions);
        book.rules.push(ReadyRule::new(&policy.name, rule.clone(), condition));
    }
}

fn check_rule(rule: &Rule, path: &str, problems: &mut Problems<'_>) {
    if let Some(ReasonCode::Own(code)) = &rule.reason_code {
        let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let good = !code.is_empty() && code.len() <= 64 && code.chars().all(plain);
        let message = "a reason code has upper-case letters, digits and `_`, as `WIRE_TRANSFER`";
        problems.unless(good, format!("{path}.reason_code"), message);
    }
    let Some(demand) = &rule.approval else { return };
    let asks = rule.verdict == RuleEffect::Escalate;
    let message = "only a rule with `verdict: escalate` demands something of people";
    problems.unless(asks, format!("{path}.approval"), message);
    check_demand(demand, &format!("{path}.approval"), problems);
}

fn check_demand(demand: &ApprovalDemand, path: &str, problems: &mut Problems<'_>) {
    for (place, stage) in demand.stages.iter().enumerate() {
        check_stage(stage, &format!("{path}.stages[{place}]"), problems);
    }
    if let Some(OnTimeoutDocument::Escalate(levels)) = &demand.on_timeout {
        let path = format!("{path}.on_timeout.escalate");
        problems.unless(!levels.is_empty(), &path, "it names no further people");
        for (place, level) in levels.iter().enumerate() {
            let someone = !level.groups.is_empty() || !level.people.is_empty();
            problems.unless(
                someone,
                format!("{path}[{place}]"),
                "it names neither groups nor people",
            );
        }
    }
}

fn check_stage(stage: &StageDocument, path: &str, problems: &mut Problems<'_>) {
    problems.unless(stage.need >= 1, format!("{path}.need"), "at least 1 yes is needed");
    let people: HashSet<_> = stage.people.iter().collect();
    let met = !stage.groups.is_empty() || people.is_empty() || people.len() >= stage.need;
    problems.unless(met, format!("{path}.need"), "more yeses are needed than people are named");
}

fn add_budget(book: &mut Rulebook, budget: &Budget, problems: &mut Problems<'_>) {
    let countable = Quantity::of(budget.limit).filter(|limit| limit.0 >= 0);
    problems.unless(countable.is_some(), "limit", "it must be from 0 to 1000000000");
    book.budget_index.push(&budget.scope.agents, &budget.scope.actions);
    book.budgets.push(ReadyBudget::new(budget.clone(), countable.unwrap_or_default()));
}

fn add_grant(book: &mut Rulebook, grant: &Grant, problems: &mut Problems<'_>) {
    let limit = &grant.limit;
    let limited = limit.uses.is_some() || limit.usd.is_some();
    problems.unless(
        limited,
        "limit",
        "it needs `uses`, `usd` or both; nothing is granted without end",
    );
    let usd = limit.usd.map(|usd| Quantity::of(usd).filter(|usd| usd.0 >= 0));
    problems.unless(usd != Some(None), "limit.usd", "it must be from 0 to 1000000000");
    problems.unless(!grant.agents.is_empty(), "agents", "name at least one agent or pattern");
    problems.unless(!grant.actions.is_empty(), "actions", "name at least one action or pattern");
    let coverable = grant.risk_at_most < Risk::Critical;
    problems.unless(
        coverable,
        "risk_at_most",
        "critical risk is never covered; write `high` or less",
    );
    let condition = problems.condition("when".to_owned(), grant.when.as_deref());
    book.grant_index.push(&grant.agents, &grant.actions);
    book.grants.push(ReadyGrant::new(grant.clone(), condition, usd.flatten()));
}

fn add_tool(book: &mut Rulebook, tool: &Tool, problems: &mut Problems<'_>) {
    let place = book.tools.len();
    book.tool_index.push(&[], std::slice::from_ref(&tool.action));
    book.tools_by_name.insert(tool.name.clone(), place);
    book.tools.push(ReadyTool::new(tool, problems));
}

impl Strictest {
    fn new(default: PolicyDefault, policy: &str) -> Self {
        let says = match default {
            PolicyDefault::Allow => "allows it",
            PolicyDefault::Escalate => "asks a person",
            PolicyDefault::Deny => "refuses it",
        };
        let sentence = format!("no rule matches, and the default of policy `{policy}` {says}");
        Self { default, sentence: sentence.into() }
    }
}
