use axum::http::Method;
use serde_json::{Value, json};

use super::super::{Caller, Harness};

const BUDGET: &str = "
kind: Policy
name: open
default: allow
rules: []
---
kind: Budget
name: daily
unit: usd
limit: 100
window: day
escalate_at: 80%
";

async fn spends(agent: &Caller, usd: &str) -> Value {
    agent.posts("checks", json!({"action": "llm.call", "cost": {"usd": usd}})).await
}

async fn used(h: &Harness) -> String {
    h.admin.gets("budgets").await["items"][0]["used"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn spending_is_counted_with_the_verdict_and_the_window_begins_anew() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(BUDGET).await;
    assert_eq!(spends(&agent, "60").await["verdict"], "allow");
    h.passes("3h").await;
    let budget = h.admin.gets("budgets").await["items"][0].clone();
    assert_eq!(
        [&budget["used"], &budget["limit"], &budget["resets_at"], &budget["forecast"]],
        [&json!("60"), &json!("100"), &json!("2026-01-16T00:00:00Z"), &json!("120")]
    );
    assert_eq!(budget["percent"], 60);
    let near = spends(&agent, "25").await;
    assert_eq!(
        (&near["verdict"], &near["reason_code"]),
        (&json!("escalate"), &json!("BUDGET_NEAR_LIMIT"))
    );
    let over = spends(&agent, "41").await;
    assert_eq!(
        (&over["verdict"], &over["reason_code"]),
        (&json!("deny"), &json!("BUDGET_EXCEEDED"))
    );
    assert_eq!(used(&h).await, "60");
    h.passes("24h").await;
    assert_eq!(used(&h).await, "0");
    assert_eq!(spends(&agent, "60").await["verdict"], "allow");
}

#[tokio::test]
async fn of_many_at_once_as_many_pass_as_the_limit_permits() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(
        "
kind: Policy
name: open
default: allow
rules: []
---
{kind: Budget, name: runs, unit: actions, limit: 20, window: day}
",
    )
    .await;
    let checks = (0..60).map(|n| agent.checks("stripe.refund", n));
    let answers = futures_util::future::join_all(checks).await;
    let count = |code: &str| answers.iter().filter(|a| a["reason_code"] == code).count();
    assert_eq!(count("BUDGET_EXCEEDED"), 40);
    assert_eq!(answers.iter().filter(|a| a["verdict"] == "allow").count(), 20);
    assert_eq!(used(&h).await, "20");
}

#[tokio::test]
async fn a_retried_check_is_charged_once_and_does_not_stand_in_its_own_way() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(&BUDGET.replace("limit: 100", "limit: 60").replace("escalate_at: 80%", "")).await;
    let check = json!({"action": "llm.call", "cost": {"usd": "60"}});
    for _ in 0..3 {
        let (_, answer) = agent.posts_once("once", "checks", &check).await;
        assert_eq!(answer["verdict"], "allow", "{answer}");
    }
    assert_eq!(used(&h).await, "60");
    assert_eq!(spends(&agent, "60").await["reason_code"], "BUDGET_EXCEEDED");
}

#[tokio::test]
async fn a_budget_is_announced_once_per_window_when_it_comes_near_its_limit() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(&BUDGET.replace("escalate_at: 80%", "")).await;
    let told = || async {
        let records = h.admin.gets("audit?limit=200&kind=budget.near_limit").await;
        records["items"].as_array().unwrap().clone()
    };
    spends(&agent, "89").await;
    assert_eq!(told().await.len(), 0);
    spends(&agent, "2").await;
    spends(&agent, "2").await;
    let once = told().await;
    assert_eq!(once.len(), 1);
    assert_eq!(once[0]["data"]["percent"], 91);
    assert_eq!(once[0]["data"]["budget"], "daily");
    h.passes("24h").await;
    spends(&agent, "95").await;
    assert_eq!(told().await.len(), 2);
}

#[tokio::test]
async fn real_costs_correct_what_was_charged_for_an_approval_and_nothing_else() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(&BUDGET.replace("escalate_at: 80%", "")).await;
    let other = h.agent("other").await;
    spends(&other, "30").await;

    let cost = |usd: &str, approval: Option<&str>| json!({"action": "llm.call", "cost": {"usd": usd}, "approval_id": approval});
    let ask = json!({"action": "llm.call", "params": {}, "cost": {"usd": "40", "estimate": true}});
    let id = super::super::harness::id(&agent.posts("approvals", ask.clone()).await);
    h.admin.approves(&id).await;
    assert_eq!(agent.is_refused("costs", cost("0", Some(&id))).await.1, "not_running");
    agent.posts(&format!("approvals/{id}/redeem"), json!({"params": {}})).await;
    assert_eq!(used(&h).await, "70");
    assert_eq!(other.is_refused("costs", cost("0", Some(&id))).await.1, "not_found");
    let corrected = agent.posts("costs", cost("10", Some(&id))).await;
    assert_eq!(corrected["corrected"], json!([{"counter": "budget:daily", "by": "-30"}]));
    assert_eq!(used(&h).await, "40");
    assert_eq!(agent.is_refused("costs", cost("0", Some(&id))).await.1, "conflict");
    let result = json!({"status": "succeeded", "cost": {"usd": "0"}});
    agent.posts(&format!("approvals/{id}/result"), result).await;
    assert_eq!(used(&h).await, "40", "it was corrected once already");

    agent.posts("costs", cost("80", None)).await;
    assert_eq!(used(&h).await, "120", "spent money is counted over the limit as well");
    agent
        .posts(
            "costs",
            json!({"action": "llm.call", "cost": {"usd": "0"}, "estimate": {"usd": "90"}}),
        )
        .await;
    assert_eq!(used(&h).await, "120", "without an approval nothing is lowered");
}

#[tokio::test]
async fn the_cost_of_a_result_corrects_the_estimate() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(&BUDGET.replace("escalate_at: 80%", "")).await;
    let ask = json!({"action": "llm.call", "params": {}, "cost": {"usd": "40"}});
    let id = super::super::harness::id(&agent.posts("approvals", ask).await);
    h.admin.approves(&id).await;
    agent.posts(&format!("approvals/{id}/redeem"), json!({"params": {}})).await;
    agent
        .posts(
            &format!("approvals/{id}/result"),
            json!({"status": "failed", "cost": {"usd": "55"}}),
        )
        .await;
    assert_eq!(used(&h).await, "55");
}

#[tokio::test]
async fn what_an_agents_manifest_does_not_permit_it_cannot_have_paid_for() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(&format!(
        "{BUDGET}---\n{{kind: Agent, name: support, manifest: {{actions: [llm.*]}}}}\n"
    ))
    .await;
    let cost = |action: &str| json!({"action": action, "cost": {"usd": "90"}});
    let (status, told) = agent.sends(Method::POST, "costs", Some(cost("bank.pay"))).await;
    assert_eq!((status.as_u16(), &told["code"]), (403, &json!("policy_denied")), "{told}");
    let detail = told["detail"].as_str().unwrap();
    assert!(
        detail.contains("the manifest permits `llm.*`, which does not cover `bank.pay`"),
        "{told}"
    );
    assert_eq!(used(&h).await, "0");
    agent.posts("costs", cost("llm.call")).await;
    assert_eq!(used(&h).await, "90");
    let free = h.agent("free").await;
    free.posts("costs", cost("bank.pay")).await;
    assert_eq!(used(&h).await, "180", "without a manifest nothing limits the actions");
}
