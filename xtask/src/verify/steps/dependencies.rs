//! What we depend on: licences, sources, what is banned. See `deny.toml`.
//!
//! The advisory database is not asked: it is not on a registry, and a build must not go red by itself.

use std::path::PathBuf;

use anyhow::Result;

use crate::verify::step::{Outcome, Step};
use crate::verify::workspace::{Workspace, works};

/// The version that `deny.toml` is written for.
const VERSION: &str = "0.20.2";

/// `cargo deny`.
pub(super) struct Dependencies;

impl Step for Dependencies {
    fn name(&self) -> &'static str {
        "dependencies"
    }

    fn run(&self, workspace: &Workspace) -> Result<Outcome> {
        let Some(program) = cargo_deny(workspace)? else {
            return Ok(Outcome::Skipped(format!("cargo-deny {VERSION} could not be installed")));
        };
        let words = ["--workspace", "--locked", "check", "bans", "licenses", "sources"];
        let status = workspace.program(program).args(words).status()?;
        Ok(Outcome::of_check(status.success()))
    }
}

/// The program in `.verify/`; built there the first time, without optimisation, since that is quicker by
/// far and it runs for seconds only.
fn cargo_deny(workspace: &Workspace) -> Result<Option<PathBuf>> {
    let home = workspace.path(&format!(".verify/cargo-deny-{VERSION}"));
    let program = home.join("bin/cargo-deny");
    if !works(workspace.program(&program).arg("--version")) {
        let mut install =
            workspace.cargo(["install", "cargo-deny", "--locked", "--debug", "--version", VERSION]);
        install
            .arg("--root")
            .arg(&home)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env_remove("CARGO_TARGET_DIR");
        if !install.status()?.success() {
            return Ok(None);
        }
    }
    Ok(Some(program))
}
