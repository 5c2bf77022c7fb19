//! Policy: what runs, what is refused, what needs whom.

pub mod account;
mod condition;
mod counter;
pub mod document;
mod evaluate;
#[cfg(test)]
pub(crate) mod fixtures;
mod freeze;
pub mod grant;
mod hint;
mod permission;
mod question;
mod reason;
mod rulebook;
mod settle;
mod trace;
pub mod trial;
mod verdict;

pub use counter::{Charge, Counter, Counters, Quantity};
pub use evaluate::evaluate;
pub use freeze::{Freeze, FreezeScope};
pub use permission::{Effect, Permission};
pub use question::{Purpose, Question};
pub use reason::ReasonCode;
pub use rulebook::{CompileError, Parts, Rulebook};
pub use settle::{Settled, settle};
pub use trace::{Check, Details, TraceLine, TraceResult};
pub use verdict::{AutoBy, BudgetUse, Decision, Rating, RiskSnapshot, Verdict, rated_by};
