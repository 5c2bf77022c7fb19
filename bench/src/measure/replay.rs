//! Recorded checks judged again by changed documents: whether the answer is right, and how soon it is there.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::median;
use crate::process::{Contestant, Kind};
use crate::report::Report;

/// How many checks are under way while the log is filled.
const AT_ONCE: usize = 32;

/// How often it is measured.
const TIMES: usize = 3;

/// Of ten checks three meet a condition, one a refusal, and one a budget that ends before they do.
const FILE: &str = "\
kind: Policy
name: replay
rules:
  - name: large
    actions: [bench.replay-0, bench.replay-1, bench.replay-2]
    when: params.amount > 90
    verdict: escalate
  - name: never
    actions: [bench.replay-3]
    verdict: deny
---
kind: Budget
name: replay
scope: {actions: [bench.replay-4]}
unit: actions
limit: LIMIT
window: total
";

/// What is counted of each group: decision, action and rule.
type Groups = BTreeMap<(String, String, String), usize>;

/// Records `checks` allowed checks through the front door, and replays them.
pub async fn run(report: &mut Report, dir: &Path, checks: usize) -> Result<()> {
    let ours = Contestant::start(Kind::Countersign, &dir.join("replay")).await?;
    record(&ours, checks).await?;
    let limit = checks / 25;
    let files = json!([{"name": "replay.yaml", "text": FILE.replace("LIMIT", &limit.to_string())}]);
    let body = json!({"files": files, "since": "7d"}).to_string();
    let mut person = ours.person().await?;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let start = Instant::now();
        let answer = person.post("/api/v1/orgs/default/policies/replay", &body).await?;
        times.push(start.elapsed());
        is_right(&answer, checks, limit)?;
    }
    let seconds = median(times).as_secs_f64();
    let what = format!("{checks} recorded checks judged again, s");
    report.at_most("replay", &what, (format!("{seconds:.2} s"), String::new()), (seconds, 10.0));
    Ok(())
}

/// The `number`th check: its action and its amount.
const fn check(number: usize) -> (usize, usize) {
    (number % 10, number / 10 % 100)
}

async fn record(ours: &Contestant, checks: usize) -> Result<()> {
    let mut person = ours.person().await?;
    let permission = json!({"action": "bench.**", "effect": "allow"}).to_string();
    person.send("PUT", "/api/v1/orgs/default/agents/bench/permissions", &permission).await?;
    person.answer().await?;
    let next = Arc::new(AtomicUsize::new(0));
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (mut connection, next) = (ours.agent().await?, Arc::clone(&next));
        callers.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= checks {
                    return anyhow::Ok(());
                }
                let (action, amount) = check(number);
                let params = json!({"amount": amount, "currency": "EUR", "customer": "cus_81"});
                let body = json!({"action": format!("bench.replay-{action}"), "params": params});
                connection.post("/api/v1/orgs/default/checks", &body.to_string()).await?;
            }
        });
    }
    while let Some(done) = callers.join_next().await {
        done??;
    }
    Ok(())
}

/// What has to be found; of the checks that meet the budget, `limit` stay allowed.
fn expected(checks: usize, limit: usize) -> Groups {
    let mut groups = Groups::new();
    let mut room = limit;
    for (action, amount) in (0..checks).map(check) {
        let (to, rule) = match action {
            0..=2 if amount > 90 => ("escalate", "replay/large"),
            3 => ("deny", "replay/never"),
            4 if room > 0 => {
                room -= 1;
                continue;
            }
            4 => ("deny", "BUDGET_EXCEEDED"),
            _ => continue,
        };
        let group = (to.to_owned(), format!("bench.replay-{action}"), rule.to_owned());
        *groups.entry(group).or_default() += 1;
    }
    groups
}

/// A replay that leaves something out, or gets it wrong, is not measured.
fn is_right(answer: &Value, checks: usize, limit: usize) -> Result<()> {
    let expected = expected(checks, limit);
    let mut found = Groups::new();
    for group in answer.get("differences").and_then(Value::as_array).context("no differences")? {
        let text =
            |field: &str| group.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let count = group.get("count").and_then(Value::as_u64).context("no count")?;
        found.insert((text("to"), text("action"), text("rule")), usize::try_from(count)?);
    }
    ensure!(found == expected, "the replay found {found:?} instead of {expected:?}");
    let same = checks - expected.values().sum::<usize>();
    let counts =
        ["judged", "same", "left_out"].map(|field| answer.get(field).and_then(Value::as_u64));
    let right = [checks, same, 0].map(|count| u64::try_from(count).ok());
    ensure!(counts == right, "the replay counted {counts:?} instead of {right:?}");
    Ok(())
}
