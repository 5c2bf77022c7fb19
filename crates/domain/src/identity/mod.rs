//! Who is there: agents, people, their keys, and whoever is on the line.

mod agent;
mod caller;
mod key;
mod person;

pub use agent::{Agent, AgentStatus, Trust, is_agent_name};
pub use caller::{Caller, CallerKind};
pub use key::{Key, KeyHash, KeyHolder};
pub use person::{Email, EmailError, Person, PersonStatus, Right, Role};
