//! Documents: what an admin writes down, as files. Reading them from YAML is in `parse`.

mod agent;
mod budget;
pub mod check;
mod grant;
mod group;
pub mod parse;
pub mod plan;
mod policy;
mod scalar;
pub mod schema;
mod stored;
mod tool;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use agent::{AgentDocument, AmountLimit, Counterparty, Days, Hours, Manifest, Rate};
pub use budget::{Budget, Per, Scope, Unit, Window};
pub use grant::{Grant, GrantLimit};
pub use group::{Defaults, Group, defaults_of, member_under, settings_under};
pub use policy::{
    ApprovalDemand, Default as PolicyDefault, Effect as RuleEffect, LevelDocument,
    OnTimeoutDocument, Policy, Rule, StageDocument,
};
pub use scalar::{Length, NamePattern, Percent, ScalarError, Zone};
pub use stored::StoredDocument;
pub use tool::{Annotations, Tool};

/// One document: a thing of one kind with a name that is unique within its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[expect(clippy::large_enum_variant, reason = "documents are few, and seldom moved")]
pub enum Document {
    /// An agent and what it may do at most.
    Agent(AgentDocument),
    /// Rules.
    Policy(Policy),
    /// A limit on actions, money or tokens in a window.
    Budget(Budget),
    /// A bounded automatic yes that refills: a trust budget.
    Grant(Grant),
    /// Something agents use: its parameters and how dangerous it is.
    Tool(Tool),
    /// People under one name.
    Group(Group),
    /// What holds where nothing else is said.
    Defaults(Defaults),
}

/// The kind of a [`Document`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum DocumentKind {
    /// An agent and what it may do at most.
    Agent,
    /// Rules.
    Policy,
    /// A limit on actions, money or tokens in a window.
    Budget,
    /// A bounded automatic yes that refills.
    Grant,
    /// Something agents use.
    Tool,
    /// People under one name.
    Group,
    /// What holds where nothing else is said.
    Defaults,
}

impl DocumentKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Agent,
        Self::Policy,
        Self::Budget,
        Self::Grant,
        Self::Tool,
        Self::Group,
        Self::Defaults,
    ];

    /// The word behind `kind:`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "Agent",
            Self::Policy => "Policy",
            Self::Budget => "Budget",
            Self::Grant => "Grant",
            Self::Tool => "Tool",
            Self::Group => "Group",
            Self::Defaults => "Defaults",
        }
    }
}

impl Document {
    /// Its kind.
    pub const fn kind(&self) -> DocumentKind {
        match self {
            Self::Agent(_) => DocumentKind::Agent,
            Self::Policy(_) => DocumentKind::Policy,
            Self::Budget(_) => DocumentKind::Budget,
            Self::Grant(_) => DocumentKind::Grant,
            Self::Tool(_) => DocumentKind::Tool,
            Self::Group(_) => DocumentKind::Group,
            Self::Defaults(_) => DocumentKind::Defaults,
        }
    }

    /// Its name; there is only one `Defaults`, named `defaults`.
    pub fn name(&self) -> &str {
        match self {
            Self::Agent(document) => &document.name,
            Self::Policy(document) => &document.name,
            Self::Budget(document) => &document.name,
            Self::Grant(document) => &document.name,
            Self::Tool(document) => &document.name,
            Self::Group(document) => &document.name,
            Self::Defaults(_) => "defaults",
        }
    }
}
