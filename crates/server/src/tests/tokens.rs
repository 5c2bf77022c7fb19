//! Capability tokens over HTTP: what they let their holder reach, and how they stop.

use axum::http::Method;
use countersign_domain::identity::TokenLimits;
use countersign_domain::identity::capability::{TokenError, attenuate, inspect};
use serde_json::{Value, json};

use super::{Caller, Harness};

/// Mints a token for an agent over these actions, up to this amount.
async fn mints(h: &Harness, agent: &Caller, actions: &[&str], amount: Option<&str>) -> Caller {
    let body = json!({
        "agent": agent.id, "name": "sub", "actions": actions, "amount": amount, "expires_in": "8h",
    });
    let made = h.admin.posts("tokens", body).await;
    h.caller(&made, "token")
}

/// The holder narrows the token by themselves.
fn narrows(h: &Harness, token: &Caller, limits: &TokenLimits) -> Caller {
    let narrowed = attenuate(&token.token, limits, &[5; 32]).unwrap();
    h.caller(&json!({"id": token.id, "token": narrowed}), "token")
}

fn line(verdict: &Value) -> Value {
    let trace = verdict["policy_trace"].as_array().unwrap();
    let line = trace.iter().find(|line| line["check"] == "capability_token").unwrap();
    json!([verdict["verdict"], verdict["reason_code"], line["result"]])
}

#[tokio::test]
async fn the_right_is_what_the_agent_may_and_the_token_covers() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.permits(&agent, "stripe.**", "allow").await;
    let token = mints(&h, &agent, &["stripe.refund.*", "crm.read"], Some("100")).await;
    let cases = [
        ("stripe.refund.small", 50, json!(["allow", "ALLOWED_BY_POLICY", "pass"])),
        ("stripe.refund.small", 101, json!(["deny", "CAPABILITY_MISSING", "fail"])),
        ("stripe.payout", 50, json!(["deny", "CAPABILITY_MISSING", "fail"])),
        ("crm.read", 50, json!(["escalate", "DEFAULT_POLICY", "pass"])),
    ];
    for (action, amount, expected) in cases {
        assert_eq!(line(&token.checks(action, amount).await), expected, "{action} {amount}");
    }
    let own = line(&agent.checks("stripe.payout", 50).await);
    assert_eq!(own, json!(["allow", "ALLOWED_BY_POLICY", "skip"]));
    let limits = TokenLimits { amount: Some("10".parse().unwrap()), ..TokenLimits::default() };
    let child = narrows(&h, &token, &limits);
    let refused = json!(["deny", "CAPABILITY_MISSING", "fail"]);
    assert_eq!(line(&child.checks("stripe.refund.small", 50).await), refused);
    let allowed = json!(["allow", "ALLOWED_BY_POLICY", "pass"]);
    assert_eq!(line(&child.checks("stripe.refund.small", 10).await), allowed);
}

