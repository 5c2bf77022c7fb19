use std::sync::Arc;

use super::*;

#[tokio::test]
async fn every_decision_arrives_signed() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(204, "")).await;
    let hook = Hook::add(&h, &receiver.url()).await;
    let agent = h.agent("support").await;

    let approved = agent.asks(50).await;
    let told = receiver.gets().await;
    assert_eq!((told.kind(), told.data("decision")), ("approval.created", &json!("pending")));
    assert!(told.is_signed_with(&hook.secret) && told.id.starts_with("dlv_"));
    assert_eq!(told.header("content-type"), "application/json");
    assert_eq!(told.header("webhook-timestamp"), "1768467600");
    assert_eq!(told.body["timestamp"], "2026-01-15T09:00:00Z");
    let seen = h.admin.gets(&format!("approvals/{approved}")).await;
    let expected = json!({
        "approval_id": approved, "decision": "pending", "action": "stripe.refund", "context": {},
        "agent": {"id": agent.id, "name": "support"}, "params": {"amount": 50},
        "digest": seen["digest"], "revision": 1, "risk": seen["risk"],
        "reason_code": "AGENT_REQUESTED", "reason": "agent `support` asks for a person",
        "answered_by": null, "execution": null,
    });
    assert_eq!(told.body["data"], expected);
    let mut expect = async |kind: &str, decision: &str, id: &str| {
        let told = receiver.gets().await;
        assert_eq!((told.kind(), told.data("decision")), (kind, &json!(decision)));
        assert_eq!(told.data("approval_id"), id);
        assert_eq!(told.data("action"), "stripe.refund");
        assert!(told.data("context").is_object() && told.is_signed_with(&hook.secret));
        told
    };
    h.admin.approves(&approved).await;
    let yes = expect("approval.approved", "approved", &approved).await;
    assert_eq!(yes.data("answered_by"), "person:root@example.com");
    let redeem = format!("approvals/{approved}/redeem");
    agent.posts(&redeem, json!({"params": {"amount": 50}})).await;
    let run = expect("approval.executed", "approved", &approved).await;
    assert_eq!(run.data("execution"), "running");

    let denied = agent.asks(51).await;
    expect("approval.created", "pending", &denied).await;
    h.admin.denies(&denied, "too much").await;
    let no = expect("approval.denied", "denied", &denied).await;
    assert_eq!(no.data("reason"), "too much");

    let canceled = agent.asks(52).await;
    expect("approval.created", "pending", &canceled).await;
    agent.posts(&format!("approvals/{canceled}/cancel"), json!({})).await;
    expect("approval.canceled", "canceled", &canceled).await;

    let expired = agent.asks(53).await;
    expect("approval.created", "pending", &expired).await;
    h.passes("PT24H").await;
    let late = expect("approval.expired", "expired", &expired).await;
    assert_eq!(late.data("answered_by"), "auto:timeout");
}

#[tokio::test]
async fn what_is_told_is_frozen_and_without_secrets() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(200, "")).await;
    h.teller.abort();
    let hook = Hook::add(&h, &receiver.url()).await;
    let agent = h.agent("support").await;
    let ask = json!({"action": "crm.merge", "params": {"api_key": "x", "n": 1}, "context": {"token": "y", "who": "c1"}});
    let id = super::super::harness::id(&agent.posts("approvals", ask).await);
    h.admin.approves(&id).await;
    assert!(hook.deliveries("").await.is_empty(), "nobody tells yet");

    crate::delivery::start(Arc::clone(&h.app));
    let mut told = [receiver.gets().await, receiver.gets().await];
    told.sort_by_key(|message| message.data("revision").as_u64());
    let [created, approved] = told;
    assert_eq!((created.kind(), created.data("decision")), ("approval.created", &json!("pending")));
    assert_eq!(approved.kind(), "approval.approved");
    assert_eq!(created.data("params"), &json!({"api_key": "[REDACTED]", "n": 1}));
    assert_eq!(created.data("context"), &json!({"token": "[REDACTED]", "who": "c1"}));
    hook.all(|d| d["state"] == "delivered").await;
    assert_eq!(receiver.calls(), 2, "each is told once");
}

