//! Every Rust file looks as `rustfmt` writes it.

use anyhow::Result;

use crate::verify::step::{Outcome, Step};
use crate::verify::workspace::{Workspace, works};

/// `cargo fmt --check`.
pub(super) struct Format;

impl Step for Format {
    fn name(&self) -> &'static str {
        "format"
    }

    fn run(&self, workspace: &Workspace) -> Result<Outcome> {
        if !works(&mut workspace.cargo(["fmt", "--version"])) {
            return Ok(Outcome::Skipped("`rustup component add rustfmt` gives it".to_owned()));
        }
        let status = workspace.cargo(["fmt", "--all", "--check"]).status()?;
        Ok(Outcome::of_check(status.success()))
    }
}
