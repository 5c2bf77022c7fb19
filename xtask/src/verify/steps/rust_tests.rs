//! The Rust tests, those included that drive the built program.

use anyhow::Result;

use crate::verify::python;
use crate::verify::step::{Outcome, Step};
use crate::verify::workspace::{Workspace, counted};

/// `cargo test`, after a build of the program.
pub(super) struct RustTests;

impl Step for RustTests {
    fn name(&self) -> &'static str {
        "rust-tests"
    }

    fn run(&self, workspace: &Workspace) -> Result<Outcome> {
        let countersign = workspace.countersign()?;
        let mut tests = workspace.cargo(["test", "--workspace", "--no-fail-fast"]);
        tests.env("COUNTERSIGN_BIN", countersign);
        if let Some(python) = python::interpreter(workspace, "stories")? {
            tests.env("COUNTERSIGN_PYTHON", python);
        }
        let (counts, ended_well) = counted(&mut tests)?;
        Ok(Outcome::of_tests(counts, ended_well))
    }
}
