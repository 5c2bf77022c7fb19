use axum::http::Method;
use serde_json::json;

use super::Harness;

#[tokio::test]
async fn an_approval_is_redeemed_once_for_exactly_what_was_approved() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    let at = |verb: &str| format!("approvals/{id}/{verb}");
    let params = json!({"params": {"amount": 50}});
    assert_eq!(agent.is_refused(&at("redeem"), params.clone()).await, (409, "not_approved".into()));
    h.admin.approves(&id).await;
    let other = json!({"params": {"amount": 5000}});
    assert_eq!(agent.is_refused(&at("redeem"), other).await, (422, "digest_mismatch".into()));
    let tool = json!({"params": {"amount": 50}, "tool": "rm"});
    assert_eq!(agent.is_refused(&at("redeem"), tool).await, (422, "digest_mismatch".into()));
    let stranger = h.agent("stranger").await;
    assert_eq!(stranger.is_refused(&at("redeem"), params.clone()).await, (404, "not_found".into()));
    let redeemed = agent.posts(&at("redeem"), params.clone()).await;
    assert_eq!(redeemed["effective"]["params"], json!({"amount": 50}));
    assert_eq!(redeemed["receipt"].as_str().unwrap().split('.').count(), 3);
    assert_eq!(agent.is_refused(&at("redeem"), params).await, (409, "already_used".into()));
    let done =
        agent.posts(&at("result"), json!({"status": "succeeded", "result": {"ref": 7}})).await;
    assert_eq!(
        (&done["execution"]["state"], &done["execution"]["result"]),
        (&json!("succeeded"), &json!({"ref": 7}))
    );
    let again = agent.is_refused(&at("result"), json!({"status": "failed"})).await;
    assert_eq!(again, (409, "not_running".into()));
}

#[tokio::test]
async fn of_100_redemptions_at_once_one_succeeds() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    h.admin.approves(&id).await;
    let path = format!("approvals/{id}/redeem");
    let all =
        (0..100).map(|_| agent.sends(Method::POST, &path, Some(json!({"params": {"amount": 50}}))));
    let answers = futures_util::future::join_all(all).await;
    assert_eq!(answers.iter().filter(|(status, _)| status.is_success()).count(), 1);
    assert!(answers.iter().all(|(status, _)| status.is_success() || status.as_u16() == 409));
}

#[tokio::test]
async fn a_redemption_that_is_retried_under_its_key_gives_the_same_receipt() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    h.admin.approves(&id).await;
    let path = format!("approvals/{id}/redeem");
    let body = json!({"params": {"amount": 50}});
    let (_, first) = agent.posts_once("r", &path, &body).await;
    let (status, again) = agent.posts_once("r", &path, &body).await;
    assert!(status.is_success(), "{again}");
    assert_eq!(first["receipt"], again["receipt"]);
}

#[tokio::test]
async fn a_policy_that_was_tightened_stops_what_was_approved() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    h.admin.approves(&id).await;
    h.permits(&agent, "stripe.*", "deny").await;
    let params = json!({"params": {"amount": 50}});
    let refused = agent.is_refused(&format!("approvals/{id}/redeem"), params).await;
    assert_eq!(refused, (409, "policy_stopped".into()));
    let seen = h.admin.gets(&format!("approvals/{id}")).await;
    assert_eq!(seen["execution"]["state"], "revoked");
    let records = h.admin.gets(&format!("audit?approval_id={id}&kind=execution.revoked")).await;
    assert!(records["items"][0]["data"]["reason"].as_str().unwrap().contains("denies"));
}

#[tokio::test]
async fn an_agent_that_was_switched_off_uses_nothing() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    h.admin.approves(&id).await;
    h.admin.sends(Method::PATCH, "agents/support", Some(json!({"status": "inactive"}))).await;
    let check = agent.checks("stripe.refund", 50).await;
    assert_eq!(check["reason_code"], "AGENT_INACTIVE");
    let params = json!({"params": {"amount": 50}});
    let refused = agent.is_refused(&format!("approvals/{id}/redeem"), params).await;
    assert_eq!(refused, (409, "policy_stopped".into()));
    let ask = agent.is_refused("approvals", json!({"action": "x.y"})).await;
    assert_eq!(ask, (403, "policy_denied".into()));
}

#[tokio::test]
async fn an_approval_that_is_not_used_in_time_lapses() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    h.admin.approves(&id).await;
    h.passes_unswept("PT1H");
    let path = format!("approvals/{id}/redeem");
    let params = json!({"params": {"amount": 50}});
    assert_eq!(agent.is_refused(&path, params).await, (409, "already_used".into()));
    assert_eq!(agent.checks("stripe.refund", 50).await["verdict"], "escalate");
    h.passes("PT1S").await;
    let seen = agent.gets(&format!("approvals/{id}")).await;
    assert_eq!(
        (&seen["status"], &seen["execution"]["state"]),
        (&json!("approved"), &json!("lapsed"))
    );
}

