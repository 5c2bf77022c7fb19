//! Finding what speaks for an agent and an action without looking at everything there is.

use std::collections::HashMap;

use super::super::document::NamePattern;
use crate::{Action, ActionPattern};

/// Places of things in a list, found by the agents and actions that they name. Exact names are looked up;
/// patterns are tried one by one, and only those whose first segment fits.
#[derive(Debug, Default)]
pub(in crate::policy) struct Index {
    by_agent: HashMap<String, ByAction>,
    /// Those that name no agent, or agents by pattern, which are tried.
    by_action: ByAction,
    agents: Vec<Vec<NamePattern>>,
}

#[derive(Debug, Default)]
struct ByAction {
    exact: HashMap<String, Vec<usize>>,
    first: HashMap<String, Vec<(ActionPattern, usize)>>,
    other: Vec<(ActionPattern, usize)>,
    any: Vec<usize>,
}

impl Index {
    /// Adds the next thing: the agents and actions that it is for. Nothing named means all.
    pub fn push(&mut self, agents: &[NamePattern], actions: &[ActionPattern]) {
        let place = self.agents.len();
        self.agents.push(agents.to_vec());
        if agents.is_empty() || agents.iter().any(|agent| !agent.is_exact()) {
            self.by_action.push(place, actions);
            return;
        }
        for agent in agents {
            self.by_agent.entry(agent.as_str().to_owned()).or_default().push(place, actions);
        }
    }

    /// The places of everything that is for this agent and action, in order.
    pub fn matching(&self, agent: &str, action: &Action) -> Vec<usize> {
        let mut places = Vec::new();
        if self.agents.is_empty() {
            return places;
        }
        self.by_action.collect(action, &mut places);
        places.retain(|place| {
            let agents = self.agents.get(*place).map_or(&[][..], Vec::as_slice);
            agents.is_empty() || agents.iter().any(|pattern| pattern.matches(agent))
        });
        if let Some(by_action) = self.by_agent.get(agent) {
            by_action.collect(action, &mut places);
        }
        places.sort_unstable();
        places.dedup();
        places
    }
}

impl ByAction {
    fn push(&mut self, place: usize, actions: &[ActionPattern]) {
        if actions.is_empty() {
            self.any.push(place);
        }
        for pattern in actions {
            let text = pattern.as_str();
            if pattern.is_exact() {
                self.exact.entry(pattern.plain().into_owned()).or_default().push(place);
            } else if let Some(first) = pattern.first_segment() {
                self.first.entry(first.into_owned()).or_default().push((pattern.clone(), place));
            } else if text == "**" {
                self.any.push(place);
            } else {
                self.other.push((pattern.clone(), place));
            }
        }
    }

    fn collect(&self, action: &Action, places: &mut Vec<usize>) {
        places.extend(&self.any);
        let plain = action.plain();
        if let Some(exact) = self.exact.get(plain.as_ref()) {
            places.extend(exact);
        }
        let mut tried = |patterns: &[(ActionPattern, usize)]| {
            let covering = patterns.iter().filter(|(pattern, _)| pattern.matches(action));
            places.extend(covering.map(|(_, place)| place));
        };
        tried(&self.other);
        if let Some(patterns) = self.first.get(plain.split('.').next().unwrap_or_default()) {
            tried(patterns);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_exactly_what_matching_one_by_one_finds() {
        let agents: [&[&str]; 5] = [&[], &["bot"], &["bot", "other"], &["b*"], &["other", "*t"]];
        let actions: [&[&str]; 7] =
            [&[], &["A.b"], &["a.*"], &["**"], &["*.b", "a.b"], &["A.**", "x"], &["**.c"]];
        let mut index = Index::default();
        let mut all = Vec::new();
        for agents in agents {
            for actions in actions {
                let agents: Vec<NamePattern> = agents.iter().map(|a| a.parse().unwrap()).collect();
                let actions: Vec<ActionPattern> =
                    actions.iter().map(|a| a.parse().unwrap()).collect();
                index.push(&agents, &actions);
                all.push((agents, actions));
            }
        }
        for agent in ["bot", "other", "third"] {
            for action in ["a.b", "a:B", "a", "X", "a.b.c", "A.x"] {
                let action: Action = action.parse().unwrap();
                let covers = |(agents, actions): &(Vec<NamePattern>, Vec<ActionPattern>)| {
                    (agents.is_empty() || agents.iter().any(|a| a.matches(agent)))
                        && (actions.is_empty() || actions.iter().any(|a| a.matches(&action)))
                };
                let slowly: Vec<usize> =
                    all.iter().enumerate().filter(|(_, it)| covers(it)).map(|(i, _)| i).collect();
                assert_eq!(index.matching(agent, &action), slowly, "{agent} {action}");
            }
        }
    }
}
