//! What every HTTP surface shares: who calls, what they sent, how errors leave, how fast they may be.

mod address;
mod auth;
mod body;
mod limits;
mod path;
mod problem;
mod query;
mod shown;
mod trace;

use std::sync::Arc;

pub use address::device;
pub use auth::{AnyHolder, Anyone, Asking, Holding, Person, Stranger};
pub use body::{Lenient, Sent, gather};
pub use limits::Limits;
pub use path::{ApprovalPath, DelegationPath, DeliveryPath, DocumentPath, NamedPath, WebhookPath};
pub use problem::{Failure, Reply, method_not_allowed, no_such_path, panicked};
pub use query::Query;
pub use shown::Shown;
pub use trace::{RequestId, trace};

use crate::EffectiveSetting;
use crate::app::App;
use crate::delivery::Network;

/// What every handler can reach.
pub struct Surface {
    /// The use cases.
    pub app: Arc<App>,
    /// How often a key may call.
    pub limits: Limits,
    /// Where people reach the server, without a slash at its end.
    pub base_url: String,
    /// Whose word about where a request comes from is taken.
    pub trusted_proxies: Vec<Network>,
    /// Approvals that were written as JSON.
    pub shown: Shown,
    /// What the server is set to.
    pub settings: Vec<EffectiveSetting>,
}

impl Surface {
    /// Whether people reach it over HTTPS.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// A [`Surface`] as handlers hold it.
pub type Shared = Arc<Surface>;
