use axum::http::Method;
use serde_json::json;

use super::super::Harness;

#[tokio::test]
async fn each_check_of_a_batch_is_answered_for_itself() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.permits(&agent, "ok.**", "allow").await;
    h.permits(&agent, "no.**", "deny").await;
    let checks = json!([
        {"action": "ok.run"}, {"action": "ask.me"}, {"action": "no.way"}, {"action": " "}, {"action": "ok.run"}
    ]);
    let whole = agent.posts("checks/batch", json!({"checks": checks})).await;
    let counts = json!({"allow": 2, "deny": 1, "escalate": 1, "error": 1, "skipped": 0});
    assert_eq!(whole["summary"], counts);
    assert_eq!(whole["results"][0]["verdict"], "allow");
    assert_eq!(whole["results"][3]["error"]["code"], "invalid");
    let stopped =
        agent.posts("checks/batch", json!({"checks": checks, "stop_on_deny": true})).await;
    let counts = json!({"allow": 1, "deny": 1, "escalate": 1, "error": 0, "skipped": 2});
    assert_eq!(stopped["summary"], counts);
    let many = vec![json!({"action": "ok.run"}); 101];
    assert_eq!(agent.is_refused("checks/batch", json!({"checks": many})).await.1, "invalid");
    assert_eq!(agent.is_refused("checks/batch", json!({"checks": []})).await.1, "invalid");
}

#[tokio::test]
async fn a_dry_run_leaves_nothing() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(
        "
kind: Policy
name: open
default: allow
rules: [{name: ask, actions: [ask.**], verdict: escalate}]
---
{kind: Budget, name: runs, unit: actions, limit: 5, window: day}
",
    )
    .await;
    let before = h.admin.gets("audit?newest=true&limit=1").await["items"][0]["seq"].clone();
    let dry = |action: &str| json!({"action": action, "dry_run": true});
    assert_eq!(agent.posts("checks", dry("ok.run")).await["verdict"], "allow");
    assert_eq!(agent.posts("checks", dry("ask.me")).await["verdict"], "escalate");
    let (_, answer) = agent.posts_once("dry", "checks", &dry("ok.run")).await;
    assert_eq!(answer["verdict"], "allow");
    let batch = json!({"checks": [{"action": "ok.run"}, {"action": "ask.me"}], "dry_run": true});
    agent.posts("checks/batch", batch).await;
    assert_eq!(h.admin.gets("audit?newest=true&limit=1").await["items"][0]["seq"], before);
    assert_eq!(h.admin.gets("budgets").await["items"][0]["used"], "0");
    let approvals = agent.sends(Method::GET, "approvals", None).await.1;
    assert_eq!(approvals["items"], json!([]));
}
