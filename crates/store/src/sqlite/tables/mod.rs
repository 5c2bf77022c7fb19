//! The tables, one file each: every statement of a table stands in its file.

pub(crate) mod approvals;
mod configuration;
pub(crate) mod counters;
pub(crate) mod deliveries;
pub(crate) mod external_ids;
pub(crate) mod idempotency;
pub(crate) mod logged_actions;
pub(crate) mod outbox;
pub(crate) mod records;
mod sign_in;
pub(crate) mod task_comments;

pub(crate) use configuration::people::delegations;
pub(crate) use configuration::{
    agents, documents, freezes, keys, organizations, people, permissions, revocations, settings,
    webhooks,
};
pub(crate) use sign_in::{credentials, provider_accounts, sessions, tickets};
