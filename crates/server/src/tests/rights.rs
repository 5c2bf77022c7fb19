//! Who can reach what: every route of the OpenAPI document, with every kind of key.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::harness::read;
use super::{Caller, Harness, error};

/// The only operations that an agent or application key may reach. Everything else is for people.
const FOR_AGENTS: &[(&str, &str)] = &[
    ("POST", "/api/v1/orgs/{org}/checks"),
    ("POST", "/api/v1/orgs/{org}/checks/batch"),
    ("POST", "/api/v1/orgs/{org}/costs"),
    ("POST", "/api/v1/orgs/{org}/approvals"),
    ("GET", "/api/v1/orgs/{org}/approvals"),
    ("GET", "/api/v1/orgs/{org}/approvals/{id}"),
    ("GET", "/api/v1/orgs/{org}/approvals/{id}/events"),
    ("POST", "/api/v1/orgs/{org}/approvals/{id}/answer"),
    ("POST", "/api/v1/orgs/{org}/approvals/{id}/attest"),
    ("POST", "/api/v1/orgs/{org}/approvals/{id}/cancel"),
    ("POST", "/api/v1/orgs/{org}/approvals/{id}/comments"),
    ("POST", "/api/v1/orgs/{org}/approvals/{id}/redeem"),
    ("POST", "/api/v1/orgs/{org}/approvals/{id}/result"),
    ("GET", "/api/v1/orgs/{org}/events"),
    ("GET", "/api/v1/orgs/{org}/tasks/{id}/comments"),
    ("POST", "/api/v1/orgs/{org}/tasks/{id}/comments"),
    ("GET", "/api/v1/orgs/{org}/me"),
];

/// Open to everyone, also without a key.
const FOR_ALL: &[(&str, &str)] = &[
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/.well-known/jwks.json"),
    ("POST", "/api/v1/login"),
    ("POST", "/api/v1/login/token"),
];

/// Every operation of the document, and those of the compatibility surfaces that are for people.
fn operations() -> Vec<(String, String)> {
    let document = serde_json::to_value(crate::openapi()).unwrap();
    let mut operations = vec![("POST".to_owned(), "/api/agents/{id}/permissions".to_owned())];
    for kind in ["function_calls", "human_contacts"] {
        operations.push(("POST".to_owned(), format!("/humanlayer/v1/agent/{kind}/{{id}}/respond")));
    }
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            operations.push((method.to_uppercase(), path.clone()));
        }
    }
    assert!(operations.len() > 35, "the walk has to see every route, not {}", operations.len());
    operations
}

