//! The approvals: the whole value in `body`, and beside it what queries and guards look at.

mod alike;
mod find;
mod list;
mod samples;
mod search;
mod standing;
mod texts;
mod write;

#[cfg(test)]
pub(in crate::sqlite) use alike::{ACTIONS, OF_A_KIND};
pub(crate) use alike::{actions, alike};
pub(crate) use find::{backlog, get, overdue, pending_count, related};
pub(crate) use list::list;
#[cfg(test)]
pub(in crate::sqlite) use samples::OF_A_PERIOD;
pub(crate) use samples::samples;
pub(crate) use standing::standing;
pub(crate) use texts::index_texts;
pub(crate) use write::write;

const TABLE: &str = "approvals";
