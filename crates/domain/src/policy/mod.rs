//! Policy: what runs, what is refused, what needs whom.

mod condition;
mod counter;
pub mod document;
mod evaluate;
#[cfg(test)]
pub(crate) mod fixtures;
mod permission;
mod question;
mod reason;
mod rulebook;
mod settle;
mod trace;
mod verdict;

pub use counter::{Charge, Counter, Counters, Quantity};
pub use evaluate::evaluate;
pub use permission::{Effect, Permission};
pub use question::{Purpose, Question};
pub use reason::ReasonCode;
pub use rulebook::{CompileError, Parts, Rulebook};
pub use settle::{Settled, settle};
pub use trace::{Check, Details, TraceLine, TraceResult};
pub use verdict::{AutoBy, BudgetUse, Decision, RiskSnapshot, Verdict};
