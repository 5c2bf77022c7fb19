//! What leaves the server: one guarded way out, and the worker that tells webhooks.

pub(crate) mod egress;
mod guard;
mod names;
pub(crate) mod webhook;
mod worker;

pub use guard::Network;

pub(crate) use egress::Egress;
#[cfg(test)]
pub(crate) use egress::{Bounds, EgressError};
#[cfg(test)]
pub(crate) use guard::Refusal;
#[cfg(test)]
pub(crate) use names::Names;
pub(crate) use worker::start;
