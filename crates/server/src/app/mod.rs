//! The use cases, and the only holder of the store: every surface reaches the database through [`App`].

mod approvals;
mod caller;
mod checks;
mod commit;
mod error;
pub(crate) mod first;
mod idempotency;
mod identities;
mod live;
mod receipts;
mod record;
mod snapshot;
pub mod wake;
mod webhooks;

use std::sync::Arc;

use countersign_store::Store;
use jiff::Timestamp;
use tokio::sync::Notify;

pub use approvals::{Answer, Ask, Visible};
pub use caller::{Asker, OnTheLine, SignedIn, Speaks};
pub use checks::{Check, CheckAnswer};
pub use commit::{Committer, Surroundings};
pub use error::Error;
pub use idempotency::IdempotencyKey;
pub use identities::{AgentChange, KeyFor, Made, NewAgent, NewPerson, PersonChange};
pub use live::Live;
pub use receipts::ReceiptSigner;
pub use snapshot::{Snapshot, Snapshots};
pub use wake::Wake;
pub use webhooks::{DeliveryPage, NewWebhook, WebhookChange, WithSecret};

use crate::clock::Clock;
use crate::delivery::Egress;
use crate::ids::Ids;
use crate::metrics::{Metrics, Standing};

/// How often a use case decides anew after someone else was faster.
const TRIES: usize = 3;

/// The use cases of one running server.
pub struct App {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Ids,
    snapshots: Arc<Snapshots>,
    live: Arc<Live>,
    committer: Committer,
    wake: Arc<Wake>,
    receipts: ReceiptSigner,
    egress: Arc<Egress>,
    outgoing: Notify,
    metrics: Arc<Metrics>,
}

/// What an [`App`] is made of.
pub struct Parts {
    /// Where things are kept.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Ids and secrets.
    pub ids: Ids,
    /// Who signs receipts.
    pub receipts: ReceiptSigner,
    /// The only way out.
    pub egress: Arc<Egress>,
}

impl App {
    /// Loads what every request needs, and starts the tasks that join commits and keep deadlines.
    pub async fn start(parts: Parts) -> Result<Arc<Self>, Error> {
        let Parts { store, clock, ids, receipts, egress } = parts;
        let wake = Wake::start();
        let snapshots = Arc::new(Snapshots::load(Arc::clone(&store)).await?);
        let metrics = Arc::new(Metrics::default());
        let live = Arc::new(Live::default());
        let committer = Committer::start(Surroundings {
            store: Arc::clone(&store),
            wake: Arc::clone(&wake),
            live: Arc::clone(&live),
            snapshots: Arc::clone(&snapshots),
            clock: Arc::clone(&clock),
            metrics: Arc::clone(&metrics),
        });
        let outgoing = Notify::new();
        Ok(Arc::new(Self {
            store,
            clock,
            ids,
            snapshots,
            live,
            committer,
            wake,
            receipts,
            egress,
            outgoing,
            metrics,
        }))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A fresh id for a request, for the log.
    pub fn request_id(&self) -> String {
        self.ids.ulid(self.now()).to_string()
    }

    /// Who is waiting, and who can be woken.
    pub const fn wake(&self) -> &Arc<Wake> {
        &self.wake
    }

    /// The keys with which receipts can be verified (RFC 7517).
    pub fn receipt_keys(&self) -> serde_json::Value {
        self.receipts.keys()
    }

    /// What is measured, in the text format of Prometheus, with what stands now in all organizations.
    pub async fn measured(&self) -> Result<String, Error> {
        let parked = i64::try_from(self.wake.parked()).unwrap_or(i64::MAX);
        let mut standing = Standing { parked, ..Standing::default() };
        for snapshot in self.snapshots.all() {
            let backlog = self.store.backlog(&snapshot.org).await?;
            standing.pending += i64::try_from(backlog.pending).unwrap_or(i64::MAX);
            let age =
                backlog.oldest.map_or(0, |oldest| self.now().duration_since(oldest).as_secs());
            standing.oldest_pending_seconds = standing.oldest_pending_seconds.max(age);
        }
        let broken =
            |_| Error::new(countersign_wire::Code::Internal, "the figures cannot be written");
        self.metrics.text(standing).map_err(broken)
    }

    /// Fails unless a transaction can be made durable now.
    pub async fn probe(&self) -> Result<(), Error> {
        Ok(self.store.probe().await?)
    }
}
