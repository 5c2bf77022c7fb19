//! How a person proves who they are: what they prove it with, sessions, and what is handed out once to get
//! one.

mod credentials;
mod password;
mod provider;
mod session;
mod throttle;
mod ticket;

pub use credentials::{Credentials, Hidden, Passkey, Totp};
pub use password::{PasswordError, check_password};
pub use provider::{
    Admission, AdmissionError, Claims, Joining, Known, ProviderAccount, ProviderRules,
};
pub use session::{Session, SessionTimes, SignInWay};
pub use throttle::Throttle;
pub use ticket::{Invitation, Machine, Purpose, Ticket};

#[cfg(test)]
mod tests;
