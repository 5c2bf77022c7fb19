//! Agents and tools that are named and not there.

use std::collections::BTreeSet;

use super::super::parse::nearest;
use super::super::{Document, NamePattern};
use super::{Findings, Member, World};

pub(super) fn check(set: &[Member<'_>], world: Option<&World>, findings: &mut Findings) {
    let mut agents: BTreeSet<&str> = BTreeSet::new();
    let mut tools: BTreeSet<&str> = BTreeSet::new();
    agents.extend(world.into_iter().flat_map(|world| world.agents.keys().map(String::as_str)));
    for member in set {
        match member.document() {
            Document::Agent(agent) => drop(agents.insert(&agent.name)),
            Document::Tool(tool) => drop(tools.insert(&tool.name)),
            Document::Policy(_)
            | Document::Budget(_)
            | Document::Grant(_)
            | Document::Group(_)
            | Document::Defaults(_) => {}
        }
    }
    // Without a server, agents may be registered that no document names.
    let agents = (world.is_some(), "agent", agents);
    let tools = (!tools.is_empty(), "tool", tools);
    for member in set.iter().copied() {
        for (path, kind, patterns) in named(member.document()) {
            let (known, noun, names) = if kind == Noun::Agent { &agents } else { &tools };
            if *known {
                check_names((member, &path), patterns, (noun, names), findings);
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noun {
    Agent,
    Tool,
}

/// Every list of agents or tools of a document, with its path.
fn named(document: &Document) -> Vec<(String, Noun, &[NamePattern])> {
    match document {
        Document::Policy(policy) => {
            let rules = policy.rules.iter().enumerate();
            let lists = rules.flat_map(|(index, rule)| {
                [
                    (format!("rules[{index}].agents"), Noun::Agent, rule.agents.as_slice()),
                    (format!("rules[{index}].tools"), Noun::Tool, rule.tools.as_slice()),
                ]
            });
            lists.collect()
        }
        Document::Budget(budget) => {
            vec![("scope.agents".to_owned(), Noun::Agent, budget.scope.agents.as_slice())]
        }
        Document::Grant(grant) => vec![("agents".to_owned(), Noun::Agent, grant.agents.as_slice())],
        Document::Agent(agent) => {
            let tools = agent.manifest.as_ref().and_then(|manifest| manifest.tools.as_deref());
            vec![("manifest.tools".to_owned(), Noun::Tool, tools.unwrap_or_default())]
        }
        Document::Tool(_) | Document::Group(_) | Document::Defaults(_) => Vec::new(),
    }
}

fn check_names(
    (member, path): (Member<'_>, &str),
    patterns: &[NamePattern],
    (noun, names): (&str, &BTreeSet<&str>),
    findings: &mut Findings,
) {
    for (index, pattern) in patterns.iter().enumerate() {
        if names.iter().any(|name| pattern.matches(name)) {
            continue;
        }
        let message = if pattern.is_exact() {
            format!("there is no {noun} `{pattern}`")
        } else {
            format!("no {noun} has a name like `{pattern}`")
        };
        findings.warning(member, &format!("{path}[{index}]"), &message);
        findings.suggest(nearest(pattern.as_str(), names.iter().copied()));
    }
}
