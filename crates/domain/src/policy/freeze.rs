//! Freezes: what a person has stopped, at once and until a person lets it go on.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Action, ActionPattern, AgentId};

/// Something that was stopped: no check of it is allowed, and nothing that was approved is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// What.
    #[serde(flatten)]
    pub scope: FreezeScope,
    /// Why; agents are told.
    pub reason: String,
    /// Who stopped it, as the record names them.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// How much is stopped. Each scope is frozen once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "scope", content = "name", rename_all = "snake_case")]
pub enum FreezeScope {
    /// Everything.
    All,
    /// Whatever one agent wants.
    Agent(AgentId),
    /// These actions, whoever wants them.
    Action(ActionPattern),
}

impl Freeze {
    /// Whether it stops this.
    pub fn stops(&self, agent: AgentId, action: &Action) -> bool {
        match &self.scope {
            FreezeScope::All => true,
            FreezeScope::Agent(frozen) => *frozen == agent,
            FreezeScope::Action(pattern) => pattern.matches(action),
        }
    }

    /// What is frozen, by whom and why, in one sentence.
    pub fn sentence(&self) -> String {
        let what = match &self.scope {
            FreezeScope::All => "everything is frozen".to_owned(),
            FreezeScope::Agent(_) => "this agent is frozen".to_owned(),
            FreezeScope::Action(pattern) => format!("the actions `{pattern}` are frozen"),
        };
        format!("{what} by {}: {}", self.by, self.reason)
    }
}

impl FreezeScope {
    /// The same as it is kept among these, however its actions are spelt; itself where it is not among them.
    pub fn as_kept(self, freezes: &[Freeze]) -> Self {
        let is_same = |kept: &&Self| match (kept, &self) {
            (Self::Action(kept), Self::Action(named)) => kept.plain() == named.plain(),
            (kept, named) => *kept == named,
        };
        let kept = freezes.iter().map(|freeze| &freeze.scope).find(is_same).cloned();
        kept.unwrap_or(self)
    }
}

impl fmt::Display for FreezeScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Agent(agent) => write!(f, "agent {agent}"),
            Self::Action(pattern) => write!(f, "action {pattern}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn a_freeze_stops_what_it_names_and_nothing_else() {
        let (one, other) = (AgentId::new(Ulid(1)), AgentId::new(Ulid(2)));
        let refunds = FreezeScope::Action("stripe.**".parse().unwrap());
        let cases = [
            (FreezeScope::All, [true, true, true]),
            (FreezeScope::Agent(one), [true, false, true]),
            (refunds, [true, true, false]),
        ];
        for (scope, stopped) in cases {
            let at = Timestamp::UNIX_EPOCH;
            let freeze = Freeze { scope, reason: "x".into(), by: "ana".into(), at };
            let stops = |agent, action: &str| freeze.stops(agent, &action.parse().unwrap());
            let found =
                [stops(one, "stripe.refund"), stops(other, "stripe.refund"), stops(one, "mail")];
            assert_eq!(found, stopped, "{}", freeze.scope);
        }
    }
}
