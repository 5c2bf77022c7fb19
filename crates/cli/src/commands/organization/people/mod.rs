//! People, in whose place they answer, and whose key one holds.

mod delegations;
mod users;
mod whoami;

pub(crate) use delegations::Delegations;
pub(crate) use users::Users;
pub(crate) use whoami::Whoami;
