//! How a person proves who they are: sessions, and what is handed out once to get one.

mod session;
mod ticket;

pub use session::{Session, SessionTimes, SignInWay};
pub use ticket::{Purpose, Ticket};

#[cfg(test)]
mod tests;
