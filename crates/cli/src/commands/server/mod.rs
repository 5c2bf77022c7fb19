//! Starting a server of one's own.

mod init;
mod log;
mod serve;

pub(crate) use init::Init;
pub(crate) use serve::Serve;
