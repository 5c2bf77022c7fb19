//! The running service: use cases, HTTP surfaces, and what happens by itself.

mod api;
pub mod app;
pub mod clock;
mod compat;
mod dashboard;
mod data_dir;
mod delivery;
mod http;
pub mod ids;
mod jobs;
mod listen;
mod metrics;
mod public_url;
mod start;

pub use app::{ProviderOptions, PublicKeys, PublicKeysError, Stop};
pub use countersign_store::StoreError;
pub use countersign_store::sqlite::{Inspection, Schema};
pub use data_dir::{DataDir, StartError};
pub use delivery::{Egress, EgressError, Network};
pub use public_url::PublicUrl;
pub use start::{
    EffectiveSetting, Initialised, ServeOptions, freeze_locally, init, link_locally, openapi,
    router, serve, serve_until,
};

#[cfg(test)]
mod tests;