#[tokio::test]
async fn a_webhook_gets_only_what_it_chose() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(200, "")).await;
    Hook::add_for(&h, &receiver.url(), &["approval.denied", "check.denied", "approval.denied"])
        .await;
    let agent = h.agent("support").await;
    let approved = agent.asks(1).await;
    h.admin.approves(&approved).await;
    let denied = agent.asks(2).await;
    h.admin.denies(&denied, "no").await;
    let told = receiver.gets().await;
    assert_eq!((told.kind(), told.data("approval_id")), ("approval.denied", &json!(denied)));
    h.permits(&agent, "crm.*", "deny").await;
    let body = json!({"action": "crm.wipe", "params": {"a": 1}, "context": {"why": "bored"}});
    agent.posts("checks", body).await;
    let told = receiver.gets().await;
    assert_eq!((told.kind(), told.data("approval_id")), ("check.denied", &Value::Null));
    assert_eq!(
        (told.data("decision"), told.data("action")),
        (&json!("denied"), &json!("crm.wipe"))
    );
    assert_eq!(told.data("context"), &json!({"why": "bored"}));
    assert!(told.data("reason_code").is_string(), "{:?}", told.body);
    let made = h.admin.gets("webhooks").await;
    assert_eq!(made["items"][0]["events"], json!(["approval.denied", "check.denied"]));
    assert_eq!(receiver.calls(), 2);
}

#[tokio::test]
async fn for_a_day_both_secrets_verify() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(200, "")).await;
    let hook = Hook::add_for(&h, &receiver.url(), &["approval.created"]).await;
    let agent = h.agent("support").await;
    let rotated = h.admin.posts(&hook.path("/rotate"), json!({})).await;
    let new = rotated["secret"].as_str().unwrap();
    assert_eq!(rotated["old_secret_until"], "2026-01-16T09:00:00Z");
    assert_ne!(new, hook.secret);
    agent.asks(1).await;
    let both = receiver.gets().await;
    assert!(both.is_signed_with(new) && both.is_signed_with(&hook.secret));
    assert_eq!(both.signatures(), 2);
    h.passes("PT24H").await;
    agent.asks(2).await;
    let one = receiver.gets().await;
    assert!(one.is_signed_with(new) && !one.is_signed_with(&hook.secret));
    assert_eq!(one.signatures(), 1);
}

#[tokio::test]
async fn after_a_leak_the_old_secret_ends_at_once() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(200, "")).await;
    let hook = Hook::add_for(&h, &receiver.url(), &["approval.created"]).await;
    let agent = h.agent("support").await;
    // Also one that was ending already.
    let between = h.admin.posts(&hook.path("/rotate"), json!({"end_old": false})).await;
    let rotated = h.admin.posts(&hook.path("/rotate"), json!({"end_old": true})).await;
    assert_eq!(rotated["old_secret_until"], Value::Null);
    agent.asks(1).await;
    let message = receiver.gets().await;
    assert!(message.is_signed_with(rotated["secret"].as_str().unwrap()));
    assert!(!message.is_signed_with(&hook.secret));
    assert!(!message.is_signed_with(between["secret"].as_str().unwrap()));
    assert_eq!(message.signatures(), 1);
    let record = h.admin.gets("audit?kind=webhook.rotated").await;
    assert_eq!(record["items"][0]["data"]["end_old"], false);
    assert_eq!(record["items"][1]["data"]["end_old"], true);
}

#[tokio::test]
async fn a_disabled_webhook_misses_what_happens_and_a_removed_one_is_gone() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(200, "")).await;
    let hook = Hook::add_for(&h, &receiver.url(), &["approval.created"]).await;
    let agent = h.agent("support").await;
    hook.changes(json!({"status": "disabled"})).await;
    agent.asks(1).await;
    hook.changes(json!({"status": "active"})).await;
    let seen = agent.asks(2).await;
    assert_eq!(receiver.gets().await.data("approval_id"), &json!(seen));
    let delivery = hook.attempted(1).await;
    let (status, _) = h.admin.sends(Method::DELETE, &hook.path(""), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    agent.asks(3).await;
    let gone = (404, "not_found".to_owned());
    for (method, path) in [
        (Method::GET, hook.path("/deliveries")),
        (Method::DELETE, hook.path("")),
        (Method::POST, hook.path("/rotate")),
        (Method::POST, hook.path(&format!("/deliveries/{}/replay", delivery["id"]))),
    ] {
        assert_eq!(error(h.admin.sends(method, &path, None).await), gone, "{path}");
    }
    assert_eq!((receiver.calls(), h.admin.gets("webhooks").await["items"].clone()), (1, json!([])));
}

