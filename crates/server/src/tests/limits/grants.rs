use axum::http::Method;
use serde_json::{Value, json};

use super::super::harness::id;
use super::super::{Caller, Harness};

async fn asks(agent: &Caller, params: Value) -> Value {
    agent.posts("approvals", json!({"action": "stripe.refund", "params": params})).await
}

#[tokio::test]
async fn what_a_person_allows_again_is_answered_at_once_and_labelled() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let first = id(&asks(&agent, json!({"amount": 50, "customer": "c1"})).await);
    h.admin.approves(&first).await;
    for params in [json!({"amount": 20, "customer": "c1"}), json!({"amount": 20, "customer": "c2"})]
    {
        h.admin.denies(&id(&asks(&agent, params).await), "not today").await;
    }
    let path = format!("approvals/{first}/grant");
    let dry = h.admin.posts(&path, json!({"dry_run": true})).await;
    assert_eq!(dry["made"], false);
    let covered = &dry["would_have_covered"];
    assert_eq!(
        [&covered["looked_at"], &covered["requests"], &covered["denied"]],
        [&json!(3), &json!(2), &json!(1)]
    );
    assert_eq!(h.admin.gets("grants").await["total"], 0);

    let made = h.admin.posts(&path, json!({"uses": 2})).await;
    let name = made["grant"]["name"].as_str().unwrap().to_owned();
    let auto = asks(&agent, json!({"amount": 45, "customer": "c1"})).await;
    assert_eq!(
        (&auto["status"], &auto["answered_by"]),
        (&json!("approved"), &json!("auto:grant")),
        "{auto}"
    );
    let redeem = format!("approvals/{}/redeem", id(&auto));
    let params = json!({"params": {"amount": 45, "customer": "c1"}});
    assert!(agent.posts(&redeem, params).await["receipt"].is_string());
    for params in [
        json!({"amount": 51, "customer": "c1"}),
        json!({"amount": 5, "customer": "c2"}),
        json!({"amount": 5, "customer": "c1", "force": true}),
        json!({"amount": -5, "customer": "c1"}),
    ] {
        assert_eq!(asks(&agent, params.clone()).await["status"], "pending", "{params}");
    }
    let check = json!({"action": "stripe.refund", "params": {"amount": 7, "customer": "c1"}});
    let verdict = agent.posts("checks", check.clone()).await;
    assert_eq!((&verdict["verdict"], &verdict["reason_code"]), (&json!("allow"), &json!("GRANT")));
    assert_eq!(agent.posts("checks", check).await["verdict"], "escalate", "both uses are spent");
    let listed = h.admin.gets("grants").await["items"][0].clone();
    assert_eq!(
        [&listed["name"], &listed["uses_used"], &listed["status"], &listed["from"]],
        [&json!(name), &json!("2"), &json!("used_up"), &json!(first)]
    );
    let figures = h.admin.gets("approvals/stats").await;
    assert_eq!(figures["automatic"], json!({"auto:grant": 1}));
    assert_eq!(figures["by_approver"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_grant_is_revoked_at_once_also_for_what_it_approved() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let first = id(&asks(&agent, json!({"amount": 50})).await);
    h.admin.approves(&first).await;
    let made = h.admin.posts(&format!("approvals/{first}/grant"), json!({})).await;
    let name = made["grant"]["name"].as_str().unwrap();
    let auto = id(&asks(&agent, json!({"amount": 40})).await);
    assert!(h.admin.sends(Method::DELETE, &format!("grants/{name}"), None).await.0.is_success());
    let redeem = format!("approvals/{auto}/redeem");
    let refused = agent.is_refused(&redeem, json!({"params": {"amount": 40}})).await;
    assert_eq!(refused, (409, "policy_stopped".into()));
    assert_eq!(asks(&agent, json!({"amount": 40})).await["status"], "pending");
}

#[tokio::test]
async fn no_grant_is_made_of_what_is_critical_or_ones_own_or_by_an_agent() {
    let h = Harness::start().await;
    let made = h.admin.posts("agents", json!({"name": "owned", "owner": "ana@example.com"})).await;
    let (agent, ana) = (h.caller(&made, "key"), h.person("ana@example.com", "approver").await);
    let approval = id(&asks(&agent, json!({"amount": 50})).await);
    let path = format!("approvals/{approval}/grant");
    assert_eq!(ana.is_refused(&path, json!({})).await, (403, "own_request".into()));
    assert_eq!(agent.is_refused(&path, json!({})).await, (403, "people_only".into()));
    let critical = json!({"action": "db.drop", "params": {}, "risk": "critical"});
    let critical = id(&agent.posts("approvals", critical).await);
    let refused = h.admin.is_refused(&format!("approvals/{critical}/grant"), json!({})).await;
    assert_eq!(refused, (422, "invalid".into()));
}

#[tokio::test]
async fn an_agent_that_sees_more_risk_gets_a_person() {
    let h = Harness::start().await;
    let agent = h.agent("designer").await;
    h.applies("{kind: Grant, name: images, agents: [designer], actions: [image.generate], limit: {uses: 5, window: day}}").await;
    let ask = |risk: Option<&str>| json!({"action": "image.generate", "params": {}, "risk": risk});
    for risk in ["high", "critical"] {
        let asked = agent.posts("approvals", ask(Some(risk))).await;
        assert_eq!(asked["status"], "pending", "{risk}");
    }
    let auto = agent.posts("approvals", ask(None)).await;
    assert_eq!(
        (&auto["status"], &auto["answered_by"]),
        (&json!("approved"), &json!("auto:trust_budget"))
    );
    let check =
        agent.posts("checks", json!({"action": "image.generate", "params": {"n": 1}})).await;
    assert_eq!(check["reason_code"], "TRUST_BUDGET");
    assert_eq!(h.admin.gets("grants").await["items"][0]["uses_used"], "2");
}

/// What a document says always needs a person, no grant answers.
#[tokio::test]
async fn what_always_needs_a_person_is_answered_by_no_grant() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(
        "{kind: Agent, name: support, manifest: {actions: [\"mail.**\"], requires_approval: [mail.blast]}}\n---\n\
         {kind: Tool, name: wiper, action: mail.wipe, sensitive: true}\n---\n\
         {kind: Grant, name: letters, agents: [support], actions: [\"mail.**\"], limit: {uses: 50}, risk_at_most: high}",
    )
    .await;
    for (action, code) in [
        ("mail.send", "GRANT"),
        ("mail.blast", "REQUIRES_APPROVAL"),
        ("mail.wipe", "SENSITIVE_TOOL"),
    ] {
        assert_eq!(agent.checks(action, 1).await["reason_code"], code, "{action}");
    }
}
