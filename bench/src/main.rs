//! How fast Countersign is, as ratios to a bare reference server measured in the same run on the same
//! machine, with the same SQLite settings, and every answer given after the sync.
//!
//! `cargo run --release -p countersign-bench` starts what it needs, prints the table, and writes it as
//! JSON. See `bench/README.md` for what each line means.

mod browser;
mod fill;
mod http;
mod measure;
mod process;
mod reference;
mod report;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use tokio::runtime::Builder;

use crate::process::{Contestant, Kind};
use crate::report::Report;

/// How many approvals a database holds that has grown.
const MANY: usize = 1_000_000;

/// How many recorded checks are judged again.
const RECORDED: usize = 100_000;

/// How many calls are thrown away before anything is counted.
const WARM_UP: usize = 300;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["reference", dir, address] => runtime.block_on(reference::serve(dir, address)),
        [] => runtime.block_on(bench(1, None)),
        ["--quick"] => runtime.block_on(bench(10, None)),
        ["--only", goal] => runtime.block_on(bench(1, Some(goal))),
        ["--quick", "--only", goal] => runtime.block_on(bench(10, Some(goal))),
        _ => anyhow::bail!(
            "usage: countersign-bench [--quick] [--only P2|P3|P5|P7|P8|P9|P10|replay]"
        ),
    }
}

/// Runs everything, or what belongs to one goal; `shorter` divides the number of calls, for a look rather
/// than a figure. Only a whole run is written down.
async fn bench(shorter: usize, only: Option<&str>) -> Result<()> {
    // The parked agents need a connection each.
    rlimit::increase_nofile_limit(u64::MAX).context("more open files are not permitted")?;
    let wanted = |goal: &str| only.is_none_or(|only| only == goal);
    let dir = tempfile::tempdir()?;
    let reference = Contestant::start(Kind::Reference, dir.path()).await?;
    let ours = Contestant::start(Kind::Countersign, dir.path()).await?;
    let mut report = Report::default();
    if wanted("P2") {
        measure::check::run(&mut report, &reference, &ours, 4000 / shorter).await?;
    }
    if wanted("P3") {
        measure::cycle::one_at_a_time(&mut report, &reference, &ours, 2000 / shorter).await?;
    }
    for at_once in [32, 128].into_iter().filter(|_| wanted("P5")) {
        let cycles = 12_000 / shorter;
        measure::cycle::at_once(&mut report, (&reference, &ours), at_once, cycles).await?;
    }
    if wanted("P10") {
        measure::weight::run(&mut report, &ours).await?;
    }
    if wanted("P7") {
        measure::parked::run(&mut report, &ours, 10_000 / shorter).await?;
    }
    drop((reference, ours));
    if wanted("P9") {
        measure::start::run(&mut report, dir.path()).await?;
    }
    if wanted("P8") {
        measure::growth::run(&mut report, dir.path(), MANY / shorter).await?;
    }
    if wanted("replay") {
        measure::replay::run(&mut report, dir.path(), RECORDED / shorter).await?;
    }
    measure::open_goals(&mut report);
    report.print();
    if only.is_none() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("latest.json");
        std::fs::write(&path, report.to_json())?;
    }
    Ok(())
}
