//! What `sdk/` holds: clients and verifiers that others published, unmodified, against the built program.

use anyhow::Result;

use crate::verify::python;
use crate::verify::step::{Outcome, Step};
use crate::verify::workspace::{Workspace, counted};

/// Python programs that print `N passed, N failed`.
pub(super) struct SdkStories {
    /// Their folder below `sdk/`, with its `requirements.txt`.
    pub(super) folder: &'static str,
    /// The program in it.
    pub(super) program: &'static str,
}

impl Step for SdkStories {
    fn name(&self) -> &'static str {
        self.folder
    }

    fn run(&self, workspace: &Workspace) -> Result<Outcome> {
        let Some(python) = python::interpreter(workspace, self.folder)? else {
            return Ok(Outcome::Skipped("python3 with venv is missing".to_owned()));
        };
        let countersign = workspace.countersign()?;
        let mut stories = workspace.program(python);
        let program = format!("sdk/{}/{}", self.folder, self.program);
        stories.args(["-u", &program]).env("COUNTERSIGN_BIN", countersign);
        let (counts, ended_well) = counted(&mut stories)?;
        Ok(Outcome::of_tests(counts, ended_well))
    }
}
