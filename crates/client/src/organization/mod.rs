//! Who is there, what they may do, and what holds for all.

mod agents;
mod freezes;
mod keys;
mod limits;
mod people;
mod policies;
mod settings;
mod tokens;
mod webhooks;

pub use webhooks::DeliveryQuery;
