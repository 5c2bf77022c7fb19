//! The record, and events as they happen.

mod audit;
mod events;
mod lines;

pub use audit::RecordQuery;
pub use events::{Event, Events};
pub use lines::Lines;
