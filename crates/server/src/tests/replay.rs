//! Recorded checks, judged again by changed documents.

use serde_json::json;

use super::Harness;

const CHANGED: &str = "\
kind: Policy
name: refunds
rules:
  - name: small
    actions: [stripe.refund]
    when: params.amount <= 100
    verdict: allow
  - name: never
    actions: [crm.delete]
    verdict: deny
---
kind: Budget
name: few
scope: {actions: [stripe.refund]}
unit: actions
limit: 3
window: day
";

#[tokio::test]
async fn a_replay_shows_what_would_differ_and_changes_nothing() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.permits(&agent, "crm.*", "allow").await;
    for amount in 1..=5 {
        agent.checks("stripe.refund", amount).await;
    }
    agent.checks("stripe.refund", 101).await;
    agent.checks("crm.delete", 1).await;
    agent.checks("crm.read", 1).await;
    let head =
        || async { h.admin.gets("audit?newest=true&limit=1").await["items"][0]["seq"].clone() };
    let before = head().await;
    let files = json!([{"name": "p.yaml", "text": CHANGED}]);
    let body = json!({"files": files, "since": "1d"});
    let replayed = h.admin.posts("policies/replay", body.clone()).await;
    assert_eq!((&replayed["judged"], &replayed["same"]), (&json!(8), &json!(1)));
    let groups: Vec<_> = replayed["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            json!([group["from"], group["to"], group["action"], group["rule"], group["count"]])
        })
        .collect();
    assert!(
        groups.contains(&json!(["escalate", "allow", "stripe.refund", "refunds/small", 3])),
        "{groups:?}"
    );
    assert!(
        groups.contains(&json!(["allow", "deny", "crm.delete", "refunds/never", 1])),
        "{groups:?}"
    );
    let over =
        replayed["differences"].as_array().unwrap().iter().find(|g| g["rule"] == "BUDGET_EXCEEDED");
    assert_eq!(over.unwrap()["count"], 3, "from the fourth on they are over the simulated budget");
    assert_eq!(replayed["differences"][0]["examples"][0]["params"], json!({"amount": 1}));
    assert_eq!(head().await, before, "nothing was recorded");
    assert_eq!(h.admin.gets("policies").await["items"], json!([]));
    h.passes("PT48H").await;
    assert_eq!(h.admin.posts("policies/replay", body.clone()).await["judged"], 0);
    assert_eq!(agent.is_refused("policies/replay", body).await, (403, "people_only".into()));
}
