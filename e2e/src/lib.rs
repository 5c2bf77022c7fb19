//! The built binary from outside: started, killed, started again, and called by real clients.
//!
//! `COUNTERSIGN_BIN` names the binary; without it the one that cargo built last is taken.

mod command;
mod raw;
mod server;

pub use command::{Output, run};
pub use raw::Raw;
pub use server::{Server, asking};

use std::path::PathBuf;

/// Where the binary is.
pub fn binary() -> PathBuf {
    let built = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/debug/countersign");
    let path = std::env::var_os("COUNTERSIGN_BIN").map_or_else(built, PathBuf::from);
    assert!(
        path.exists(),
        "{} is not built: run `cargo build -p countersign` first",
        path.display()
    );
    path
}
