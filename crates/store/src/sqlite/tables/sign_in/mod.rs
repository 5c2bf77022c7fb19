//! What people sign in with, and where they are signed in.

pub(crate) mod credentials;
pub(crate) mod provider_accounts;
pub(crate) mod sessions;
pub(crate) mod tickets;
