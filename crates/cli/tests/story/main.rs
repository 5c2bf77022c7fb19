//! The commands against a real server: what they print, and how they exit.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod agents_wait;
mod deceptions;
mod people_answer;
mod record;
mod server;
mod starting;
