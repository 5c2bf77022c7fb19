//! What was approved is looked at anew when it is used.

use axum::http::Method;
use serde_json::json;

use super::super::{Caller, Harness};

async fn approved(h: &Harness, agent: &Caller) -> String {
    let ask = json!({"action": "stripe.refund", "params": {"amount": 50}, "cost": {"usd": "50"}});
    let id = super::super::harness::id(&agent.posts("approvals", ask).await);
    h.admin.approves(&id).await;
    id
}

/// It is stopped, and the record and the approval say why.
async fn is_stopped(h: &Harness, agent: &Caller, id: &str, why: &str) {
    let body = json!({"params": {"amount": 50}});
    let refused = agent.is_refused(&format!("approvals/{id}/redeem"), body).await;
    assert_eq!(refused, (409, "policy_stopped".into()), "{why}");
    let seen = h.admin.gets(&format!("approvals/{id}")).await;
    assert_eq!(seen["execution"]["state"], "revoked", "{why}");
    let records = h.admin.gets(&format!("audit?approval_id={id}&limit=50")).await;
    let last = records["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["kind"], "execution.revoked");
    let reason = last["data"]["reason"].as_str().unwrap();
    assert!(reason.contains(why), "`{why}` in `{reason}`");
}

#[tokio::test]
async fn a_tightened_policy_stops_it() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = approved(&h, &agent).await;
    h.applies(
        "{kind: Policy, name: p, rules: [{name: never, actions: [stripe.**], verdict: deny}]}",
    )
    .await;
    is_stopped(&h, &agent, &id, "never").await;
}

#[tokio::test]
async fn an_inactive_agent_is_stopped() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = approved(&h, &agent).await;
    let path = format!("agents/{}", agent.id);
    h.admin.sends(Method::PATCH, &path, Some(json!({"status": "inactive"}))).await;
    is_stopped(&h, &agent, &id, "inactive").await;
}

#[tokio::test]
async fn a_freeze_stops_it() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = approved(&h, &agent).await;
    h.admin
        .posts("freezes", json!({"scope": "action", "name": "stripe.*", "reason": "audit"}))
        .await;
    is_stopped(&h, &agent, &id, "frozen by root@example.com: audit").await;
}

#[tokio::test]
async fn a_spent_budget_stops_it() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies("{kind: Budget, name: daily, unit: usd, limit: 80, window: day}").await;
    let (first, second) = (approved(&h, &agent).await, approved(&h, &agent).await);
    let body = json!({"params": {"amount": 50}});
    agent.posts(&format!("approvals/{first}/redeem"), body).await;
    is_stopped(&h, &agent, &second, "daily").await;
    assert_eq!(h.admin.gets("budgets").await["items"][0]["used"], "50");
}

#[tokio::test]
async fn a_revoked_key_uses_nothing() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = approved(&h, &agent).await;
    let keys = h.admin.gets("keys").await;
    let own = |key: &&serde_json::Value| key["holder"].to_string().contains(&agent.id);
    let key = keys["items"].as_array().unwrap().iter().find(own).unwrap()["id"].clone();
    h.admin.sends(Method::DELETE, &format!("keys/{}", key.as_str().unwrap()), None).await;
    let body = json!({"params": {"amount": 50}});
    let refused = agent.is_refused(&format!("approvals/{id}/redeem"), body).await;
    assert_eq!(refused, (401, "unauthenticated".into()));
}
