//! Who must say yes, by when, and how sure we must be that it is them.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::identity::{Email, Person, Right};

/// What an approval demands of people, frozen when it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirements {
    /// All of these must be met, by distinct people.
    pub stages: Vec<Stage>,
    /// How long people have to answer.
    pub expires_in: SignedDuration,
    /// How long the yes can be used.
    pub use_within: SignedDuration,
    /// What silence means.
    pub on_timeout: OnTimeout,
    /// The least assurance of an answer.
    pub assurance: Assurance,
    /// Up to which risk people may answer their own requests; `None` means never.
    pub self_approval: Option<Risk>,
    /// Whether another agent may report what a person said elsewhere; never for high and critical risk.
    pub relayed: bool,
    /// The channels that are told; kept with the approval for whoever delivers.
    pub notify: Vec<String>,
}

impl Requirements {
    /// How many people have to say yes in all; nothing passes without one.
    pub fn people_needed(&self) -> usize {
        self.stages.iter().map(|stage| stage.need.max(1)).sum::<usize>().max(1)
    }

    /// The same, where an agent wishes for an answer within some time: it may shorten what policy gives people,
    /// and never lengthen it. Where further people are asked once the time is over, it stays as policy has it: or an
    /// agent could choose who answers.
    #[must_use]
    pub fn answered_within(mut self, wish: Option<SignedDuration>) -> Self {
        if matches!(self.on_timeout, OnTimeout::Escalate(_)) {
            return self;
        }
        self.expires_in = wish.map_or(self.expires_in, |wish| wish.min(self.expires_in));
        self
    }
}

/// A group of people and how many of them must say yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// What to call it.
    pub name: String,
    /// How many yeses it needs.
    pub need: usize,
    /// Members of these groups count; with no groups and no people, every approver does.
    pub groups: Vec<String>,
    /// These people count.
    pub people: Vec<Email>,
}

impl Stage {
    /// One yes of any approver.
    pub fn any_approver() -> Self {
        Self { name: "approvers".to_owned(), need: 1, groups: Vec::new(), people: Vec::new() }
    }

    /// Whether a yes of this person counts here.
    pub fn admits(&self, person: &Person) -> bool {
        let open = self.groups.is_empty() && self.people.is_empty();
        person.role.may(Right::Answer)
            && (open
                || self.people.contains(&person.email)
                || self.groups.iter().any(|group| person.groups.contains(group)))
    }
}

/// What silence means. It never means yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnTimeout {
    /// No: it expires.
    Deny,
    /// Nothing: it stays open.
    Keep,
    /// Others are asked as well, level by level; after the last level it expires.
    Escalate(Vec<Level>),
}

/// Further people who are asked when time runs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// How long they have.
    pub after: SignedDuration,
    /// Members of these groups are added to every stage that names people.
    pub groups: Vec<String>,
    /// These people are added as well.
    pub people: Vec<Email>,
}

/// How sure we are that an answer is the person's own; later is surer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// An agent reports what a person said.
    Relayed,
    /// A mapped person in a chat channel.
    Channel,
    /// A signed-in person.
    Session,
    /// A passkey or one-time code for this very answer.
    StepUp,
}

/// How dangerous an action is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Harmless if wrong.
    Low,
    /// Annoying if wrong.
    Medium,
    /// Costly if wrong.
    High,
    /// Not to be undone if wrong.
    Critical,
}

impl Risk {
    /// Every risk, lowest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The public name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl std::fmt::Display for Risk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
