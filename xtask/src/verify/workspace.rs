//! The repository, and programs that run in it.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::counts::Counts;

/// The repository on this machine.
#[derive(Debug)]
pub(super) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The repository that this program was built in.
    pub(super) fn find() -> Result<Self> {
        let own = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let own = own.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let root = own.parent().context("the xtask stands in no workspace")?;
        Ok(Self { root: root.to_owned() })
    }

    /// A place in the repository.
    pub(super) fn path(&self, place: &str) -> PathBuf {
        self.root.join(place)
    }

    /// The program, built for tests.
    pub(super) fn countersign(&self) -> Result<PathBuf> {
        let built = self.cargo(["build", "-p", "countersign"]).status()?;
        ensure!(built.success(), "`countersign` does not build");
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        Ok(self.root.join(target).join("debug/countersign"))
    }

    /// A tool of cargo in this version, in `.verify/`; built there the first time, without optimisation,
    /// since that is quicker by far and it runs for seconds only. `None` where it cannot be had.
    pub(super) fn tool(&self, name: &str, version: &str) -> Result<Option<PathBuf>> {
        let home = self.path(&format!(".verify/{name}-{version}"));
        let program = home.join("bin").join(name);
        if works(self.program(&program).arg("--version")) {
            return Ok(Some(program));
        }
        let mut install =
            self.cargo(["install", name, "--locked", "--debug", "--version", version, "--root"]);
        install.arg(home).env("CARGO_PROFILE_DEV_DEBUG", "0").env_remove("CARGO_TARGET_DIR");
        Ok(install.status()?.success().then_some(program))
    }

    /// A cargo command in the repository.
    pub(super) fn cargo<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.program("cargo");
        command.args(words);
        command
    }

    /// A program in the repository. What cargo told about this package is kept from it, or dependencies
    /// whose build scripts look at it would be built again.
    pub(super) fn program(&self, name: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(name);
        command.current_dir(&self.root).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
    }
}

/// Runs a test program, lets its output through, and counts; also whether it ended well.
pub(super) fn counted(command: &mut Command) -> Result<(Counts, bool)> {
    let name = command.get_program().to_owned();
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{}` does not start", Path::new(&name).display()))?;
    let mut counts = Counts::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            if let Some(more) = Counts::in_line(&line) {
                counts += more;
            }
        }
    }
    Ok((counts, child.wait()?.success()))
}

/// Whether the program is there and this use of it works.
pub(super) fn works(command: &mut Command) -> bool {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
