//! P9: how soon a server on an existing database serves.

use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::{median, millis};
use crate::http::Connection;
use crate::process::countersign;
use crate::report::Report;

/// Starts the product again and again on what the other measurements left behind.
pub async fn run(report: &mut Report, dir: &Path) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..5 {
        times.push(once(&dir.join("Countersign")).await?);
    }
    let time = median(times);
    report.at_most(
        "P9",
        "start to serving on an existing database, ms",
        (millis(time), String::new()),
        (time.as_secs_f64() * 1000.0, 200.0),
    );
    Ok(())
}

async fn once(data: &Path) -> Result<Duration> {
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let start = Instant::now();
    let mut child = countersign(data, &address)?;
    let served = loop {
        if let Ok(mut connection) = Connection::open(&address, "").await
            && connection.get("/healthz").await.is_ok()
        {
            break start.elapsed();
        }
        anyhow::ensure!(start.elapsed() < Duration::from_secs(10), "the server did not come up");
        tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_millis(2)).await;
    };
    child.kill()?;
    child.wait()?;
    Ok(served)
}