#[tokio::test]
async fn a_token_asks_waits_and_uses_and_does_nothing_else() {
    let h = Harness::start().await;
    let (agent, other) = (h.agent("support").await, h.agent("other").await);
    let token = mints(&h, &agent, &["stripe.refund"], None).await;
    let mine = token.asks(50).await;
    assert_eq!(token.gets(&format!("approvals/{mine}")).await["status"], "pending");
    h.admin.approves(&mine).await;
    token.posts(&format!("approvals/{mine}/redeem"), json!({"params": {"amount": 50}})).await;
    token.posts(&format!("approvals/{mine}/result"), json!({"status": "succeeded"})).await;
    let body = json!({"action": "crm.delete", "params": {}});
    let outside = agent.posts("approvals", body).await["id"].as_str().unwrap().to_owned();
    let foreign = other.asks(1).await;
    for hidden in [&outside, &foreign] {
        let path = format!("approvals/{hidden}");
        let (status, _) = token.sends(Method::GET, &path, None).await;
        assert_eq!(status.as_u16(), 404, "what it does not cover is not there");
        let redeem = token.is_refused(&format!("{path}/redeem"), json!({"params": {}})).await;
        assert_eq!(redeem.0, 404);
    }
    for (method, path) in [
        (Method::GET, "approvals".to_owned()),
        (Method::GET, "events".to_owned()),
        (Method::POST, format!("approvals/{mine}/attest")),
        (Method::POST, format!("approvals/{mine}/comments")),
        (Method::POST, "tasks/T-1/comments".to_owned()),
    ] {
        let body = json!({"decision": "approve", "evidence": "x", "body": "x"});
        let (status, answer) = token.sends(method, &path, Some(body)).await;
        assert_eq!((status.as_u16(), &answer["code"]), (403, &json!("forbidden")), "{path}");
    }
    for path in ["tokens", "keys", "settings", "audit", "users"] {
        let (status, answer) = token.sends(Method::GET, path, None).await;
        assert_eq!((status.as_u16(), &answer["code"]), (403, &json!("people_only")), "{path}");
    }
    for caller in [&agent, &h.application, &token] {
        let body = json!({"agent": "support", "name": "x", "actions": ["**"], "expires_in": "8h"});
        assert_eq!(caller.is_refused("tokens", body).await, (403, "people_only".into()));
    }
}

#[tokio::test]
async fn a_token_ends_by_itself_and_is_revoked_at_once_also_for_an_unused_yes() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let token = mints(&h, &agent, &["stripe.refund"], None).await;
    let child = narrows(
        &h,
        &token,
        &TokenLimits { task: Some("T-1".to_owned()), ..TokenLimits::default() },
    );
    let approval = token.asks(50).await;
    h.admin.approves(&approval).await;
    let block = inspect(&child.token).unwrap().blocks[1].revocation_id.to_string();
    let body = json!({"revocation_id": block, "reason": "the task is over"});
    h.admin.posts("tokens/revocations", body).await;
    let told = child.posts("checks", json!({"action": "stripe.refund", "task_id": "T-1"})).await;
    assert_eq!(line(&told), json!(["deny", "TOKEN_REVOKED", "fail"]));
    assert_eq!(told["reason"], "the capability token was revoked: the task is over");
    let params = json!({"action": "stripe.refund", "params": {"amount": 1}, "task_id": "T-1"});
    assert_ne!(line(&token.posts("checks", params.clone()).await)[1], "TOKEN_REVOKED");

    h.admin.posts("tokens/revocations", json!({"token_id": token.id, "reason": "lost"})).await;
    let told = token.posts("checks", params).await;
    assert_eq!(line(&told)[1], "TOKEN_REVOKED");
    assert_eq!(told["reason"], "the capability token was revoked: lost");
    let listed = h.admin.gets("tokens").await;
    let own = listed["items"].as_array().unwrap().iter().find(|t| t["id"] == token.id.as_str());
    assert_eq!(own.unwrap()["revoked_because"], "lost");
    let redeem = format!("approvals/{approval}/redeem");
    let refused = token.is_refused(&redeem, json!({"params": {"amount": 50}})).await;
    assert_eq!(refused, (401, "token_revoked".into()));
    let last = h.admin.gets("audit?newest=true&limit=1").await["items"][0].clone();
    assert_eq!(
        (&last["kind"], &last["data"]["reason_code"]),
        (&json!("execution.refused"), &json!("TOKEN_REVOKED"))
    );
    let refused = agent.is_refused(&redeem, json!({"params": {"amount": 50}})).await;
    assert_eq!(refused, (409, "policy_stopped".into()), "nor with the key that made the token");
    let execution = agent.gets(&format!("approvals/{approval}")).await["execution"].clone();
    assert_eq!(
        (&execution["state"], &execution["error"]),
        (
            &json!("revoked"),
            &json!("the capability token that it was asked with was revoked: lost")
        )
    );

    let short = mints(&h, &agent, &["crm.read"], None).await;
    h.passes("PT8H").await;
    assert_eq!(line(&short.checks("crm.read", 1).await), json!(["deny", "TOKEN_EXPIRED", "fail"]));
    let kinds = h.admin.gets("audit?limit=1000").await;
    let count = |kind: &str| {
        kinds["items"].as_array().unwrap().iter().filter(|r| r["kind"] == kind).count()
    };
    assert_eq!((count("token.minted"), count("token.revoked")), (2, 2));
}

