//! Policy: what runs, what is refused, what needs whom.

mod evaluate;
mod permission;
mod reason;
mod trace;
mod verdict;

pub use evaluate::{Question, evaluate};
pub use permission::{Effect, Permission};
pub use reason::ReasonCode;
pub use trace::{Check, TraceLine, TraceResult};
pub use verdict::{Decision, Verdict};
