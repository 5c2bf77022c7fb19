//! The Rust SDK: one method per endpoint, waiting that survives broken connections, typed errors.
//!
//! A [`Client`] speaks for one key in one organization. What it sends and gets are the types of
//! [`countersign_wire`]. Nothing but a 2xx answer ever comes back as `Ok`.

pub mod approvals;
mod checks;
mod client;
mod error;
pub mod organization;
pub mod record;

pub use client::Client;
pub use error::ClientError;
