//! The lints of the workspace hold, in tests as well.

use anyhow::Result;

use crate::verify::step::{Outcome, Step};
use crate::verify::workspace::{Workspace, works};

/// `cargo clippy`, warnings refused.
pub(super) struct Clippy;

impl Step for Clippy {
    fn name(&self) -> &'static str {
        "clippy"
    }

    fn run(&self, workspace: &Workspace) -> Result<Outcome> {
        if !works(&mut workspace.cargo(["clippy", "--version"])) {
            return Ok(Outcome::Skipped("`rustup component add clippy` gives it".to_owned()));
        }
        let words = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        let status = workspace.cargo(words).status()?;
        Ok(Outcome::of_check(status.success()))
    }
}
