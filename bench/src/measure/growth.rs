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

/// What was measured on one of the two servers.
#[derive(Default)]
struct Times {
    checks: Vec<Duration>,
    answers: Vec<Duration>,
    pages: Vec<Vec<Duration>>,
}

/// A server, and who asks it.
struct Side {
    agent: Connection,
    person: Connection,
    browser: Browser,
    times: Times,
}

/// Fills one server with a thousand and another with many, and measures both in turn: what the machine and its disk
/// are doing meanwhile, they do to both.
pub async fn run(report: &mut Report, dir: &Path, many: usize) -> Result<()> {
    let with_few = filled(&dir.join("few"), FEW).await?;
    let with_many = filled(&dir.join("many"), many).await?;
    let mut sides = [Side::of(&with_few).await?, Side::of(&with_many).await?];
    for number in 0..TIMES {
        for side in &mut sides {
            side.changes(number).await?;
        }
    }
    for path in LISTS.iter().chain(&PAGES).map(|(_, path)| path) {
        for side in &mut sides {
            side.times.pages.push(Vec::new());
        }
        for _ in 0..READS {
            for side in &mut sides {
                side.reads(path).await?;
            }
        }
    }
    let [few, many_of_them] = sides.map(|side| side.times);
    tell(report, many, few, many_of_them);
    Ok(())
}

fn tell(report: &mut Report, many: usize, few: Times, with_many: Times) {
    for (what, before, after) in
        [("check", few.checks, with_many.checks), ("answer", few.answers, with_many.answers)]
    {
        let (before, after) = (median(before), median(after));
        report.at_most(
            "P8",
            &format!("{what}, p50, with {many} stored approvals"),
            (millis(after), format!("with {FEW} {}", millis(before))),
            (ratio(after, before), 1.3),
        );
    }
    let pages = LISTS.iter().chain(&PAGES).zip(with_many.pages).zip(few.pages);
    for (((name, _), after), before) in pages {
        let (before, after) = (median(before), median(after));
        report.at_most(
            "P8",
            &format!("{name}, p50, with {many} stored approvals, ms"),
            (millis(after), format!("with {FEW} {}", millis(before))),
            (after.as_secs_f64() * 1000.0, 50.0),
        );
    }
}

/// A server with so many approvals, all of them on the disk.
async fn filled(dir: &Path, many: usize) -> Result<Contestant> {
    let ours = Contestant::start(Kind::Countersign, dir).await?;
    let data = dir.join("Countersign");
    let agents = ours.person().await?.get("/api/v1/orgs/default/agents").await?;
    let agent: AgentId = text(&agents, "/items/0/id")?.parse()?;
    fill(&data, agent, (0, many)).await?;
    for file in std::fs::read_dir(&data)? {
        let path = file?.path();
        if path.is_file() {
            std::fs::File::open(path)?.sync_all()?;
        }
    }
    Ok(ours)
}

impl Side {
    async fn of(ours: &Contestant) -> Result<Self> {
        Ok(Self {
            agent: ours.agent().await?,
            person: ours.person().await?,
            browser: Browser::sign_in(ours).await?,
            times: Times::default(),
        })
    }

    /// Measures a check and an answer.
    async fn changes(&mut self, number: usize) -> Result<()> {
        self.times.checks.push(check(&mut self.agent, number).await?);
        self.times.answers.push(answer(&mut self.agent, &mut self.person, number).await?);
        Ok(())
    }

    /// Measures one reading of a list or a page.
    async fn reads(&mut self, path: &str) -> Result<()> {
        let start = Instant::now();
        if path.starts_with('/') {
            self.browser.page(path).await?;
        } else {
            self.person.get(&format!("/api/v1/orgs/default/{path}")).await?;
        }
        let took = start.elapsed();
        self.times.pages.last_mut().into_iter().for_each(|times| times.push(took));
        Ok(())
    }
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