async fn tries(caller: &Caller, method: &str, path: &str, id: &str) -> (StatusCode, String) {
    let path = path.replace("{org}", "default").replace("{id}", id);
    let path = path.replace("{kind}", "Policy").replace("{name}", "refunds");
    let method: Method = method.parse().unwrap();
    let body = json!({"reason": "x", "approval_ids": [id], "question": "?", "as": "succeeded"})
        .to_string();
    let response = caller.raw(method, &path, &[], body).await;
    let status = response.status();
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
    if !kind.is_none_or(|kind| kind.ends_with("json")) {
        return (status, String::new());
    }
    let (_, answer) = read(response).await;
    (status, answer["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn no_agent_or_application_key_answers_or_administers_on_any_route() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = agent.asks(50).await;
    let listed = |list: &[(&str, &str)], m: &str, p: &str| list.contains(&(m, p));
    for (method, path) in operations() {
        for caller in [&agent, &h.application] {
            let (status, code) = tries(caller, &method, &path, &approval).await;
            let open = listed(FOR_AGENTS, &method, &path) || listed(FOR_ALL, &method, &path);
            if open {
                assert_ne!(code, "people_only", "{method} {path}");
            } else {
                assert_eq!(
                    (status.as_u16(), code.as_str()),
                    (403, "people_only"),
                    "{method} {path}"
                );
            }
        }
    }
    let seen = h.admin.gets(&format!("approvals/{approval}")).await;
    assert_eq!(seen["answers"], json!([]), "the walk answered nothing");
}

#[tokio::test]
async fn without_a_valid_key_nothing_is_reached() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(1).await;
    let made = h.admin.posts("keys", json!({"name": "old", "person": "root@example.com"})).await;
    let revoked = h.caller(&made, "secret");
    h.admin.sends(Method::DELETE, &format!("keys/{}", revoked.id), None).await;
    let mut forged = agent.clone();
    forged.token = format!("{}x", agent.token);
    for (method, path) in
        operations().into_iter().filter(|(_, path)| path.starts_with("/api/v1/orgs"))
    {
        for caller in [&forged, &revoked] {
            let (status, code) = tries(caller, &method, &path, &id).await;
            assert_eq!(
                (status.as_u16(), code.as_str()),
                (401, "unauthenticated"),
                "{method} {path}"
            );
        }
    }
    let elsewhere = h.admin.raw(Method::GET, "/api/v1/orgs/other/me", &[], "").await;
    assert_eq!(error(read(elsewhere).await), (401, "unauthenticated".into()));
}

#[tokio::test]
async fn reading_changes_nothing() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    let before = h.admin.gets("audit?newest=true&limit=1").await["items"][0]["seq"].clone();
    for (_, path) in operations().into_iter().filter(|(method, _)| method == "GET") {
        for caller in [&h.admin, &agent] {
            tries(caller, "GET", &path, &id).await;
            tries(caller, "OPTIONS", &path, &id).await;
        }
    }
    assert_eq!(h.admin.gets("audit?newest=true&limit=1").await["items"][0]["seq"], before);
}

#[tokio::test]
async fn roles_are_kept_apart() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = agent.asks(50).await;
    let approve = format!("approvals/{approval}/approve");
    for (role, answers, audits, administers) in [
        ("viewer", false, false, false),
        ("auditor", false, true, false),
        ("approver", true, false, false),
    ] {
        let person = h.person(&format!("{role}@example.com"), role).await;
        person.gets("approvals").await;
        let audit = person.sends(Method::GET, "audit", None).await.0.is_success();
        let agents =
            person.sends(Method::POST, "agents", Some(json!({"name": role}))).await.0.is_success();
        let settings =
            person.sends(Method::PATCH, "settings", Some(json!({}))).await.0.is_success();
        assert_eq!((audit, agents, settings), (audits, administers, administers), "{role}");
        let answered = person.sends(Method::POST, &approve, Some(json!({}))).await.0.is_success();
        assert_eq!(answered, answers, "{role}");
    }
}

#[tokio::test]
async fn what_is_anothers_is_as_if_it_were_not_there() {
    let h = Harness::start().await;
    let (mine, other) = (h.agent("mine").await, h.agent("other").await);
    let id = mine.asks(50).await;
    let missing =
        error(other.sends(Method::GET, "approvals/apr_01JAAAAAAAAAAAAAAAAAAAAAAA", None).await);
    for path in [
        format!("approvals/{id}"),
        format!("approvals/{id}?wait=1s"),
        format!("approvals/{id}/events"),
    ] {
        assert_eq!(error(other.sends(Method::GET, &path, None).await), missing, "{path}");
    }
    for (verb, body) in [
        ("answer", json!({"answer": "x"})),
        ("attest", json!({"decision": "approve", "evidence": "x"})),
        ("cancel", json!({})),
        ("comments", json!({"body": "x"})),
        ("redeem", json!({"params": {}})),
        ("result", json!({"status": "failed"})),
    ] {
        let refused = other.is_refused(&format!("approvals/{id}/{verb}"), body).await;
        assert_eq!(refused, missing, "{verb}");
    }
    assert_eq!(other.gets("approvals").await["items"], json!([]));
    assert_eq!(other.gets("approvals?agent_id=mine").await["items"], json!([]));
    assert_eq!(mine.gets("approvals").await["items"][0]["id"], id);
}
