//! The running service: use cases, HTTP surfaces, and what happens by itself.

mod api;
pub mod app;
pub mod clock;
mod compat;
mod data_dir;
mod http;
pub mod ids;
mod jobs;
mod pages;
mod start;

pub use data_dir::{DataDir, StartError};
pub use start::{Initialised, ServeOptions, init, openapi, router, serve};

#[cfg(test)]
mod tests;
