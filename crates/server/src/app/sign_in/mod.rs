//! Signing in: who a session belongs to, and how one comes to be.

mod links;
mod sessions;

use std::net::IpAddr;

use countersign_domain::display;

pub use links::MadeLink;
pub use sessions::NewSession;

/// The longest that is kept of what a browser says about itself, in characters.
const LONGEST_AGENT: usize = 200;

/// Where a request comes from, as sessions and the record name it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    /// The address.
    pub ip: Option<IpAddr>,
    /// What the browser says it is, sanitised.
    pub user_agent: Option<String>,
}

impl Device {
    /// An address, and what the browser says about itself.
    pub fn new(ip: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        let cut = |text: &str| text.chars().take(LONGEST_AGENT).collect::<String>();
        Self { ip, user_agent: user_agent.map(|text| display::sanitise(&cut(text))) }
    }
}
