//! How fast Countersign is, as ratios to a bare reference server measured in the same run on the same
//! machine, with the same SQLite settings, and every answer given after the sync.
//!
//! `cargo run --release -p countersign-bench` starts what it needs, prints the table, and writes it as
//! JSON. See `bench/README.md` for what each line means.

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

/// How many calls are thrown away before anything is counted.
const WARM_UP: usize = 300;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["reference", dir, address] => runtime.block_on(reference::serve(dir, address)),
        [] => runtime.block_on(bench(1)),
        ["--quick"] => runtime.block_on(bench(10)),
        _ => anyhow::bail!("usage: countersign-bench [--quick]"),
    }
}

/// Runs everything; `shorter` divides the number of calls, for a look rather than a figure.
async fn bench(shorter: usize) -> Result<()> {
    // The parked agents need a connection each.
    rlimit::increase_nofile_limit(u64::MAX).context("more open files are not permitted")?;
    let dir = tempfile::tempdir()?;
    let reference = Contestant::start(Kind::Reference, dir.path()).await?;
    let countersign = Contestant::start(Kind::Countersign, dir.path()).await?;
    let mut report = Report::default();
    measure::check::run(&mut report, &reference, &countersign, 4000 / shorter).await?;
    measure::cycle::one_at_a_time(&mut report, &reference, &countersign, 2000 / shorter).await?;
    for at_once in [32, 128] {
        measure::cycle::at_once(&mut report, (&reference, &countersign), at_once, 12_000 / shorter)
            .await?;
    }
    measure::parked::run(&mut report, &countersign, 10_000 / shorter).await?;
    drop((reference, countersign));
    measure::start::run(&mut report, dir.path()).await?;
    measure::open_goals(&mut report);
    report.print();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("latest.json");
    std::fs::write(&path, report.to_json())?;
    Ok(())
}
