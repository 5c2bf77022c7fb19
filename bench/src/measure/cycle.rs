//! P3 to P5: asked, decided, and the waiting side goes on.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::json;

use super::{median, millis, ratio};
use crate::WARM_UP;
use crate::http::Connection;
use crate::process::{Contestant, Kind, text};
use crate::report::Report;

/// One cycle: from asking to awake, and from deciding to awake.
#[derive(Default)]
struct Times {
    whole: Vec<Duration>,
    awake: Vec<Duration>,
}

/// The connections that a cycle needs, and where it goes.
struct Player {
    kind: Kind,
    agent: Connection,
    waiting: Connection,
    person: Connection,
}

impl Player {
    async fn join(server: &Contestant) -> Result<Self> {
        let (agent, waiting) = (server.agent().await?, server.agent().await?);
        Ok(Self { kind: server.kind, agent, waiting, person: server.person().await? })
    }

    async fn cycle(&mut self, number: usize) -> Result<(Duration, Duration)> {
        let (ask, body) = match self.kind {
            Kind::Reference => ("/requests", body(number)),
            Kind::Countersign => ("/api/v1/orgs/default/approvals", body(number)),
        };
        let start = Instant::now();
        let id = text(&self.agent.post(ask, &body).await?, "/id")?;
        let (wait, decide) = match self.kind {
            Kind::Reference => (format!("/requests/{id}"), format!("/requests/{id}/decide")),
            Kind::Countersign => (format!("{ask}/{id}?wait=60s"), format!("{ask}/{id}/approve")),
        };
        self.waiting.send("GET", &wait, "").await?;
        let decided = Instant::now();
        let (awake, done) = tokio::join!(
            async {
                let answer = self.waiting.answer().await?;
                anyhow::ensure!(
                    answer.get("status") == Some(&"approved".into()),
                    "not approved: {answer}"
                );
                Ok(decided.elapsed())
            },
            self.person.post(&decide, "{}")
        );
        done?;
        Ok((start.elapsed(), awake?))
    }
}

/// P3 and P4.
pub async fn one_at_a_time(
    report: &mut Report,
    reference: &Contestant,
    ours: &Contestant,
    cycles: usize,
) -> Result<()> {
    let theirs = times(reference, cycles).await?;
    let own = times(ours, cycles).await?;
    let (whole, whole_reference) = (median(own.whole), median(theirs.whole));
    report.at_most(
        "P3",
        "full cycle, one at a time, p50",
        (millis(whole), millis(whole_reference)),
        (ratio(whole, whole_reference), 3.0),
    );
    let (awake, awake_reference) = (median(own.awake), median(theirs.awake));
    report.at_most(
        "P4",
        "decide → parked agent awake, p50",
        (millis(awake), millis(awake_reference)),
        (ratio(awake, awake_reference), 3.0),
    );
    Ok(())
}

/// P5.
pub async fn at_once(
    report: &mut Report,
    (reference, ours): (&Contestant, &Contestant),
    players: usize,
    cycles: usize,
) -> Result<()> {
    let theirs = per_second(reference, players, cycles).await?;
    let own = per_second(ours, players, cycles).await?;
    report.at_least(
        "P5",
        &format!("cycles per second, {players} at once"),
        (format!("{own:.0}"), format!("{theirs:.0}")),
        (own / theirs, 0.5),
    );
    Ok(())
}

async fn times(server: &Contestant, cycles: usize) -> Result<Times> {
    let mut player = Player::join(server).await?;
    let mut times = Times::default();
    for number in 0..WARM_UP + cycles {
        let (whole, awake) = player.cycle(number).await?;
        if number >= WARM_UP {
            times.whole.push(whole);
            times.awake.push(awake);
        }
    }
    Ok(times)
}

async fn per_second(server: &Contestant, players: usize, cycles: usize) -> Result<f64> {
    let mut all = Vec::new();
    for _ in 0..players {
        all.push(Player::join(server).await?);
    }
    let each = cycles / players;
    let start = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for (number, mut player) in all.into_iter().enumerate() {
        running.spawn(async move {
            for cycle in 0..each {
                player.cycle(number * each + cycle).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = running.join_next().await {
        done??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand cycles")]
    let cycles = (each * players) as f64;
    Ok(cycles / start.elapsed().as_secs_f64())
}

fn body(number: usize) -> String {
    json!({"action": "bench.ask", "params": {"n": number, "currency": "EUR"}, "reasoning": "a benchmark"}).to_string()
}
