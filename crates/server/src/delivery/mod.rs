//! What leaves the server: one guarded way out, and the worker that tells webhooks.

pub(crate) mod egress;
mod guard;
mod lane;
mod names;
pub(crate) mod webhook;
mod worker;

pub use egress::{Egress, EgressError};
pub use guard::Network;

#[cfg(test)]
pub(crate) use egress::Bounds;
#[cfg(test)]
pub(crate) use guard::Refusal;
#[cfg(test)]
pub(crate) use names::Names;
pub(crate) use worker::start;
