//! `cargo xtask verify`: everything that has to hold, step after step, then a table.
//!
//! A failed step does not stop the next one, so that one run shows all failures.

mod counts;
mod options;
mod python;
mod report;
mod step;
mod steps;
mod workspace;

use std::time::Instant;

use anyhow::Result;

pub(crate) use options::Options;

use report::Line;
use step::Outcome;
use workspace::Workspace;

/// Runs the wanted steps and prints what became of them; `true` when all is well.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let workspace = Workspace::find()?;
    let mut lines = Vec::new();
    for step in steps::all().into_iter().filter(|step| options.wants(step.name())) {
        println!("\n== {}", step.name());
        let start = Instant::now();
        let outcome =
            step.run(&workspace).unwrap_or_else(|why| Outcome::failed(format!("{why:#}")));
        let outcome = if options.strict { outcome.strictly() } else { outcome };
        lines.push(Line { step: step.name(), outcome, took: start.elapsed() });
    }
    println!("\n{}", report::table(&lines));
    Ok(lines.iter().all(|line| !line.outcome.is_failure()))
}
