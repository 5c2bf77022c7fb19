//! What bounds agents: budgets, grants, freezes, batches, and that nothing they say lifts a bound.

mod batches;
mod budgets;
mod claims;
mod freezes;
mod grants;
mod stated;
mod tightened;
mod uses;
