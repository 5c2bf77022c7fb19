//! P8: what a check, an answer and the pages of people cost with few and with many approvals.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use countersign_domain::AgentId;

use super::{median, millis, ratio};
use crate::browser::Browser;
use crate::fill::fill;
use crate::http::Connection;
use crate::process::{Contestant, Kind, text};
use crate::report::Report;

/// How many there are at first.
const FEW: usize = 1_000;

/// How often each is measured.
const TIMES: usize = 200;

/// How often each page is read.
const READS: usize = 15;

/// What is asked over the API for people to see.
const LISTS: [(&str, &str); 6] = [
    ("inbox", "approvals?status=pending&limit=50"),
    ("newest of all", "approvals?sort=created&limit=50"),
    ("search, one hit", "approvals?q=cus_0000777&limit=50"),
    ("search, many hits", "approvals?q=umbrella&sort=created&limit=50"),
    ("search, no hit", "approvals?q=zeppelin&limit=50"),
    ("statistics of 30 days", "approvals/stats"),
];

/// The pages of the dashboard.
const PAGES: [(&str, &str); 8] = [
    ("page of the inbox", "/approvals"),
    ("page of all requests", "/approvals?view=all"),
    ("page of a search", "/approvals?view=all&q=cus_0000777"),
    ("page of statistics", "/approvals/stats"),
    ("page of the record", "/audit"),
    ("page of the record, one hit", "/audit?q=cus_0000777"),
    ("page of the record, many hits", "/audit?q=umbrella&kind=approval.opened"),
    ("page of the record, no hit", "/audit?q=zeppelin"),
];

struct Costs {
    check: Duration,
    answer: Duration,
    pages: Vec<Duration>,
}

/// Measures with a thousand, adds the rest, and measures again.
pub async fn run(report: &mut Report, dir: &Path, many: usize) -> Result<()> {
    let ours = Contestant::start(Kind::Countersign, &dir.join("growth")).await?;
    let data = dir.join("growth").join("Countersign");
    let agents = ours.person().await?.get("/api/v1/orgs/default/agents").await?;
    let agent: AgentId = text(&agents, "/items/0/id")?.parse()?;
    fill(&data, agent, (0, FEW)).await?;
    let few = costs(&ours).await?;
    fill(&data, agent, (FEW, many)).await?;
    let many_costs = costs(&ours).await?;
    for (what, before, after) in
        [("check", few.check, many_costs.check), ("answer", few.answer, many_costs.answer)]
    {
        report.at_most(
            "P8",
            &format!("{what}, p50, with {many} stored approvals"),
            (millis(after), format!("with {FEW} {}", millis(before))),
            (ratio(after, before), 1.3),
        );
    }
    let pages = LISTS.iter().chain(&PAGES).zip(many_costs.pages).zip(few.pages);
    for (((name, _), after), before) in pages {
        report.at_most(
            "P8",
            &format!("{name}, p50, with {many} stored approvals, ms"),
            (millis(after), format!("with {FEW} {}", millis(before))),
            (after.as_secs_f64() * 1000.0, 50.0),
        );
    }
    Ok(())
}

async fn costs(ours: &Contestant) -> Result<Costs> {
    let (mut agent, mut person) = (ours.agent().await?, ours.person().await?);
    let (mut checks, mut answers) = (Vec::new(), Vec::new());
    for number in 0..TIMES {
        checks.push(check(&mut agent, number).await?);
        answers.push(answer(&mut agent, &mut person, number).await?);
    }
    let mut pages = Vec::new();
    for (_, path) in LISTS {
        let mut times = Vec::new();
        for _ in 0..READS {
            let start = Instant::now();
            person.get(&format!("/api/v1/orgs/default/{path}")).await?;
            times.push(start.elapsed());
        }
        pages.push(median(times));
    }
    let mut browser = Browser::sign_in(ours).await?;
    for (_, path) in PAGES {
        let mut times = Vec::new();
        for _ in 0..READS {
            let start = Instant::now();
            browser.page(path).await?;
            times.push(start.elapsed());
        }
        pages.push(median(times));
    }
    Ok(Costs { check: median(checks), answer: median(answers), pages })
}

async fn check(agent: &mut Connection, number: usize) -> Result<Duration> {
    let body = format!(r#"{{"action":"bench.allowed","params":{{"n":{number}}}}}"#);
    let start = Instant::now();
    agent.post("/api/v1/orgs/default/checks", &body).await?;
    Ok(start.elapsed())
}

/// How long a person's yes takes.
async fn answer(
    agent: &mut Connection,
    person: &mut Connection,
    number: usize,
) -> Result<Duration> {
    let approvals = "/api/v1/orgs/default/approvals";
    let body = format!(r#"{{"action":"bench.growth","params":{{"n":{number}}}}}"#);
    let id = text(&agent.post(approvals, &body).await?, "/id")?;
    let start = Instant::now();
    person.post(&format!("{approvals}/{id}/approve"), "{}").await?;
    Ok(start.elapsed())
}
