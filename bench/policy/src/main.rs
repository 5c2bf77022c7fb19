//! How fast a policy decision is: the same decisions by Countersign, cedar-policy and regorus in one run.
//!
//! The rules: one agent and one action each, without a condition or each with a cap on the amount. Every engine
//! answers the same checks, and their answers are compared before anything is measured.

mod cedar;
mod countersign;
mod rego;

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Result, ensure};
use mimalloc::MiMalloc;

/// The allocator of the server, for every engine.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How many rules there are.
const SIZES: [usize; 3] = [10, 100, 1000];
/// How many times each check is measured.
const ROUNDS: usize = 2000;
/// How many kinds of checks there are; see `checks`.
const KINDS: usize = 3;
/// In how many turns.
const TURNS: usize = 10;

/// One check: whose, about what, and how much.
#[derive(Debug, Clone)]
pub struct Check {
    pub agent: String,
    pub action: String,
    pub amount: i64,
}

/// One rule; with a cap it allows only up to it.
#[derive(Debug, Clone)]
pub struct Rule {
    pub agent: String,
    pub action: String,
    pub cap: Option<i64>,
}

/// Something that answers checks.
pub trait Engine {
    fn name(&self) -> &'static str;
    /// Whether the check is allowed. The check was made ready as far as the engine lets it be.
    fn allows(&mut self, check: usize) -> bool;
}

fn rules(size: usize, conditions: bool) -> Vec<Rule> {
    let rule = |n: usize| Rule {
        agent: format!("agent-{}", n % 50),
        action: format!("service-{n}.call"),
        cap: conditions.then_some(100),
    };
    (0..size).map(rule).collect()
}

/// For every tenth rule (at least ten): one check below the cap, one above, one of another agent.
fn checks(rules: &[Rule]) -> Vec<Check> {
    let step = (rules.len() / 10).max(1);
    let of = |rule: &Rule| {
        let check = |agent: &str, amount| Check { agent: agent.into(), action: rule.action.clone(), amount };
        [check(&rule.agent, 50), check(&rule.agent, 150), check("stranger", 50)]
    };
    rules.iter().step_by(step).flat_map(of).collect()
}

/// What one engine took for each decision about so many rules, in microseconds.
struct Run {
    conditions: bool,
    size: usize,
    checks: usize,
    engine: Box<dyn Engine>,
    times: [Vec<f64>; KINDS],
}

impl Run {
    /// Measures each check `rounds` times; batches of ten are timed, as the clock is not finer.
    fn measure(&mut self, rounds: usize) {
        const BATCH: usize = 10;
        for _ in 0..rounds {
            for check in 0..self.checks {
                let begun = Instant::now();
                for _ in 0..BATCH {
                    black_box(self.engine.allows(black_box(check)));
                }
                self.times[check % KINDS].push(begun.elapsed().as_secs_f64() * 1e6 / 10.0);
            }
        }
    }

    /// The median and the 95th percentile of the kind of check that takes longest, so that those which are refused
    /// early make no figure smaller.
    fn figure(mut self) -> Figure {
        self.times.iter_mut().for_each(|times| times.sort_by(f64::total_cmp));
        let at = |times: &Vec<f64>, share: usize| times.get(times.len() * share / 100).copied().unwrap_or(f64::NAN);
        let longest = |share| self.times.iter().map(|times| at(times, share)).fold(f64::NAN, f64::max);
        (self.conditions, self.size, self.engine.name(), longest(50), longest(95))
    }
}

/// Conditions, rules, engine, median and 95th percentile.
type Figure = (bool, usize, &'static str, f64, f64);

/// All engines for so many rules. That their answers are the same is seen to before anything is measured.
fn runs(conditions: bool, size: usize) -> Result<Vec<Run>> {
    let rules = rules(size, conditions);
    let checks = checks(&rules);
    let mut engines: Vec<Box<dyn Engine>> = vec![
        Box::new(countersign::Countersign::new(&rules, &checks)?),
        Box::new(cedar::Cedar::new(&rules, &checks)?),
        Box::new(rego::Rego::new(&rules, &checks)?),
    ];
    for check in 0..checks.len() {
        let answers: Vec<bool> = engines.iter_mut().map(|engine| engine.allows(check)).collect();
        ensure!(answers.iter().all(|a| *a == answers[0]), "they differ on {:?}: {answers:?}", checks[check]);
    }
    let run = |engine| Run { conditions, size, checks: checks.len(), engine, times: <[Vec<f64>; KINDS]>::default() };
    Ok(engines.into_iter().map(run).collect())
}

fn main() -> Result<()> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let mut all = Vec::new();
    for conditions in [false, true] {
        for size in SIZES {
            all.extend(runs(conditions, size)?);
        }
    }
    // In turns, so that what else the machine does in the meantime meets all of them.
    for _ in 0..TURNS {
        for run in &mut all {
            let slow = run.engine.name() != "countersign";
            run.measure(if quick || slow { ROUNDS / 20 } else { ROUNDS } / TURNS);
        }
    }
    println!("| conditions | rules | engine | p50 µs | p95 µs |\n| --- | --- | --- | --- | --- |");
    let figures: Vec<Figure> = all.into_iter().map(Run::figure).collect();
    for (conditions, size, engine, p50, p95) in &figures {
        println!("| {conditions} | {size} | {engine} | {p50:.2} | {p95:.2} |");
    }
    goals(&figures);
    Ok(())
}

fn goals(figures: &[Figure]) {
    let p50 = |conditions: bool, size: usize| {
        let found = figures.iter().find(|f| f.0 == conditions && f.1 == size && f.2 == "countersign");
        found.map_or(f64::NAN, |figure| figure.3)
    };
    println!("\n| goal | measured | at most | holds |\n| --- | --- | --- | --- |");
    let show = |what: &str, measured: f64, most: f64| {
        println!("| {what} | {measured:.2} | {most} | {} |", if measured <= most { "yes" } else { "**no**" });
    };
    for size in SIZES {
        show(&format!("p50 µs without conditions, {size} rules"), p50(false, size), 1.0);
        show(&format!("p50 µs with a CEL condition, {size} rules"), p50(true, size), 3.0);
    }
    show("1000 rules to 10, without conditions", p50(false, 1000) / p50(false, 10), 1.3);
    show("1000 rules to 10, with conditions", p50(true, 1000) / p50(true, 10), 1.3);
    let json: Vec<_> = figures
        .iter()
        .map(|(conditions, rules, engine, p50, p95)| {
            serde_json::json!({"conditions": conditions, "rules": rules, "engine": engine, "p50_us": p50, "p95_us": p95})
        })
        .collect();
    let written = std::fs::write("latest.json", format!("{:#}\n", serde_json::Value::from(json)));
    if let Err(error) = written {
        eprintln!("latest.json was not written: {error}");
    }
}
