//! Signing a command line in and out.

mod login;
mod logout;

pub(crate) use login::Login;
pub(crate) use logout::Logout;
