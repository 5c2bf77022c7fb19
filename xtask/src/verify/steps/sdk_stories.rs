//! The stories of `sdk/stories`: published SDKs, unmodified, as clients of the built program.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::verify::step::{Outcome, Step};
use crate::verify::workspace::{Workspace, counted, works};

const REQUIREMENTS: &str = "sdk/stories/requirements.txt";

/// Python stories.
pub(super) struct SdkStories;

impl Step for SdkStories {
    fn name(&self) -> &'static str {
        "sdk-stories"
    }

    fn run(&self, workspace: &Workspace) -> Result<Outcome> {
        if !works(workspace.program("python3").args(["-c", "import ensurepip, venv"])) {
            return Ok(Outcome::Skipped("python3 with venv is missing".to_owned()));
        }
        let countersign = workspace.countersign()?;
        let python = python(workspace)?;
        let mut stories = workspace.program(python);
        stories.args(["-u", "sdk/stories/run.py"]).env("COUNTERSIGN_BIN", countersign);
        let (counts, ended_well) = counted(&mut stories)?;
        Ok(Outcome::of_tests(counts, ended_well))
    }
}

/// Python with the SDKs, made anew whenever the requirements change.
fn python(workspace: &Workspace) -> Result<PathBuf> {
    let home = workspace.path(".verify/venv");
    let python = home.join("bin/python");
    let note = home.join("installed.txt");
    let wanted = std::fs::read_to_string(workspace.path(REQUIREMENTS)).context(REQUIREMENTS)?;
    if std::fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    done(workspace.program("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
    let pip =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
    done(workspace.program(&python).args(pip))?;
    std::fs::write(&note, wanted)?;
    Ok(python)
}

fn done(command: &mut Command) -> Result<()> {
    ensure!(command.status()?.success(), "`{}` failed", command.get_program().display());
    Ok(())
}
