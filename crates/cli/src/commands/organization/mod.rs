//! What an admin does: agents, people, keys, settings, webhooks.

mod agents;
mod keys;
mod permissions;
mod settings;
mod tokens;
mod users;
mod webhooks;
mod whoami;

pub(crate) use agents::Agents;
pub(crate) use keys::Keys;
pub(crate) use settings::Settings;
pub(crate) use tokens::Tokens;
pub(crate) use users::Users;
pub(crate) use webhooks::Webhooks;
pub(crate) use whoami::Whoami;
