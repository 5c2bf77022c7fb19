//! An agent reports what a person said; see the table of the domain for who may.

use axum::http::Method;
use serde_json::json;

use super::Harness;
use super::harness::id;

#[tokio::test]
async fn without_a_rule_that_permits_it_no_agent_key_decides_anything() {
    let h = Harness::start().await;
    let (asking, chat) = (h.agent("support").await, h.agent("chat").await);
    let approval = asking.asks(50).await;
    let path = format!("approvals/{approval}/attest");
    let body = json!({"decision": "approve", "evidence": "she said yes"});
    assert_eq!(chat.is_refused(&path, body.clone()).await, (404, "not_found".into()));
    assert_eq!(asking.is_refused(&path, body.clone()).await, (403, "relay_not_permitted".into()));
    assert_eq!(h.application.is_refused(&path, body.clone()).await, (403, "forbidden".into()));
    assert_eq!(h.admin.is_refused(&path, body).await, (403, "agents_only".into()));
    let seen = h.admin.gets(&format!("approvals/{approval}")).await;
    assert_eq!((&seen["status"], &seen["answers"]), (&json!("pending"), &json!([])));
}

#[tokio::test]
async fn people_see_what_is_demanded_and_who_can_still_decide() {
    let h = Harness::start().await;
    h.person("vic@example.com", "viewer").await;
    let ana = h.person("ana@example.com", "approver").await;
    let agent = h.agent("support").await;
    let approval = agent.asks(50).await;
    let path = format!("approvals/{approval}");
    let seen = ana.gets(&path).await;
    assert_eq!(seen["can_decide"], json!(["ana@example.com", "root@example.com"]));
    assert_eq!(seen["assurance"], "session");
    assert_eq!(seen["on_timeout"], json!({"then": "deny"}));
    let stage = json!({"name": "approvers", "need": 1, "have": 0, "groups": [], "people": []});
    assert_eq!((&seen["stages"], &seen["relayed"]), (&json!([stage]), &json!(false)));
    let (status, told) = agent.sends(Method::GET, &path, None).await;
    assert!(status.is_success());
    assert_eq!(told.get("can_decide"), None, "agents are not told who people are");
    h.admin.approves(&approval).await;
    assert_eq!(h.admin.gets(&path).await["can_decide"], json!([]));
}

#[tokio::test]
async fn an_agent_that_states_a_low_risk_opens_no_relaying_and_a_rule_that_rates_it_does() {
    let h = Harness::start().await;
    h.person("ana@example.com", "approver").await;
    let (asking, chat) = (h.agent("support").await, h.agent("chat").await);
    h.applies(
        "{kind: Policy, name: told, rules: [{name: unrated, actions: [crm.note], verdict: escalate, \
         approval: {relayed: true}}, {name: rated, actions: [crm.tag], verdict: escalate, risk: low, \
         approval: {relayed: true}}]}",
    )
    .await;
    let said = json!({"decision": "approve", "person": "ana@example.com", "evidence": "chat 17"});
    for stated in [json!(null), json!("low"), json!("medium")] {
        let ask = json!({"action": "crm.note", "params": {"risk": stated}, "risk": stated});
        let path = format!("approvals/{}/attest", id(&asking.posts("approvals", ask).await));
        let (status, code) = chat.is_refused(&path, said.clone()).await;
        assert_eq!((status, code.as_str()), (404, "not_found"), "{stated}");
    }
    let rated = id(&asking.posts("approvals", json!({"action": "crm.tag"})).await);
    chat.posts(&format!("approvals/{rated}/attest"), said).await;
    let seen = h.admin.gets(&format!("approvals/{rated}")).await;
    assert_eq!((&seen["status"], &seen["relayed"]), (&json!("approved"), &json!(true)));
}
