//! What bounds agents: budgets, grants, freezes, batches.

mod batches;
mod budgets;
mod freezes;
mod grants;
mod stated;
mod tightened;
mod uses;
