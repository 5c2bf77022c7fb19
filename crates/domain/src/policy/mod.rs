//! Policy: what runs, what is refused, what needs whom.

mod evaluate;
mod permission;
mod reason;
mod settle;
mod trace;
mod verdict;

pub use evaluate::{Question, evaluate};
pub use permission::{Effect, Permission};
pub use reason::ReasonCode;
pub use settle::{Settled, settle};
pub use trace::{Check, TraceLine, TraceResult};
pub use verdict::{Decision, Verdict};
