//! P7: many parked agents on one node.

use std::time::Instant;

use anyhow::Result;
use tokio::task::JoinSet;

use crate::process::{Contestant, text};
use crate::report::Report;

/// How many approvals they wait for; deciding each wakes its share.
const APPROVALS: usize = 100;

/// Parks so many agents, measures the memory of each, wakes all, and measures how long that takes.
pub async fn run(report: &mut Report, ours: &Contestant, agents: usize) -> Result<()> {
    let approvals = "/api/v1/orgs/default/approvals";
    let mut asking = ours.agent().await?;
    let mut ids = Vec::new();
    for number in 0..APPROVALS {
        let body = format!(r#"{{"action":"bench.parked","params":{{"n":{number}}}}}"#);
        ids.push(text(&asking.post(approvals, &body).await?, "/id")?);
    }
    let before = ours.memory()?;
    let mut parked = Vec::new();
    for id in ids.iter().cycle().take(agents) {
        let mut connection = ours.agent().await?;
        connection.send("GET", &format!("{approvals}/{id}?wait=120s"), "").await?;
        parked.push(connection);
    }
    settled(ours).await?;
    #[expect(clippy::cast_precision_loss, reason = "a few thousand agents")]
    let each = (ours.memory()? - before) / agents as f64;
    let start = Instant::now();
    let mut person = ours.person().await?;
    let mut waking = JoinSet::new();
    for mut connection in parked {
        waking.spawn(async move { connection.answer().await });
    }
    for id in &ids {
        person.post(&format!("{approvals}/{id}/approve"), "{}").await?;
    }
    while let Some(answer) = waking.join_next().await {
        let answer = answer??;
        anyhow::ensure!(answer.get("status") == Some(&"approved".into()), "not approved: {answer}");
    }
    let woken = start.elapsed().as_secs_f64();
    report.at_most(
        "P7",
        &format!("memory of each of {agents} parked agents, kB"),
        (format!("{:.1} kB", each / 1000.0), String::new()),
        (each / 1000.0, 25.0),
    );
    report.at_most(
        "P7",
        &format!("all {agents} awake, seconds from the first of {APPROVALS} decisions"),
        (format!("{woken:.2} s"), String::new()),
        (woken, 1.0),
    );
    Ok(())
}

/// Waits until the server has taken in every request: a later one is answered only after it read them.
async fn settled(ours: &Contestant) -> Result<()> {
    let mut last = -1.0;
    for _ in 0..100 {
        tokio::time::sleep_until(
            tokio::time::Instant::now() + std::time::Duration::from_millis(200),
        )
        .await;
        let cpu = ours.cpu_seconds()?;
        if (cpu - last).abs() < 0.015 {
            return Ok(());
        }
        last = cpu;
    }
    Ok(())
}
