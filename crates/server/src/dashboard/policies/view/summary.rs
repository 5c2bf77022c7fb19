//! What a document says, in one line.

use countersign_domain::ActionPattern;
use countersign_domain::policy::document::{
    AgentDocument, Budget, Defaults, Document, Grant, Group, NamePattern, Policy, RuleEffect, Tool,
};

use crate::dashboard::budgets::amount;

/// What a document says, in one line.
pub(in crate::dashboard) fn summary(document: &Document) -> String {
    match document {
        Document::Policy(policy) => rules(policy),
        Document::Agent(agent) => self::agent(agent),
        Document::Budget(budget) => self::budget(budget),
        Document::Grant(grant) => self::grant(grant),
        Document::Tool(tool) => self::tool(tool),
        Document::Group(group) => members(group),
        Document::Defaults(defaults) => governed(defaults),
    }
}

fn rules(policy: &Policy) -> String {
    let count = |effect| policy.rules.iter().filter(|rule| rule.verdict == effect).count();
    let parts = [
        (count(RuleEffect::Allow), "allows", "allow"),
        (count(RuleEffect::Escalate), "asks people", "ask people"),
        (count(RuleEffect::Deny), "denies", "deny"),
    ];
    let said = parts.iter().filter(|(count, ..)| *count > 0);
    let said: Vec<String> = said.map(|(count, one, more)| counted(*count, one, more)).collect();
    let rules = counted(policy.rules.len(), "rule", "rules");
    let said = if said.is_empty() { rules } else { format!("{rules}: {}", said.join(", ")) };
    match &policy.description {
        Some(text) => format!("{text} ({said})"),
        None => said,
    }
}

fn agent(agent: &AgentDocument) -> String {
    match &agent.manifest {
        None => "no manifest".to_owned(),
        Some(manifest) => {
            let actions: Vec<&str> = manifest.actions.iter().map(ActionPattern::as_str).collect();
            format!("may ask for {}", few(&actions))
        }
    }
}

fn budget(budget: &Budget) -> String {
    format!("{} per {}", amount(budget.limit, Some(budget.unit)), word(&budget.window))
        .replace(" per total", " in all")
}

fn grant(grant: &Grant) -> String {
    let agents: Vec<&str> = grant.agents.iter().map(NamePattern::as_str).collect();
    let actions: Vec<&str> = grant.actions.iter().map(ActionPattern::as_str).collect();
    format!("{} for {}", few(&actions), few(&agents))
}

fn tool(tool: &Tool) -> String {
    tool.description.clone().unwrap_or_else(|| "no description".to_owned())
}

fn members(group: &Group) -> String {
    counted(group.members.len(), "member", "members")
}

fn governed(defaults: &Defaults) -> String {
    let fields: Vec<String> =
        defaults.governs().iter().map(|field| field.replace('_', " ")).collect();
    if fields.is_empty() { "nothing".to_owned() } else { fields.join(", ") }
}

/// The first few of some words.
fn few(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one, two, three, _, ..] => format!("{one}, {two}, {three} and others"),
        all => all.join(", "),
    }
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// The public name of a window.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).ok();
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
