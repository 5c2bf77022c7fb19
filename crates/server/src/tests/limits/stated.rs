//! A yes is used for at most the cost that people saw, and what they saw is what is counted.

use axum::http::Method;
use serde_json::{Value, json};

use super::super::harness::id;
use super::super::{Caller, Harness};

const BUDGET: &str = "{kind: Budget, name: daily, unit: usd, limit: 1000, window: day}";

async fn approved(h: &Harness, agent: &Caller, cost: &Value) -> String {
    let ask = json!({"action": "stripe.refund", "params": {"amount": 50}, "cost": cost});
    let approval = id(&agent.posts("approvals", ask).await);
    h.admin.approves(&approval).await;
    approval
}

fn check(cost: &Value) -> Value {
    json!({"action": "stripe.refund", "params": {"amount": 50}, "cost": cost})
}

async fn used(h: &Harness) -> Value {
    h.admin.gets("budgets").await["items"][0]["used"].clone()
}

#[tokio::test]
async fn a_higher_cost_is_a_new_question_and_leaves_the_yes_alone() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(BUDGET).await;
    let yes = approved(&h, &agent, &json!({"usd": "30", "tokens": 100})).await;
    for cost in [json!({"usd": "300"}), json!({"usd": "30.01"}), json!({"tokens": 101})] {
        let verdict = agent.posts("checks", check(&cost)).await;
        assert_eq!(verdict["verdict"], "escalate", "{cost}: {verdict}");
        let hints = verdict["hints"].to_string();
        assert!(hints.contains("is for at most 30 usd and 100 tokens"), "{hints}");
        let opened = verdict["approval_id"].as_str().unwrap();
        assert_ne!(opened, yes);
        let stated = h.admin.gets(&format!("approvals/{opened}")).await["cost"].clone();
        assert_eq!(
            (&stated["usd"], &stated["tokens"]),
            (
                &json!(cost["usd"].as_str().unwrap_or("0")),
                &json!(cost["tokens"].as_u64().unwrap_or(0))
            )
        );
        agent.posts(&format!("approvals/{opened}/cancel"), json!({})).await;
    }
    assert_eq!(used(&h).await, "0");
    let allowed = agent.posts("checks", check(&json!({"usd": "30", "tokens": 100}))).await;
    assert_eq!(
        (&allowed["reason_code"], &allowed["approval_id"]),
        (&json!("APPROVED"), &json!(yes))
    );
    assert_eq!(used(&h).await, "30");
}

#[tokio::test]
async fn a_lower_cost_uses_it_and_what_people_saw_is_counted() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(BUDGET).await;
    let yes = approved(&h, &agent, &json!({"usd": "30"})).await;
    let allowed = agent.posts("checks", check(&json!({"usd": "10"}))).await;
    assert_eq!(allowed["reason_code"], "APPROVED");
    assert_eq!(used(&h).await, "30");
    let result = json!({"status": "succeeded", "cost": {"usd": "10"}});
    agent.posts(&format!("approvals/{yes}/result"), result).await;
    assert_eq!(used(&h).await, "10", "the report of the real cost takes the rest back");
}

#[tokio::test]
async fn an_approval_that_is_named_is_refused_for_a_higher_cost() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let yes = approved(&h, &agent, &json!({"usd": "30"})).await;
    let mut named = check(&json!({"usd": "300"}));
    named["approval_id"] = json!(yes);
    let (status, problem) = agent.sends(Method::POST, "checks", Some(named.clone())).await;
    assert_eq!(
        (status.as_u16(), &problem["code"]),
        (422, &json!("cost_above_approved")),
        "{problem}"
    );
    assert_eq!(h.admin.gets("approvals?status=pending").await["items"], json!([]));
    named["cost"] = json!({"usd": "30"});
    assert_eq!(agent.posts("checks", named).await["allowed"], true);
}

#[tokio::test]
async fn what_joins_a_request_at_a_higher_cost_is_told_that_its_yes_will_not_do() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let first = agent.posts("checks", check(&json!({"usd": "30"}))).await;
    let second = agent.posts("checks", check(&json!({"usd": "300"}))).await;
    assert_eq!(second["approval_id"], first["approval_id"]);
    assert!(second["hints"].to_string().contains("is for at most 30 usd"), "{second}");
    assert!(!first["hints"].to_string().contains("at most"), "{first}");
    h.admin.approves(first["approval_id"].as_str().unwrap()).await;
    let third = agent.posts("checks", check(&json!({"usd": "300"}))).await;
    assert_eq!(third["verdict"], "escalate");
    assert_ne!(third["approval_id"], first["approval_id"]);
}
