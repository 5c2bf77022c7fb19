//! Approvals: asking for them, finding them, answering them, using them, waiting for them.

mod answers;
mod ask;
mod execution;
mod query;
mod talk;
mod wait;

pub use query::{ApprovalQuery, Sort};
