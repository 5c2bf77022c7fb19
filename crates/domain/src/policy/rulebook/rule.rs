//! Rules, budgets and grants, made ready.

use std::sync::Arc;

use super::super::document::{Budget, Grant, Rule, RuleEffect, Unit, Window};
use super::super::{Counter, Quantity, Question, ReasonCode};
use crate::approval::Risk;
use crate::policy::condition::Condition;

/// A rule with its condition compiled and its sentences written.
#[derive(Debug)]
pub(in crate::policy) struct ReadyRule {
    /// As it was written.
    pub rule: Rule,
    /// `policy/rule`.
    pub label: Arc<str>,
    /// Its condition.
    pub condition: Option<Condition>,
    /// What it says, in a sentence.
    pub sentence: Arc<str>,
    /// What callers are told.
    pub reason: Arc<str>,
    /// The code that callers see.
    pub code: ReasonCode,
}

impl ReadyRule {
    /// Makes a rule ready.
    pub fn new(policy: &str, rule: Rule, condition: Option<Condition>) -> Self {
        let label = format!("{policy}/{}", rule.name);
        let says = match rule.verdict {
            RuleEffect::Allow => "allows it",
            RuleEffect::Escalate => "asks a person",
            RuleEffect::Deny => "denies it",
        };
        let sentence = match &condition {
            Some(condition) => format!("rule `{label}` {says}: `{}` holds", condition.source()),
            None => format!("rule `{label}` {says}"),
        };
        let reason = rule.message.clone().unwrap_or_else(|| format!("rule `{label}` {says}"));
        let code = rule.reason_code.clone().unwrap_or_else(|| code(&rule));
        Self {
            label: label.into(),
            condition,
            sentence: sentence.into(),
            reason: reason.into(),
            code,
            rule,
        }
    }
}

fn code(rule: &Rule) -> ReasonCode {
    match rule.verdict {
        RuleEffect::Allow => ReasonCode::AllowedByPolicy,
        RuleEffect::Deny => ReasonCode::PolicyDenied,
        RuleEffect::Escalate if rule.trust_at_most.is_some() => ReasonCode::TrustLevel,
        RuleEffect::Escalate if rule.risk >= Some(Risk::High) => ReasonCode::HighRiskAction,
        RuleEffect::Escalate => ReasonCode::RequiresApproval,
    }
}

/// A budget with its limits in what is counted.
#[derive(Debug)]
pub(in crate::policy) struct ReadyBudget {
    /// As it was written.
    pub budget: Budget,
    /// Its name.
    pub name: Arc<str>,
    /// What is counted, to begin a sentence.
    pub what: Arc<str>,
    /// What must not be passed.
    pub limit: Quantity,
    /// From which use on a person is asked.
    pub ask_from: Option<Quantity>,
    /// The name of the counter that all share; nothing where someone has a limit for themselves.
    shared: Option<String>,
}

impl ReadyBudget {
    /// Makes a budget ready.
    pub fn new(budget: Budget, limit: Quantity) -> Self {
        let unit = match budget.unit {
            Unit::Actions => "actions",
            Unit::Usd => "usd",
            Unit::Tokens => "tokens",
        };
        let share = |percent: i64| limit.0.saturating_mul(percent).saturating_add(99) / 100;
        Self {
            name: budget.name.as_str().into(),
            what: format!("budget `{}` in {unit}, with this:", budget.name).into(),
            limit,
            ask_from: budget.escalate_at.map(|percent| Quantity(share(i64::from(percent.0)))),
            shared: budget.scope.per.is_empty().then(|| budget.counter_name()),
            budget,
        }
    }

    /// The counter that a question counts against, as [`Budget::counter`] names it.
    pub fn counter(&self, question: &Question<'_>) -> Counter {
        match &self.shared {
            Some(name) => Counter { name: name.clone(), since: self.budget.since(question.now) },
            None => self.budget.counter(question),
        }
    }
}

/// A grant with its condition compiled.
#[derive(Debug)]
pub(in crate::policy) struct ReadyGrant {
    /// As it was written.
    pub grant: Grant,
    /// Its condition.
    pub condition: Option<Condition>,
    /// How much money it covers.
    pub usd: Option<Quantity>,
    /// How many runs it covers.
    pub uses: Option<Quantity>,
}

impl ReadyGrant {
    /// Makes a grant ready.
    pub fn new(grant: Grant, condition: Option<Condition>, usd: Option<Quantity>) -> Self {
        let uses = grant.limit.uses.and_then(|uses| Quantity::whole(u64::from(uses)));
        Self { grant, condition, usd, uses }
    }

    /// What it is called: one that refills is a trust budget.
    pub const fn noun(&self) -> &'static str {
        match self.grant.limit.window {
            Window::Total => "grant",
            Window::Hour | Window::Day | Window::Week | Window::Month => "trust budget",
        }
    }
}
