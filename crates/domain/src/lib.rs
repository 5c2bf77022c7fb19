//! The rules of Countersign: what may be asked, answered, run and recorded.
//!
//! Nothing here reads a clock, draws a random number, awaits, or does I/O: time and ids come in as
//! arguments, and every transition gives back a [`Change`] for a store to keep.

pub mod action;
pub mod approval;
pub mod audit;
mod change;
pub mod display;
mod id;
pub mod identity;
pub mod json;
mod money;
pub mod names;
pub mod notification;
pub mod policy;
pub mod settings;
pub mod time;

pub use action::{Action, ActionError, ActionPattern};
pub use change::{Change, Idempotency, LoggedAction, Recorded, Write};
pub use id::{
    AgentId, ApprovalId, DelegationId, DeliveryId, ExternalId, IdError, InvitationId, KeyId, LogId,
    MessageId, OrgId, PersonId, ReceiptId, Revision, Seq, SessionId, WebhookId,
};
pub use money::Money;
pub use settings::Settings;
