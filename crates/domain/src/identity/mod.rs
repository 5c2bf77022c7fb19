//! Who is there: agents, people, their keys, and whoever is on the line.

mod agent;
mod caller;
pub mod capability;
pub mod delegation;
mod key;
mod person;
pub mod sign_in;

pub use agent::{Agent, AgentStatus, Trust, is_agent_name};
pub use caller::{Caller, CallerKind};
pub use capability::{Capability, TokenLimits};
pub use delegation::Delegation;
pub use key::{Ending, Key, KeyHash, KeyHolder, KeyUse};
pub use person::{Email, EmailError, Person, PersonStatus, Right, Role, SavedView};
