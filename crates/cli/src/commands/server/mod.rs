//! Starting a server of one's own.

mod config;
mod doctor;
mod exposed;
mod init;
mod log;
mod provider;
mod serve;

pub(crate) use config::{Config, layered};
pub(crate) use doctor::Doctor;
pub(crate) use init::Init;
pub(crate) use serve::Serve;
