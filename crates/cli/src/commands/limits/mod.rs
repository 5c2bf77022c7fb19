//! What bounds agents: budgets, grants, and stopping them.

mod budgets;
mod freeze;
mod grants;

pub(crate) use budgets::Budgets;
pub(crate) use freeze::{Freeze, Unfreeze};
pub(crate) use grants::Grants;
