use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::harness::read;
use super::{Harness, error};

const ASK: &str = "/api/v1/orgs/default/approvals";

#[tokio::test]
async fn what_can_be_read_in_two_ways_is_refused_with_its_place() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    for (body, path) in [
        (r#"{"action":"x.y","params":{"a":1,"a":2}}"#, "$.params.a"),
        (r#"{"action":"x.y","params":{"n":[9007199254740993]}}"#, "$.params.n[0]"),
        (r#"{"action":"x.y","params":{"t":"\ud800"}}"#, "$.params.t"),
        (r#"{"action":"x.y""#, "$"),
    ] {
        let (status, problem) = read(agent.raw(Method::POST, ASK, &[], body).await).await;
        assert_eq!((status.as_u16(), &problem["code"]), (400, &json!("invalid_json")), "{body}");
        assert_eq!(problem["path"], path, "{body}");
    }
    let deep =
        format!(r#"{{"action":"x.y","params":{{"d":{}{}}}}}"#, "[".repeat(70), "]".repeat(70));
    assert_eq!(error(read(agent.raw(Method::POST, ASK, &[], deep).await).await).1, "invalid_json");
    let not_text = b"{\"action\":\"\xff\"}".to_vec();
    assert_eq!(
        error(read(agent.raw(Method::POST, ASK, &[], not_text).await).await).1,
        "invalid_json"
    );
    let huge = format!(r#"{{"action":"x.y","reasoning":"{}"}}"#, "x".repeat(1 << 20));
    assert_eq!(
        error(read(agent.raw(Method::POST, ASK, &[], huge).await).await),
        (413, "body_too_large".into())
    );
}

#[tokio::test]
async fn unknown_and_unfitting_fields_are_named() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    for (body, code, path) in [
        (json!({"action": "x.y", "parms": {}}), "unknown_field", "$.parms"),
        (json!({"action": "x.y", "status": "approved"}), "unknown_field", "$.status"),
        (json!({"action": "x.y", "cost": {"usd": 1, "euro": 2}}), "unknown_field", "$.cost.euro"),
        (json!({"action": "x.y", "params": []}), "invalid", "$.params"),
        (json!({"action": ""}), "invalid", "$.action"),
        (json!({"action": "x\u{202e}y"}), "invalid", "$.action"),
        (json!({"action": "x.y", "expires_in": "soon"}), "invalid", "$.expires_in"),
        (json!({"action": "x.y", "cost": {"usd": "-1"}}), "invalid", "$.cost.usd"),
        (json!({"action": "x.y", "risk": "none"}), "invalid", "$.risk"),
        (json!({"params": {}}), "invalid", "$"),
        (json!([]), "invalid", "$"),
    ] {
        let (status, problem) = agent.sends(Method::POST, "approvals", Some(body.clone())).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {problem}");
        assert_eq!(
            (&problem["code"], &problem["path"]),
            (&json!(code), &json!(path)),
            "{body}: {problem}"
        );
    }
    let (_, problem) =
        agent.sends(Method::POST, "approvals", Some(json!({"action": "x.y", "parms": {}}))).await;
    assert!(problem["detail"].as_str().unwrap().contains("did you mean `params`"), "{problem}");
}

#[tokio::test]
async fn paths_queries_and_headers_that_do_not_fit_are_named() {
    let h = Harness::start().await;
    for (path, expected) in [
        ("approvals?limit=0", (422, "invalid")),
        ("approvals?limit=201", (422, "invalid")),
        ("approvals?status=done", (422, "invalid")),
        ("approvals?stauts=pending", (422, "invalid")),
        ("approvals?cursor=xyz", (422, "invalid")),
        ("approvals?sort=name", (422, "invalid")),
        ("approvals/nonsense", (404, "not_found")),
        ("approvals/apr_01JAAAAAAAAAAAAAAAAAAAAAAA", (404, "not_found")),
        ("nothing", (404, "not_found")),
        ("approvals/apr_01JAAAAAAAAAAAAAAAAAAAAAAA?wait=soon", (422, "invalid")),
        ("approvals/apr_01JAAAAAAAAAAAAAAAAAAAAAAA?wait=10m", (422, "invalid")),
        ("approvals/apr_01JAAAAAAAAAAAAAAAAAAAAAAA?wait=120s", (404, "not_found")),
    ] {
        let (status, code) = error(h.admin.sends(Method::GET, path, None).await);
        assert_eq!((status, code.as_str()), expected, "{path}");
    }
    let delete = error(h.admin.sends(Method::DELETE, "approvals", None).await);
    assert_eq!(delete, (405, "method_not_allowed".into()));
    let headers = [("idempotency-key", "")];
    let body = json!({"name": "x"}).to_string();
    let refused = h.admin.raw(Method::POST, "/api/v1/orgs/default/agents", &headers, body).await;
    assert_eq!(error(read(refused).await), (422, "invalid".into()));
}

#[tokio::test]
async fn a_caller_that_floods_is_slowed_and_others_are_not() {
    let h = Harness::with_limit(5).await;
    let agent = h.agent("flood").await;
    let calls = (0..40).map(|_| agent.raw(Method::GET, "/api/v1/orgs/default/me", &[], ""));
    let answers = futures_util::future::join_all(calls).await;
    let slowed = answers.iter().filter(|a| a.status() == StatusCode::TOO_MANY_REQUESTS);
    assert!(slowed.clone().count() >= 25, "{}", slowed.count());
    assert!(slowed.clone().all(|a| a.headers().contains_key("retry-after")));
    h.admin.gets("me").await;
}

/// What only the other surface takes would be judged by nobody here, and could be what runs.
#[tokio::test]
async fn a_check_of_a_published_client_holds_nothing_that_is_not_looked_at() {
    let h = Harness::start().await;
    h.agent("bot").await;
    let sends = async |more: Value| {
        let mut body = json!({"agent_id": "bot", "action": "pay.x", "context": {"amount": 100}});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let json = [("content-type", "application/json")];
        read(h.application.raw(Method::POST, "/sdk/check", &json, body.to_string()).await).await
    };
    for name in ["params", "parameters", "arguments", "tool", "cost"] {
        let refused = error(sends(json!({name: {"amount": 1000}})).await);
        assert_eq!(refused, (422, "invalid".into()), "{name}");
    }
    let (status, answer) = sends(json!({"sdk_version": "0.1.2"})).await;
    assert_eq!((status, &answer["requires_approval"]), (StatusCode::OK, &json!(true)), "{answer}");
}
