use axum::http::{Method, StatusCode};
use countersign_domain::audit::{Note, Record, Verifier};
use serde_json::{Value, json};

use super::harness::read;
use super::{Harness, error};
use crate::app::PublicKeys;

#[tokio::test]
async fn a_secret_is_shown_once() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    assert!(agent.token.starts_with("csa_"));
    let ana = h.person("ana@example.com", "approver").await;
    assert!(ana.token.starts_with("csp_"));
    for path in ["agents", "users", "keys", "audit?limit=1000"] {
        let text = h.admin.gets(path).await.to_string();
        assert!(!text.contains(&agent.token) && !text.contains(&ana.token), "{path}");
    }
    let body = json!({"name": "once"});
    let (status, first) = h.admin.posts_once("k", "agents", &body).await;
    assert_eq!((status, first["key"].is_string()), (StatusCode::CREATED, true));
    let again = error(h.admin.posts_once("k", "agents", &body).await);
    assert_eq!(again, (409, "key_not_shown_again".into()));
}

#[tokio::test]
async fn names_and_addresses_are_unique_and_plain() {
    let h = Harness::start().await;
    h.agent("support").await;
    h.person("ana@example.com", "viewer").await;
    for (path, body, expected) in [
        ("agents", json!({"name": "support"}), (409, "name_taken")),
        ("agents", json!({"name": "Support"}), (409, "name_taken")),
        ("agents", json!({"name": "agt_x"}), (422, "invalid")),
        ("agents", json!({"name": "a/b"}), (422, "invalid")),
        ("agents", json!({"name": "sup\u{200b}port"}), (422, "invalid")),
        ("agents", json!({"name": ""}), (422, "invalid")),
        ("users", json!({"email": "ANA@example.com", "role": "admin"}), (409, "name_taken")),
        ("users", json!({"email": "ana", "role": "admin"}), (422, "invalid")),
        ("users", json!({"email": "b@example.com", "role": "god"}), (422, "invalid")),
        ("keys", json!({"name": "k", "agent": "nobody"}), (404, "agent_not_found")),
        (
            "keys",
            json!({"name": "k", "agent": "support", "person": "ana@example.com"}),
            (422, "invalid"),
        ),
    ] {
        let (status, code) = h.admin.is_refused(path, body.clone()).await;
        assert_eq!((status, code.as_str()), expected, "{path} {body}");
    }
}

#[tokio::test]
async fn a_locked_person_is_out_at_once_and_one_admin_always_remains() {
    let h = Harness::start().await;
    let ana = h.person("ana@example.com", "approver").await;
    ana.gets("me").await;
    let lock = Some(json!({"status": "locked"}));
    assert_eq!(
        h.admin.sends(Method::PATCH, "users/ana@example.com", lock.clone()).await.0,
        StatusCode::OK
    );
    assert_eq!(error(ana.sends(Method::GET, "me", None).await), (401, "unauthenticated".into()));
    let keys = h.admin.gets("keys").await;
    let of_admin =
        keys["items"].as_array().unwrap().iter().find(|k| k["name"] == "root@example.com").unwrap();
    let path = format!("keys/{}", of_admin["id"].as_str().unwrap());
    assert_eq!(error(h.admin.sends(Method::DELETE, &path, None).await), (422, "invalid".into()));
    for body in [json!({"status": "locked"}), json!({"role": "viewer"})] {
        let refused =
            error(h.admin.sends(Method::PATCH, "users/root@example.com", Some(body)).await);
        assert_eq!(refused, (422, "invalid".into()));
    }
}

#[tokio::test]
async fn the_exported_record_verifies_and_tells_the_story() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.permits(&agent, "crm.*", "allow").await;
    agent.checks("crm.read", 1).await;
    let id = agent.asks(50).await;
    h.admin.approves(&id).await;
    agent.posts(&format!("approvals/{id}/redeem"), json!({"params": {"amount": 50}})).await;
    agent
        .posts(&format!("approvals/{id}/result"), json!({"status": "failed", "error": "declined"}))
        .await;
    let path = "/api/v1/orgs/default/audit/export";
    let response = h.admin.raw(Method::GET, path, &[], "").await;
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let mut verifier = Verifier::default();
    let mut kinds = Vec::new();
    let mut lines: Vec<_> = std::str::from_utf8(&bytes).unwrap().lines().collect();
    let last: Value = serde_json::from_str(lines.pop().unwrap()).unwrap();
    for line in lines {
        let record: Record = serde_json::from_str(line).unwrap();
        kinds.push(record.kind.as_str());
        verifier.next(record).unwrap();
    }
    let note = Note::read(last["checkpoint"].as_str().unwrap()).unwrap();
    assert_eq!(note.checkpoint.head, verifier.head());
    let now = h.admin.gets("audit/checkpoint").await;
    assert_eq!(now["records"], json!(verifier.head().seq.0));
    let keys = PublicKeys::read(&h.app.receipt_keys().to_string()).unwrap();
    assert!(keys.signed(&note) && keys.signed(&Note::read(now["note"].as_str().unwrap()).unwrap()));
    assert_eq!(
        kinds[5..],
        [
            "agent.created",
            "key.created",
            "permission.set",
            "check.allowed",
            "approval.opened",
            "approval.approved",
            "execution.started",
            "execution.failed"
        ]
    );
    let refused = agent.raw(Method::GET, path, &[], "").await;
    assert_eq!(error(read(refused).await), (403, "people_only".into()));
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_paged() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    for (n, risk) in ["low", "critical", "medium", "high"].into_iter().enumerate() {
        let body = json!({"action": format!("act.n{n}"), "risk": risk, "reasoning": format!("word{n} for all")});
        agent.posts("approvals", body).await;
    }
    let actions = |list: serde_json::Value| -> Vec<String> {
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|a| a["action"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(actions(h.admin.gets("approvals").await), ["act.n1", "act.n3", "act.n2", "act.n0"]);
    assert_eq!(actions(h.admin.gets("approvals?q=word2").await), ["act.n2"]);
    assert_eq!(actions(h.admin.gets("approvals?risk=low").await), ["act.n0"]);
    assert_eq!(actions(h.admin.gets("approvals?action=act.n3&agent_id=support").await), ["act.n3"]);
    assert!(actions(h.admin.gets("approvals?agent_id=nobody").await).is_empty());
    let first = h.admin.gets("approvals?limit=3").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = h.admin.gets(&format!("approvals?limit=3&cursor={cursor}")).await;
    assert_eq!(actions(second.clone()), ["act.n0"]);
    assert!(second.get("next_cursor").is_none());
    let other_order = format!("approvals?limit=3&sort=created&cursor={cursor}");
    let refused = error(h.admin.sends(Method::GET, &other_order, None).await);
    assert_eq!(refused, (422, "invalid".into()));
}
