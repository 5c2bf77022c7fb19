//! Conditions that judge by what was counted, asked by many at once: each is judged by what those before it left.

use axum::http::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::super::{Caller, Harness};

/// How many ask at once.
const MANY: u32 = 40;

async fn allowed(agent: &Caller, action: &str) -> usize {
    let answers = join_all((0..MANY).map(|n| agent.checks(action, n))).await;
    answers.iter().filter(|answer| answer["verdict"] == "allow").count()
}

#[tokio::test]
async fn of_many_at_once_as_many_run_as_a_condition_on_what_ran_permits() {
    let cases = [
        ("{name: r, actions: [x.y], when: history.runs < 5, verdict: allow}", 5),
        ("{name: r, actions: [x.y], when: history.day < 5, verdict: allow}", 5),
        ("{name: r, actions: [x.y], when: history.first_seen, verdict: allow}", 1),
        (
            "{name: d, actions: [x.y], when: history.runs >= 5, verdict: deny}, {name: a, actions: [x.y], verdict: allow}",
            5,
        ),
        ("{name: r, actions: [x.y], when: \"budget['runs'].used < 5\", verdict: allow}", 5),
        ("{name: r, actions: [x.y], when: \"budget['runs'].percent < 10\", verdict: allow}", 5),
    ];
    for (rules, permitted) in cases {
        let h = Harness::start().await;
        let agent = h.agent("bot").await;
        h.applies(&format!(
            "kind: Policy\nname: p\ndefault: deny\nrules: [{rules}]\n---\n{{kind: Budget, name: runs, unit: actions, limit: 50, window: day}}\n"
        ))
        .await;
        assert_eq!(allowed(&agent, "x.y").await, permitted, "{rules}");
        assert_eq!(allowed(&agent, "x.y").await, 0, "{rules}");
    }
}

#[tokio::test]
async fn a_grant_whose_condition_looks_at_what_ran_covers_no_more_for_many_at_once() {
    let h = Harness::start().await;
    let agent = h.agent("bot").await;
    h.applies(
        "
{kind: Policy, name: p, default: escalate, rules: []}
---
{kind: Grant, name: g, agents: [bot], actions: [x.y], when: history.runs < 5, limit: {uses: 100, window: day}, risk_at_most: medium}
",
    )
    .await;
    assert_eq!(allowed(&agent, "x.y").await, 5);
}

#[tokio::test]
async fn of_many_yeses_used_at_once_as_many_run_as_a_condition_permits() {
    let h = Harness::start().await;
    let agent = h.agent("bot").await;
    let ask = |n: u32| json!({"action": "x.y", "params": {"n": n}, "reasoning": "because"});
    let mut ids = Vec::new();
    for n in 0..6 {
        let asked: Value = agent.posts("approvals", ask(n)).await;
        let id = asked["id"].as_str().unwrap().to_owned();
        h.admin.approves(&id).await;
        ids.push((id, n));
    }
    h.applies("{kind: Policy, name: p, rules: [{name: d, actions: [x.y], when: history.runs >= 3, verdict: deny}]}")
        .await;
    let agent = &agent;
    let uses = ids.iter().map(|(id, n)| async move {
        let path = format!("approvals/{id}/redeem");
        agent.sends(Method::POST, &path, Some(json!({"params": {"n": n}}))).await
    });
    let answers = join_all(uses).await;
    assert_eq!(answers.iter().filter(|(status, _)| status.is_success()).count(), 3);
}
