//! What every HTTP surface shares: who calls, what they sent, how errors leave, how fast they may be.

mod auth;
mod body;
mod limits;
mod path;
mod problem;
mod query;
mod shown;
mod trace;

use std::sync::Arc;

pub use auth::{Anyone, Asking, Person};
pub use body::{Lenient, Sent};
pub use limits::Limits;
pub use path::{ApprovalPath, DeliveryPath, NamedPath, WebhookPath};
pub use problem::{Failure, Reply, method_not_allowed, no_such_path, panicked};
pub use query::Query;
pub use shown::Shown;
pub use trace::trace;

use crate::app::App;

/// What every handler can reach.
pub struct Surface {
    /// The use cases.
    pub app: Arc<App>,
    /// How often a key may call.
    pub limits: Limits,
    /// Where people reach the server, without a slash at its end.
    pub base_url: String,
    /// Approvals that were written as JSON.
    pub shown: Shown,
}

/// A [`Surface`] as handlers hold it.
pub type Shared = Arc<Surface>;
