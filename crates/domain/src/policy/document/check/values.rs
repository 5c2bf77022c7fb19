//! What is written but cannot be meant, within one document.

use super::super::{AgentDocument, Defaults, Document, Grant, Policy, Rule, RuleEffect, Unit};
use super::{Findings, Member};
use crate::approval::Risk;
use crate::identity::is_agent_name;
use crate::policy::Quantity;

pub(super) fn check(member: Member<'_>, findings: &mut Findings) {
    let name = member.document().name();
    if !is_agent_name(name) {
        let message =
            format!("`{name}` is not a name: use 1 to 100 of a-z A-Z 0-9 - _ . @ and inner spaces");
        findings.error(member, "name", &message);
    }
    match member.document() {
        Document::Agent(agent) => check_agent(member, agent, findings),
        Document::Policy(policy) => check_policy(member, policy, findings),
        Document::Grant(grant) => check_grant(member, grant, findings),
        Document::Defaults(defaults) => check_defaults(member, defaults, findings),
        Document::Budget(budget) => {
            if budget.limit <= crate::Money::default() {
                findings.error(member, "limit", "a limit has to be more than 0");
            } else if budget.unit != Unit::Usd && !budget.limit.0.is_integer() {
                let what = if budget.unit == Unit::Tokens { "tokens" } else { "actions" };
                let message = format!("only whole {what} are counted: write a whole number");
                findings.error(member, "limit", &message);
            } else if Quantity::of(budget.limit).is_none() {
                findings.error(member, "limit", "more than a billion cannot be counted");
            }
        }
        Document::Tool(_) | Document::Group(_) => {}
    }
}

fn check_agent(member: Member<'_>, agent: &AgentDocument, findings: &mut Findings) {
    let Some(manifest) = &agent.manifest else { return };
    if manifest.actions.is_empty() {
        findings.warning(
            member,
            "manifest.actions",
            "no action at all: everything will be refused",
        );
    }
    if let Some(amount) = &manifest.amount
        && let (Some(cap), Some(above)) = (amount.cap, amount.escalate_above)
        && above >= cap
    {
        let message = format!("never reached: more than the cap of {cap} is refused before");
        findings.warning(member, "manifest.amount.escalate_above", &message);
    }
    if let Some(other) = &manifest.counterparty
        && other.allowed.is_empty()
        && other.blocked.is_empty()
        && !other.escalate_new
    {
        let message = "no limit: add `allowed`, `blocked` or `escalate_new`";
        findings.warning(member, "manifest.counterparty", message);
    }
    if let Some(hours) = &manifest.hours
        && hours.from == hours.to
    {
        findings.error(
            member,
            "manifest.hours.to",
            "the hours end when they begin: write another end",
        );
    }
    if let Some(rate) = &manifest.rate
        && rate.per_hour.is_none()
        && rate.per_day.is_none()
        && rate.every.is_none()
    {
        findings.warning(member, "manifest.rate", "no limit: add `per_hour`, `per_day` or `every`");
    }
}

fn check_policy(member: Member<'_>, policy: &Policy, findings: &mut Findings) {
    for (index, rule) in policy.rules.iter().enumerate() {
        let path = format!("rules[{index}]");
        if rule.when.as_deref().map(str::trim) == Some("false") {
            findings.warning(
                member,
                &format!("{path}.when"),
                "never holds, so the rule never matches",
            );
        }
        let above = |other: &&Rule| other.name != rule.name && covers(other, rule);
        if rule.verdict != RuleEffect::Deny
            && let Some(other) = policy.rules.iter().find(above)
        {
            let message =
                format!("never decides: the rule `{}` denies all that it matches", other.name);
            findings.warning(member, &path, &message);
        }
    }
}

/// Whether one rule denies, without a condition, everything that another matches.
fn covers(denying: &Rule, other: &Rule) -> bool {
    fn all<T: PartialEq>(wide: &[T], narrow: &[T]) -> bool {
        wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|one| wide.contains(one)))
    }
    denying.verdict == RuleEffect::Deny
        && denying.when.is_none()
        && denying.trust_at_most.is_none()
        && all(&denying.actions, &other.actions)
        && all(&denying.agents, &other.agents)
        && all(&denying.tools, &other.tools)
}

fn check_grant(member: Member<'_>, grant: &Grant, findings: &mut Findings) {
    let limit = &grant.limit;
    if limit.uses.is_none() && limit.usd.is_none() {
        findings.error(member, "limit", "a grant needs a limit: give `uses`, `usd` or both");
    }
    if limit.uses == Some(0) {
        findings.error(member, "limit.uses", "a limit has to be more than 0");
    }
    if limit.usd.is_some_and(|usd| usd <= crate::Money::default()) {
        findings.error(member, "limit.usd", "a limit has to be more than 0");
    }
    if grant.risk_at_most == Risk::Critical {
        let message = "no grant covers critical risk: write `high` or less";
        findings.error(member, "risk_at_most", message);
    }
}

fn check_defaults(member: Member<'_>, defaults: &Defaults, findings: &mut Findings) {
    if defaults.pending_per_agent == Some(0) {
        let message = "at least 1, or no agent could ask; switch agents off one by one instead";
        findings.error(member, "pending_per_agent", message);
    }
}
