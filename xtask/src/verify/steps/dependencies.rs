//! What we depend on: licences, sources, what is banned. See `deny.toml`.
//!
//! The advisory database is not asked: it is not on a registry, and a build must not go red by itself.

use anyhow::Result;

use crate::verify::step::{Outcome, Step};
use crate::verify::workspace::Workspace;

/// The version that `deny.toml` is written for.
const VERSION: &str = "0.20.2";

/// `cargo deny`.
pub(super) struct Dependencies;

impl Step for Dependencies {
    fn name(&self) -> &'static str {
        "dependencies"
    }

    fn run(&self, workspace: &Workspace) -> Result<Outcome> {
        let Some(program) = workspace.tool("cargo-deny", VERSION)? else {
            return Ok(Outcome::Skipped(format!("cargo-deny {VERSION} could not be installed")));
        };
        let words = ["--workspace", "--locked", "check", "bans", "licenses", "sources"];
        let status = workspace.program(program).args(words).status()?;
        Ok(Outcome::of_check(status.success()))
    }
}
