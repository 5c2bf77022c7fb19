//! What a person does: look, and answer.

mod answering;
mod approve;
mod ask;
mod comment;
mod deny;
mod pending;
mod resolve;
mod show;

pub(crate) use approve::Approve;
pub(crate) use ask::Ask;
pub(crate) use comment::Comment;
pub(crate) use deny::Deny;
pub(crate) use pending::Pending;
pub(crate) use resolve::Resolve;
pub(crate) use show::Show;
