//! Every fuzz target for a short while. A target that holds is one test; an input that breaks it is printed.

use std::path::Path;

use anyhow::Result;

use crate::verify::counts::Counts;
use crate::verify::step::{Outcome, Step};
use crate::verify::workspace::Workspace;

/// The version whose layout `fuzz/` has.
const VERSION: &str = "0.13.2";

/// How long each target is tried, in seconds.
const SECONDS: u32 = 20;

/// The targets; each has its seeds in `fuzz/seeds/` and a binary in `fuzz/Cargo.toml`.
const TARGETS: &[Target] = &[
    Target { name: "strict_reader", words: "json.dict" },
    Target { name: "policy_files", words: "policy.dict" },
    Target { name: "conditions", words: "cel.dict" },
];

/// Something that is fed with inputs.
struct Target {
    name: &'static str,
    /// The words that its inputs are made of, a file in `fuzz/`.
    words: &'static str,
}

/// `cargo fuzz run`.
pub(super) struct Fuzz;

impl Step for Fuzz {
    fn name(&self) -> &'static str {
        "fuzz"
    }

    fn run(&self, workspace: &Workspace) -> Result<Outcome> {
        let Some(program) = workspace.tool("cargo-fuzz", VERSION)? else {
            return Ok(Outcome::Skipped(format!("cargo-fuzz {VERSION} could not be installed")));
        };
        let mut counts = Counts::default();
        for target in TARGETS {
            if target.holds(&program, workspace)? {
                counts.passed += 1;
            } else {
                counts.failed += 1;
            }
        }
        Ok(Outcome::of_tests(counts, true))
    }
}

impl Target {
    /// Runs it. What was found worth keeping stays in `.verify/`, so that the next run starts there.
    ///
    /// The tool counts branches by an option that is unstable in name only; `RUSTC_BOOTSTRAP` lets the
    /// pinned compiler take it. There is no address sanitiser: nothing that is fuzzed is `unsafe`.
    fn holds(&self, program: &Path, workspace: &Workspace) -> Result<bool> {
        let corpus = workspace.path(&format!(".verify/fuzz/{}", self.name));
        std::fs::create_dir_all(&corpus)?;
        let seeds = workspace.path(&format!("fuzz/seeds/{}", self.name));
        let words = workspace.path("fuzz").join(self.words);
        let mut run = workspace.program(program);
        run.args(["run", "--sanitizer", "none", "--target-dir"])
            .arg(workspace.path(".verify/fuzz/target"))
            .arg(self.name)
            .args([corpus, seeds])
            .arg("--")
            .args([format!("-max_total_time={SECONDS}"), format!("-dict={}", words.display())])
            .args(["-max_len=4096", "-timeout=10", "-print_final_stats=1", "-verbosity=0"])
            .arg("-print_funcs=0")
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("CARGO_TARGET_DIR");
        Ok(run.status()?.success())
    }
}
