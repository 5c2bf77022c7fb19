//! The running service: use cases, HTTP surfaces, and what happens by itself.

mod api;
pub mod app;
pub mod clock;
mod compat;
mod data_dir;
mod delivery;
mod http;
pub mod ids;
mod jobs;
mod listen;
mod metrics;
mod pages;
mod start;

pub use app::Stop;
pub use data_dir::{DataDir, StartError};
pub use delivery::Network;
pub use start::{Initialised, ServeOptions, freeze_locally, init, openapi, router, serve};

#[cfg(test)]
mod tests;
