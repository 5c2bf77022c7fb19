//! What is frozen, as every page says it.

use countersign_domain::policy::{Freeze, FreezeScope};

use super::parts::{Moment, Text};
use crate::app::Snapshot;

/// Something that is frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frozen {
    /// What: everything, an agent by its name, or actions by their pattern.
    pub(crate) what: Text,
    /// Whether everything is.
    pub(crate) is_all: bool,
    /// `all`, `agent` or `action`.
    pub(crate) scope: &'static str,
    /// The id of the agent, or the pattern; empty for everything.
    pub(crate) name: String,
    /// Who froze it.
    pub(crate) by: Text,
    /// Why.
    pub(crate) reason: Text,
    /// When.
    pub(crate) at: Moment,
}

impl Frozen {
    /// Everything that is frozen in an organization, the widest first.
    pub(crate) fn all(snapshot: &Snapshot) -> Vec<Self> {
        let mut freezes: Vec<&Freeze> = snapshot.rulebook().freezes().iter().collect();
        freezes.sort_by_key(|freeze| &freeze.scope);
        freezes.into_iter().map(|freeze| Self::of(freeze, snapshot)).collect()
    }

    fn of(freeze: &Freeze, snapshot: &Snapshot) -> Self {
        let (scope, name, what) = match &freeze.scope {
            FreezeScope::All => ("all", String::new(), "Everything".to_owned()),
            FreezeScope::Agent(id) => {
                let agent = snapshot.agent_by_id(*id).map(|agent| agent.name.clone());
                let name = agent.unwrap_or_else(|| id.to_string());
                ("agent", id.to_string(), format!("The agent {name}"))
            }
            FreezeScope::Action(pattern) => {
                ("action", pattern.to_string(), format!("What matches {pattern}"))
            }
        };
        Self {
            what: Text::line(&what),
            is_all: freeze.scope == FreezeScope::All,
            scope,
            name,
            by: Text::line(&freeze.by),
            reason: Text::line(&freeze.reason),
            at: Moment::at(freeze.at),
        }
    }

    /// Whether it is a freeze of this agent alone.
    pub(crate) fn is_of_agent(&self, id: &str) -> bool {
        self.scope == "agent" && self.name == id
    }
}
