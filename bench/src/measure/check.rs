//! P2: what a check costs over HTTP, with key and durable record.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::json;

use super::{median, millis, ratio};
use crate::WARM_UP;
use crate::http::Connection;
use crate::process::Contestant;
use crate::report::Report;

/// How many checks are under way while CPU time is measured.
const AT_ONCE: usize = 32;

/// Measures both.
pub async fn run(
    report: &mut Report,
    reference: &Contestant,
    ours: &Contestant,
    calls: usize,
) -> Result<()> {
    let check = "/api/v1/orgs/default/checks";
    let single = median(times(&mut ours.agent().await?, check, calls).await?);
    let write = median(times(&mut reference.agent().await?, "/requests", calls).await?);
    report.at_most(
        "P2",
        "check, one at a time, p50",
        (millis(single), format!("single write {}", millis(write))),
        (ratio(single, write), 2.0),
    );
    let cost = cpu_per_call(ours, check, calls * 4).await?;
    let bare = cpu_per_call(reference, "/bare", calls * 4).await?;
    report.at_most(
        "P2",
        "server CPU per check",
        (format!("{:.1} µs", cost * 1e6), format!("bare POST {:.1} µs", bare * 1e6)),
        (cost / bare, 3.0),
    );
    let durable = cpu_per_call(reference, "/requests", calls * 4).await?;
    report.seen(
        "P2",
        "server CPU per check, against a bare durable write",
        (format!("{:.1} µs", cost * 1e6), format!("durable write {:.1} µs", durable * 1e6)),
        cost / durable,
    );
    Ok(())
}

async fn times(connection: &mut Connection, path: &str, calls: usize) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(calls);
    for call in 0..WARM_UP + calls {
        let body = body(call);
        let start = Instant::now();
        connection.post(path, &body).await?;
        if call >= WARM_UP {
            times.push(start.elapsed());
        }
    }
    Ok(times)
}

async fn cpu_per_call(server: &Contestant, path: &'static str, calls: usize) -> Result<f64> {
    let before = server.cpu_seconds()?;
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..AT_ONCE {
        let mut connection = server.agent().await?;
        callers.spawn(async move {
            for call in 0..calls / AT_ONCE {
                connection.post(path, &body(caller * calls + call)).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = callers.join_next().await {
        done??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand calls")]
    let calls = (calls / AT_ONCE * AT_ONCE) as f64;
    Ok((server.cpu_seconds()? - before) / calls)
}

fn body(call: usize) -> String {
    json!({"action": "bench.allowed", "params": {"amount": call, "currency": "EUR", "customer": "cus_81"}}).to_string()
}
