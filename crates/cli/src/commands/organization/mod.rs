//! What an admin does: agents, people, keys, settings, webhooks.

mod agents;
mod keys;
mod people;
mod permissions;
mod settings;
mod tokens;
mod webhooks;

pub(crate) use agents::Agents;
pub(crate) use keys::Keys;
pub(crate) use people::{Delegations, Users, Whoami};
pub(crate) use settings::Settings;
pub(crate) use tokens::Tokens;
pub(crate) use webhooks::Webhooks;
