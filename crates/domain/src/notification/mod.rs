//! What the world is told: the events that streams and webhooks carry, and how webhooks get them.
//!
//! An [`Announcement`] is committed with the fact it is about. For every [`Webhook`] that wants it there is
//! one [`Delivery`], which is tried until it arrives or its time is over.

mod delivery;
mod event;
mod retention;
mod schedule;
mod secret;
mod signature;
mod webhook;

pub use delivery::{Attempt, Delivery, DeliveryState, DeliveryStatus, body};
pub use event::{Announcement, Event, EventError, Notice};
pub use retention::Retention;
pub use schedule::pause;
pub use secret::{SecretError, SigningSecret, WebhookSecret};
pub use signature::sign;
pub use webhook::{OVERLAP, Webhook, WebhookStatus};

#[cfg(test)]
mod tests;
