//! Python with what a folder of stories needs.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::workspace::{Workspace, works};

/// An interpreter with the packages of `sdk/FOLDER/requirements.txt`, made anew whenever these change;
/// `None` where Python cannot be had.
pub fn interpreter(workspace: &Workspace, folder: &str) -> Result<Option<PathBuf>> {
    if !usable(workspace) {
        return Ok(None);
    }
    let requirements = format!("sdk/{folder}/requirements.txt");
    let home = workspace.path(&format!(".verify/{folder}"));
    let python = home.join("bin/python");
    let note = home.join("installed.txt");
    let wanted =
        std::fs::read_to_string(workspace.path(&requirements)).context(requirements.clone())?;
    if std::fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(Some(python));
    }
    done(workspace.program("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
    let pip =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", &requirements];
    done(workspace.program(&python).args(pip))?;
    std::fs::write(&note, wanted)?;
    Ok(Some(python))
}

/// Whether Python can make environments; Debian keeps that in a package of its own, which is installed.
fn usable(workspace: &Workspace) -> bool {
    let ready = || works(workspace.program("python3").args(["-c", "import ensurepip, venv"]));
    let apt = |arguments: &[&str]| works(workspace.program("apt-get").args(arguments));
    ready()
        || (apt(&["update"])
            && apt(&["install", "--yes", "--no-install-recommends", "python3", "python3-venv"])
            && ready())
}

fn done(command: &mut Command) -> Result<()> {
    ensure!(command.status()?.success(), "`{}` failed", command.get_program().display());
    Ok(())
}
