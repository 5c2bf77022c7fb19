//! What bounds agents: budgets, grants, and stopping them.

mod freeze;

pub(crate) use freeze::{Freeze, Unfreeze};