#[tokio::test]
async fn a_test_says_what_came_back() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(418, "short\u{202e} and stout")).await;
    let hook = Hook::add_for(&h, &receiver.url(), &["check.denied"]).await;
    let came = h.admin.posts(&hook.path("/test"), json!({})).await;
    assert_eq!((&came["succeeded"], &came["status"]), (&json!(false), &json!(418)));
    assert_eq!(came["answer"], "short\u{202e} and stout");
    let message = receiver.gets().await;
    assert_eq!(message.kind(), "webhook.test");
    assert!(message.is_signed_with(&hook.secret));
    let kept = hook.deliveries("").await;
    let shown = |one: &Value| json!([one["event"], one["state"], one["next_at"], one["attempts"]]);
    assert_eq!(
        kept.iter().map(shown).collect::<Vec<_>>(),
        [json!(["webhook.test", "failed", null, [came]])]
    );
    hook.changes(json!({"url": "http://127.0.0.1:1/"})).await;
    let came = h.admin.posts(&hook.path("/test"), json!({})).await;
    assert_eq!(came["succeeded"], false);
    assert!(came["error"].as_str().unwrap().contains("refused"), "{came}");
}

#[tokio::test]
async fn only_admins_see_webhooks_and_a_secret_is_shown_once() {
    let h = Harness::start().await;
    let receiver = Receiver::start(Answers::With(200, "")).await;
    let body = json!({"url": receiver.url()});
    let (status, first) = h.admin.posts_once("k", "webhooks", &body).await;
    let secret = first["secret"].as_str().unwrap().to_owned();
    assert!(status == StatusCode::CREATED && secret.starts_with("whsec_"));
    let again = error(h.admin.posts_once("k", "webhooks", &body).await);
    assert_eq!(again, (409, "key_not_shown_again".into()));
    let rotate = format!("webhooks/{}/rotate", first["id"].as_str().unwrap());
    let second = h.admin.posts(&rotate, json!({})).await["secret"].as_str().unwrap().to_owned();
    for path in ["webhooks", "audit?limit=1000"] {
        let text = h.admin.gets(path).await.to_string();
        assert!(!text.contains("whsec_") && !text.contains(&secret[6..]), "{path}");
        assert!(!text.contains(&second[6..]), "{path}");
    }
    let kinds = h.admin.gets("audit?newest=true&limit=2").await;
    assert_eq!(kinds["items"][0]["kind"], "webhook.created");
    assert_eq!(kinds["items"][1]["kind"], "webhook.rotated");
    let ben = h.person("ben@example.com", "approver").await;
    assert_eq!(error(ben.sends(Method::GET, "webhooks", None).await), (403, "forbidden".into()));
    for (body, code) in [
        (json!({"url": receiver.url(), "events": ["approval.maybe"]}), "invalid"),
        (json!({"url": "example.com"}), "invalid"),
        (json!({"url": receiver.url(), "secret": "whsec_x"}), "unknown_field"),
    ] {
        assert_eq!(
            h.admin.is_refused("webhooks", body.clone()).await,
            (422, code.into()),
            "{body}"
        );
    }
}

/// Texts that want to be taken for something else: see the corpus.
fn deceptions() -> Vec<String> {
    let all = include_str!("../../../../domain/src/display/deceptions.json");
    let all: Value = serde_json::from_str(all).unwrap();
    let part = |part: &Value| match part {
        Value::String(text) => text.clone(),
        run => run[0].as_str().unwrap().repeat(usize::try_from(run[1].as_u64().unwrap()).unwrap()),
    };
    let text = |one: &Value| one["text"].as_array().unwrap().iter().map(part).collect();
    all.as_array().unwrap().iter().map(text).collect()
}

#[tokio::test]
async fn a_deceptive_text_arrives_as_one_json_value_and_changes_nothing_around_it() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(200, "")).await;
    let hook = Hook::add_for(&h, &receiver.url(), &["approval.created"]).await;
    let agent = h.agent("support").await;
    for text in deceptions() {
        let ask = json!({"action": "x.y", "params": {"value": text}, "context": {"value": text}});
        let id = super::super::harness::id(&agent.posts("approvals", ask).await);
        let told = receiver.gets().await;
        assert_eq!(
            (told.data("approval_id"), told.data("decision")),
            (&json!(id), &json!("pending"))
        );
        let hides = countersign_domain::display::redact_text(&text) != *text;
        let shown = if hides || text.contains("REDACTED") {
            told.data("params")["value"].clone()
        } else {
            json!(text)
        };
        assert_eq!(told.data("params")["value"], shown, "{text:?}");
        assert_eq!(told.header("content-type"), "application/json");
        assert!(told.is_signed_with(&hook.secret), "{text:?}");
        let raw = told.raw();
        assert!(raw.bytes().all(|byte| byte >= b' '), "no control character stands as it is");
    }
}
