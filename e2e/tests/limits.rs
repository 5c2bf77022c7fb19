//! Limits and freezes under load: what is counted is counted exactly, what is stopped is stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_client::Client;
use countersign_domain::policy::{Decision, ReasonCode};
use countersign_e2e::Server;
use countersign_wire::checks::CheckRequest;

fn check(action: &str) -> CheckRequest {
    CheckRequest { action: action.to_owned(), ..CheckRequest::default() }
}

/// Applies documents as an admin does.
fn apply(server: &Server, yaml: &str) {
    let file = format!("{}/limits.yaml", server.data_dir());
    std::fs::write(&file, yaml).unwrap();
    let applied = server.runs(&["apply", "-f", &file, "--yes"]);
    assert_eq!(applied.code, 0, "{} {}", applied.out, applied.err);
}

const OPEN: &str = "
kind: Policy
name: open
default: allow
rules: []
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_200_checks_at_once_against_a_limit_of_50_exactly_50_pass() {
    let server = Server::start().await;
    let agent = server.agent("racer").await;
    apply(
        &server,
        &format!(
            "{OPEN}---\n{{kind: Budget, name: runs, unit: actions, limit: 50, window: total}}\n"
        ),
    );
    let request = check("race.run");
    let checks = (0..200).map(|_| agent.check(&request, None));
    let answers = futures_util::future::join_all(checks).await;
    let verdicts: Vec<_> = answers.into_iter().map(|answer| answer.expect("an answer")).collect();
    let allowed = verdicts.iter().filter(|verdict| verdict.allowed).count();
    let denied = |code: &ReasonCode| {
        verdicts.iter().filter(|v| v.verdict == Decision::Deny && v.reason_code == *code).count()
    };
    assert_eq!((allowed, denied(&ReasonCode::BudgetExceeded)), (50, 150));
    let budgets = server.admin().budgets().await.unwrap();
    assert_eq!(budgets.items.first().map(|budget| budget.used.as_str()), Some("50"));
    server.verified_records();
}

/// Checks until told to stop; whether anything was allowed after `frozen` was set.
async fn checks_on(
    agent: Client,
    frozen: Arc<AtomicBool>,
    done: Arc<AtomicBool>,
) -> (usize, usize) {
    let request = check("race.run");
    let (mut before, mut after) = (0, 0);
    while !done.load(Ordering::SeqCst) {
        let was_frozen = frozen.load(Ordering::SeqCst);
        let allowed = agent.check(&request, None).await.expect("an answer").allowed;
        before += usize::from(allowed && !was_frozen);
        after += usize::from(allowed && was_frozen);
    }
    (before, after)
}

/// Freezes while 50 agents check without pause.
async fn frozen_under_load(server: &Server, freeze: &[&str]) {
    let agent = server.agent("racer").await;
    apply(server, OPEN);
    let (frozen, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let tasks: Vec<_> = (0..50)
        .map(|_| tokio::spawn(checks_on(agent.clone(), Arc::clone(&frozen), Arc::clone(&done))))
        .collect();
    while agent.check(&check("race.run"), None).await.expect("an answer").reason_code
        != ReasonCode::AllowedByPolicy
    {}
    let answer = server.runs(freeze);
    assert_eq!(answer.code, 0, "{}", answer.err);
    frozen.store(true, Ordering::SeqCst);
    for _ in 0..50 {
        let verdict = agent.check(&check("race.run"), None).await.expect("an answer");
        assert_eq!(verdict.reason_code, ReasonCode::Frozen);
    }
    done.store(true, Ordering::SeqCst);
    let (mut before, mut after) = (0, 0);
    for task in tasks {
        let counted = task.await.unwrap();
        (before, after) = (before + counted.0, after + counted.1);
    }
    assert!(before > 0, "nothing ran before, so that nothing was stopped");
    assert_eq!(after, 0, "allowed after the freeze was acknowledged");
    server.verified_records();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_freeze_is_acknowledged_nothing_is_allowed() {
    let server = Server::start().await;
    frozen_under_load(&server, &["freeze", "all", "--reason", "alarm"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_freeze_in_the_database_holds_at_once_and_over_restarts() {
    let mut server = Server::start().await;
    let dir = server.data_dir();
    let freeze = ["freeze", "all", "--reason", "fire", "--data-dir", &dir];
    frozen_under_load(&server, &freeze).await;
    server.terminate();
    server.ended();
    server.restart().await;
    let agent = server.agent("later").await;
    let verdict = agent.check(&check("race.run"), None).await.unwrap();
    assert_eq!(verdict.reason_code, ReasonCode::Frozen);
    assert_eq!(server.runs(&["unfreeze", "all", "--data-dir", &dir]).code, 0);
    let nowhere = format!("{dir}/nowhere");
    let missing = server.runs(&["freeze", "all", "--reason", "fire", "--data-dir", &nowhere]);
    assert_eq!(missing.code, 9, "{}", missing.err);
    assert!(missing.err.contains("there is no Countersign database in"), "{}", missing.err);
    assert!(!std::path::Path::new(&nowhere).exists(), "nothing is made there");
}
