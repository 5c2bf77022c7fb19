//! The surfaces from outside, in process: a real store in a temporary directory, a clock that stands still
//! until it is moved, and names from the domain.

mod answers;
mod bodies;
mod checks;
mod dashboard;
mod delegations;
mod events;
mod harness;
mod identities;
mod limits;
mod policies;
mod reference;
mod relaying;
mod replay;
mod rights;
mod runs;
mod sign_in;
mod tokens;
mod waiting;
mod webhooks;

pub(crate) use harness::{Caller, Harness, error};