#[tokio::test]
async fn a_check_with_a_token_neither_joins_nor_uses_what_the_token_does_not_cover() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let token = mints(&h, &agent, &["pay.**"], None).await;
    let task = TokenLimits { task: Some("TX".to_owned()), ..TokenLimits::default() };
    let child = narrows(&h, &token, &task);
    let check =
        |task: &str| json!({"action": "pay.send", "params": {"amount": 5}, "task_id": task});
    let asked = agent.posts("checks", check("TA")).await["approval_id"].clone();
    h.admin.approves(asked.as_str().unwrap()).await;
    let told = child.posts("checks", check("TX")).await;
    assert_eq!(told["verdict"], "escalate", "{told}");
    assert_ne!(told["approval_id"], asked);
    let named = json!({"action": "pay.send", "params": {"amount": 5}, "task_id": "TX", "approval_id": asked});
    assert_eq!(child.is_refused("checks", named).await, (404, "not_found".into()));
    assert_eq!(agent.posts("checks", check("TA")).await["approval_id"], asked);
}

#[tokio::test]
async fn what_nobody_here_signed_is_nobody() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let token = mints(&h, &agent, &["**"], None).await;
    let mut forged = token.clone();
    let middle = forged.token.len() / 2;
    let other = if forged.token.as_bytes()[middle] == b'A' { "B" } else { "A" };
    forged.token.replace_range(middle..=middle, other);
    let mut empty = token.clone();
    empty.token = "csc_".to_owned();
    for caller in [&forged, &empty] {
        let refused = caller.is_refused("checks", json!({"action": "a.b"})).await;
        assert_eq!(refused, (401, "invalid_token".into()));
    }
    let mut deep = token.token.clone();
    for _ in 0..15 {
        let task = TokenLimits { task: Some("T".to_owned()), ..TokenLimits::default() };
        deep = attenuate(&deep, &task, &[5; 32]).unwrap();
    }
    let more = TokenLimits { task: Some("T".to_owned()), ..TokenLimits::default() };
    assert_eq!(attenuate(&deep, &more, &[5; 32]), Err(TokenError::TooManyBlocks));
    let mut long = token.clone();
    long.token = format!("csc_{}", "A".repeat(7_000));
    let (status, told) = long.sends(Method::POST, "checks", Some(json!({"action": "a.b"}))).await;
    assert_eq!((status.as_u16(), &told["code"]), (401, &json!("invalid_token")));
    assert!(told["detail"].as_str().unwrap().contains("more than 6000 characters"), "{told}");
    for task in ["a\"b", "a\nb", "a\u{1b}[2Jb"] {
        let body = json!({"agent": "support", "name": "x", "actions": ["**"], "expires_in": "8h", "task": task});
        assert_eq!(h.admin.is_refused("tokens", body).await, (422, "invalid".into()), "{task:?}");
    }
    for (field, value) in
        [("actions", json!([])), ("expires_in", json!("-1h")), ("name", json!(" "))]
    {
        let mut body =
            json!({"agent": "support", "name": "x", "actions": ["**"], "expires_in": "8h"});
        body[field] = value;
        assert_eq!(h.admin.is_refused("tokens", body).await.0, 422, "{field}");
    }
    let listed = h.admin.gets("tokens").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0].get("token"), None, "a token is shown once");
}
