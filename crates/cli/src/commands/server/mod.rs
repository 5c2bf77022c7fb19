//! Starting a server of one's own.

mod doctor;
mod init;
mod log;
mod serve;

pub(crate) use doctor::Doctor;
pub(crate) use init::Init;
pub(crate) use serve::Serve;
