//! The dashboard in a real browser, driven by the stories of `e2e/browser` against the built program.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::verify::step::{Outcome, Step};
use crate::verify::workspace::{Workspace, counted, works};

/// Where the stories stand.
const FOLDER: &str = "e2e/browser";

/// `node run.js`, which prints `N passed, N failed`.
pub(super) struct Browser;

impl Step for Browser {
    fn name(&self) -> &'static str {
        "browser"
    }

    fn run(&self, workspace: &Workspace) -> Result<Outcome> {
        if !has(workspace, "npm", &["nodejs", "npm"]) {
            return Ok(Outcome::Skipped("node and npm are missing".to_owned()));
        }
        if !has(workspace, "chromium", &["chromium"]) {
            return Ok(Outcome::Skipped("chromium is missing".to_owned()));
        }
        packages(workspace)?;
        let countersign = workspace.countersign()?;
        let mut stories = workspace.program("node");
        stories
            .arg("run.js")
            .current_dir(workspace.path(FOLDER))
            .env("COUNTERSIGN_BIN", countersign);
        let (counts, ended_well) = counted(&mut stories)?;
        Ok(Outcome::of_tests(counts, ended_well))
    }
}

/// Whether a program is there, after Debian's packages for it were installed if need be.
fn has(workspace: &Workspace, program: &str, packages: &[&str]) -> bool {
    let ready = || works(workspace.program(program).arg("--version"));
    let apt = |arguments: &[&str]| works(workspace.program("apt-get").args(arguments));
    let install = ["install", "--yes", "--no-install-recommends"];
    ready() || (apt(&["update"]) && apt(&[&install[..], packages].concat()) && ready())
}

/// Installs what `package-lock.json` names, unless exactly that is there.
fn packages(workspace: &Workspace) -> Result<()> {
    let folder = workspace.path(FOLDER);
    let wanted = std::fs::read_to_string(folder.join("package-lock.json"))?;
    let note = folder.join("node_modules/.countersign-installed");
    if std::fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut install = workspace.program("npm");
    install.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder);
    ensure!(install.status()?.success(), "`npm ci` failed in {}", Path::new(FOLDER).display());
    std::fs::write(note, wanted)?;
    Ok(())
}
