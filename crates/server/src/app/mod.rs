//! The use cases, and the only holder of the store: every surface reaches the database through [`App`].

mod approvals;
mod budgets;
mod caller;
mod checks;
mod commit;
mod costs;
mod error;
pub(crate) mod first;
pub(crate) mod freezes;
mod grants;
mod idempotency;
mod identities;
mod judge;
mod live;
mod policies;
mod record;
mod sign_in;
mod signing;
mod snapshot;
mod tokens;
pub mod wake;
mod webhooks;

use std::sync::Arc;

use countersign_domain::DeliveryId;
use countersign_domain::display::FingerprintKey;
use countersign_domain::identity::capability::RootKey;
use countersign_store::Store;
use jiff::Timestamp;
use tokio::sync::{Mutex, Notify, broadcast};

pub use approvals::{Answer, Ask, Attestation, Decider, Typed, Visible};
pub use budgets::BudgetState;
pub use caller::{Asker, OnTheLine, Shown, SignedIn, Speaks};
pub use checks::{Check, CheckAnswer};
pub use commit::{Committer, Surroundings};
pub use costs::CostReport;
pub use error::Error;
pub use freezes::Stop;
pub use grants::{GrantMade, GrantState, GrantUse, GrantUses, GrantWish, Preview};
pub use idempotency::IdempotencyKey;
pub use identities::{
    AgentChange, DelegationState, GroupState, KeyFor, Made, Member, MembersChange, NewAgent,
    NewDelegation, NewPerson, Offered, PersonChange,
};
pub use live::Live;
pub use policies::{Applied, Prospect, Review};
pub use sign_in::{
    BACK, Ceremony, Device, Enrolment, Entered, Hashing, Invited, LinkEnd, MachineAsked,
    MadeInvitation, MadeLink, NewSession, Passkeys, PasswordState, Provider, ProviderOptions,
    Shows, SignInRules, StepUpChallenge, StepUpMeans, link_locally,
};
pub use signing::{PublicKeys, PublicKeysError, ReceiptSigner, SignedCheckpoint};
pub use snapshot::{Obstacle, Obstacles, Shortage, Snapshot, Snapshots};
pub use tokens::{NewToken, RevokeWhat};
pub use wake::Wake;
pub use webhooks::{DeliveryPage, NewWebhook, SecretsBefore, WebhookChange, WithSecret};

use sign_in::Tries;

use crate::clock::Clock;
use crate::delivery::Egress;
use crate::ids::Ids;
use crate::metrics::{Metrics, Standing};

/// How often a use case decides anew after someone else was faster. Someone is faster once per limit, revision
/// or configuration that it is decided by, so that more than a few in a row is a storm.
const TRIES: usize = 8;

/// How many tries of deliveries someone who waits for one may lag behind.
const TRIED: usize = 256;

/// Others were faster every time.
fn too_busy() -> Error {
    let detail = "others were faster every time it was tried";
    Error { retry_after: Some(1), ..Error::new(countersign_wire::Code::Conflict, detail) }
}

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
    tokens: RootKey,
    fingerprints: FingerprintKey,
    egress: Arc<Egress>,
    sign_in: SignInRules,
    tries: Tries,
    /// Whose turn it is to be judged by what is counted.
    turns: Mutex<()>,
    /// Whose large parameters are being judged.
    large: Mutex<()>,
    uses: identities::KeyUses,
    outgoing: Notify,
    tried: broadcast::Sender<DeliveryId>,
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
    /// What signs capability tokens.
    pub tokens: RootKey,
    /// The only way out.
    pub egress: Arc<Egress>,
    /// How people sign in.
    pub sign_in: SignInRules,
}

impl App {
    /// Loads what every request needs, and starts the tasks that join commits and keep deadlines.
    pub async fn start(parts: Parts) -> Result<Arc<Self>, Error> {
        let Parts { store, clock, ids, receipts, tokens, egress, sign_in } = parts;
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
            fingerprints: tokens.fingerprints(),
            tokens,
            egress,
            sign_in,
            tries: Tries::default(),
            turns: Mutex::default(),
            large: Mutex::default(),
            uses: identities::KeyUses::default(),
            outgoing,
            tried: broadcast::channel(TRIED).0,
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

    /// A fresh random value for a browser in which nobody is signed in; it proves nothing.
    pub fn visit(&self) -> String {
        self.ids.token("csv_").reveal().to_owned()
    }

    /// Who is waiting, and who can be woken.
    pub const fn wake(&self) -> &Arc<Wake> {
        &self.wake
    }

    /// By which people recognise equal secrets without seeing them.
    pub const fn fingerprints(&self) -> &FingerprintKey {
        &self.fingerprints
    }

    /// The keys with which receipts can be verified (RFC 7517).
    pub fn receipt_keys(&self) -> serde_json::Value {
        self.receipts.keys()
    }

    /// What is measured, in the text format of Prometheus, with what stands now in all organizations.
    pub async fn measured(&self) -> Result<String, Error> {
        let now = self.now();
        let age = |at: Option<Timestamp>| at.map_or(0, |at| now.duration_since(at).as_secs());
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let parked = i64::try_from(self.wake.parked()).unwrap_or(i64::MAX);
        let mut standing = Standing { parked, ..Standing::default() };
        for snapshot in self.snapshots.all() {
            let backlog = self.store.backlog(&snapshot.org).await?;
            standing.pending += count(backlog.pending);
            standing.oldest_pending_seconds =
                standing.oldest_pending_seconds.max(age(backlog.oldest));
            let deliveries = self.store.delivery_backlog(&snapshot.org).await?;
            standing.pending_deliveries += count(deliveries.pending);
            standing.oldest_delivery_seconds =
                standing.oldest_delivery_seconds.max(age(deliveries.oldest));
        }
        let broken =
            |_| Error::new(countersign_wire::Code::Internal, "the figures cannot be written");
        self.metrics.text(standing).map_err(broken)
    }

    /// Loads what another program has changed in the configuration. Nothing runs under an older one in any case:
    /// whatever lets something run is guarded by the version it was decided under.
    pub async fn refresh(&self) -> Result<(), Error> {
        for org in self.snapshots.refresh().await? {
            self.wake.nudge(&org);
        }
        Ok(())
    }

    /// Fails unless a transaction can be made durable now.
    pub async fn probe(&self) -> Result<(), Error> {
        Ok(self.store.probe().await?)
    }
}