#[tokio::test]
async fn secrets_are_hidden_from_people_and_whole_for_the_agent_that_runs_them() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let ask = json!({"action": "deploy", "params": {"api_key": "hush", "n": 1}, "context": {"password": "hush"}});
    let id = super::harness::id(&agent.posts("approvals", ask).await);
    let seen = h.admin.gets(&format!("approvals/{id}")).await;
    assert_eq!(seen["params"], json!({"api_key": "[REDACTED]", "n": 1}));
    let mark = json!({"edits": {"api_key": "[REDACTED]"}});
    let refused = h.admin.is_refused(&format!("approvals/{id}/approve"), mark).await;
    assert_eq!(refused, (422, "edit_refused".into()), "the mark of a secret is no secret");
    h.admin.posts(&format!("approvals/{id}/approve"), json!({"edits": {"n": 2}})).await;
    let params = json!({"params": {"api_key": "hush", "n": 2}});
    let redeemed = agent.posts(&format!("approvals/{id}/redeem"), params.clone()).await;
    assert_eq!(redeemed["effective"]["params"], params["params"]);
    let result = json!({"status": "succeeded", "result": {"token": "hush"}});
    agent.posts(&format!("approvals/{id}/result"), result).await;
    for path in [format!("approvals/{id}"), "approvals".into(), "audit?limit=1000".into()] {
        assert!(!h.admin.gets(&path).await.to_string().contains("hush"), "{path}");
    }
}

#[tokio::test]
async fn the_yes_of_someone_who_was_locked_or_removed_is_not_counted_when_others_answer() {
    for change in [json!({"status": "locked"}), json!({"role": "viewer"})] {
        let h = Harness::start().await;
        h.applies(
            "{kind: Policy, name: p, rules: [{name: two, actions: [stripe.refund], verdict: escalate, \
             approval: {stages: [{name: any, need: 2}]}}]}",
        )
        .await;
        let agent = h.agent("support").await;
        let ana = h.person("ana@example.com", "approver").await;
        let ben = h.person("ben@example.com", "approver").await;
        let cleo = h.person("cleo@example.com", "approver").await;
        let approval = agent.asks(5).await;
        ana.approves(&approval).await;
        h.admin.sends(Method::PATCH, "users/ana@example.com", Some(change.clone())).await;
        let after = ben.approves(&approval).await;
        assert_eq!(
            (&after["status"], &after["stages"][0]["have"]),
            (&json!("pending"), &json!(1)),
            "{change}"
        );
        let after = cleo.approves(&approval).await;
        assert_eq!(after["status"], "approved", "{change}");
        agent
            .posts(&format!("approvals/{approval}/redeem"), json!({"params": {"amount": 5}}))
            .await;
    }
}

#[tokio::test]
async fn the_yes_of_someone_who_was_locked_runs_nothing() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let ana = h.person("ana@example.com", "approver").await;
    let (first, second) = (agent.asks(1).await, agent.asks(2).await);
    ana.approves(&first).await;
    ana.approves(&second).await;
    h.admin.sends(Method::PATCH, "users/ana@example.com", Some(json!({"status": "locked"}))).await;
    let params = json!({"params": {"amount": 1}});
    let refused = agent.is_refused(&format!("approvals/{first}/redeem"), params).await;
    assert_eq!(refused, (409, "policy_stopped".into()));
    assert_eq!(agent.checks("stripe.refund", 2).await["verdict"], "escalate");
    for id in [first, second] {
        let seen = h.admin.gets(&format!("approvals/{id}")).await;
        assert_eq!(seen["execution"]["state"], "revoked");
    }
}

#[tokio::test]
async fn a_run_that_is_never_reported_becomes_unknown_and_a_person_resolves_it() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    h.admin.approves(&id).await;
    let params = json!({"params": {"amount": 50}});
    agent.posts(&format!("approvals/{id}/redeem"), params.clone()).await;
    h.passes("PT24H").await;
    let state = |seen: serde_json::Value| seen["execution"]["state"].as_str().unwrap().to_owned();
    assert_eq!(state(h.admin.gets(&format!("approvals/{id}")).await), "running");
    h.passes("PT2H").await;
    assert_eq!(state(h.admin.gets(&format!("approvals/{id}")).await), "unknown");
    let late =
        agent.is_refused(&format!("approvals/{id}/result"), json!({"status": "failed"})).await;
    assert_eq!(late, (409, "not_running".into()));
    h.admin
        .posts(&format!("approvals/{id}/resolve"), json!({"as": "retry", "notes": "it never ran"}))
        .await;
    agent.posts(&format!("approvals/{id}/redeem"), params.clone()).await;
    let again = agent.is_refused(&format!("approvals/{id}/redeem"), params).await;
    assert_eq!(again, (409, "already_used".into()));
}
