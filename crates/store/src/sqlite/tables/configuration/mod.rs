//! What changes seldom.

pub(crate) mod agents;
pub(crate) mod documents;
pub(crate) mod freezes;
pub(crate) mod keys;
pub(crate) mod organizations;
pub(crate) mod people;
pub(crate) mod permissions;
pub(crate) mod revocations;
pub(crate) mod settings;
pub(crate) mod webhooks;
