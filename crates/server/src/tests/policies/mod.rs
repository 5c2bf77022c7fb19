//! Policy documents, from files to force.

mod counts;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::harness::read;
use super::{Caller, Harness, error};

const FILE: &str = "\
# who decides about money
kind: Group
name: finance
members: [root@example.com]     # more to come
---
kind: Agent
name: support-bot
version: 1.4.0
owner: ana@example.com
trust: trusted
---
kind: Policy
name: refunds
rules:
  - name: large
    actions: [stripe.refund]
    agents: [support-bot]
    verdict: escalate
    approval: {stages: [{name: finance, groups: [finance]}]}
";

fn files(text: &str) -> Value {
    json!({"files": [{"name": "policy.yaml", "text": text}]})
}

async fn apply(caller: &Caller, text: &str) -> Value {
    caller.posts("policies/apply", files(text)).await
}

fn changes(answer: &Value) -> Vec<String> {
    let documents = answer["documents"].as_array().unwrap();
    let line =
        |d: &Value| format!("{} {}", d["name"].as_str().unwrap(), d["change"].as_str().unwrap());
    documents.iter().map(line).collect()
}

async fn newest(h: &Harness) -> Value {
    h.admin.gets("audit?newest=true&limit=1").await["items"][0].clone()
}

#[tokio::test]
async fn files_come_into_force_whole_and_leave_records() {
    let h = Harness::start().await;
    let planned = h.admin.posts("policies/diff", files(FILE)).await;
    assert_eq!(h.admin.gets("policies").await["items"], json!([]), "a diff changes nothing");
    let applied = apply(&h.admin, FILE).await;
    assert_eq!(changes(&applied), ["finance created", "support-bot created", "refunds created"]);
    assert_eq!(changes(&applied), changes(&planned));
    assert_eq!(applied["effects"], json!(["a new agent `support-bot`, without a key"]));
    let diff = applied["documents"][0]["diff"].as_str().unwrap();
    assert!(diff.contains("+members: [root@example.com]     # more to come\n"), "{diff}");

    let records = h.admin.gets("audit?kind=policy.applied").await["items"].clone();
    assert_eq!(records.as_array().unwrap().len(), 1);
    let data = &records[0]["data"];
    assert_eq!(
        data["documents"][2],
        json!({"kind": "Policy", "name": "refunds", "change": "created"})
    );
    assert_eq!((&data["before"], &data["after"]), (&applied["before"], &applied["after"]));
    assert_eq!(records[0]["caller"]["name"], "root@example.com");
    let created = newest(&h).await;
    assert_eq!(
        (&created["kind"], &created["data"]["agent"]["trust"]),
        (&json!("agent.created"), &json!("trusted"))
    );

    // The hash of what is in force now is the one that was foretold.
    let again = h.admin.posts("policies/apply", files(FILE)).await;
    assert_eq!(
        changes(&again),
        ["finance unchanged", "support-bot unchanged", "refunds unchanged"]
    );
    assert_eq!((&again["before"], &again["after"]), (&applied["after"], &applied["after"]));
    assert_eq!(newest(&h).await, created, "applying again leaves no record");
}

#[tokio::test]
async fn one_mistake_changes_nothing() {
    let h = Harness::start().await;
    apply(&h.admin, FILE).await;
    let before = (newest(&h).await, h.admin.gets("policies").await);
    let text = "kind: Group\nname: new\nmembers: []\n---\nkind: Policy\nname: p\nrules:\n  - {name: r, verdict: alow}\n";
    let (status, answer) = h.admin.sends(Method::POST, "policies/apply", Some(files(text))).await;
    assert_eq!(error((status, answer.clone())), (422, "policy_invalid".into()));
    let problem = answer["problems"].as_array().unwrap().iter().find(|p| p["severity"] == "error");
    assert_eq!(
        problem.unwrap(),
        &json!({"severity": "error", "file": "policy.yaml", "line": 8, "column": 24, "path": "rules[0].verdict",
            "message": "`alow` is not known; it can be `allow`, `escalate`, `deny`", "suggestion": "allow"})
    );
    assert_eq!((newest(&h).await, h.admin.gets("policies").await), before);
    let found = h.admin.posts("policies/validate", files(text)).await;
    assert_eq!((&found["valid"], &found["problems"]), (&json!(false), &answer["problems"]));
    let unknown = json!({"files": [], "prun": true});
    assert_eq!(h.admin.is_refused("policies/apply", unknown).await, (422, "unknown_field".into()));
}

#[tokio::test]
async fn of_two_who_apply_at_once_one_is_told() {
    let h = Harness::start().await;
    let one = h.admin.sends(
        Method::POST,
        "policies/apply",
        Some(files("kind: Tool\nname: a\naction: a\n")),
    );
    let other = h.admin.sends(
        Method::POST,
        "policies/apply",
        Some(files("kind: Tool\nname: b\naction: b\n")),
    );
    let (one, other) = tokio::join!(one, other);
    let mut statuses = [one.0.as_u16(), other.0.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(h.admin.gets("policies").await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_looked_at_is_what_is_applied() {
    let h = Harness::start().await;
    let seen = h.admin.posts("policies/diff", files(FILE)).await["before"].clone();
    apply(&h.admin, "kind: Tool\nname: between\naction: b\n").await;
    let mut body = files(FILE);
    body["expected"] = seen;
    assert_eq!(h.admin.is_refused("policies/apply", body.clone()).await, (409, "conflict".into()));
    body["expected"] = h.admin.posts("policies/diff", files(FILE)).await["before"].clone();
    h.admin.posts("policies/apply", body).await;
}

#[tokio::test]
async fn what_is_exported_applies_again_and_keeps_comments() {
    let h = Harness::start().await;
    apply(&h.admin, FILE).await;
    let response = h.admin.raw(Method::GET, "/api/v1/orgs/default/policies/export", &[], "").await;
    assert_eq!(response.headers()["content-type"], "application/yaml");
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(
        text.contains("# who decides about money\n") && text.contains("# more to come\n"),
        "{text}"
    );
    let mut body = files(&text);
    body["prune"] = json!(true);
    let again = h.admin.posts("policies/apply", body).await;
    assert!(changes(&again).iter().all(|change| change.ends_with(" unchanged")), "{again}");
    let shown = h.admin.gets("policies/policy/refunds").await;
    assert!(text.contains(shown["yaml"].as_str().unwrap()));
    assert_eq!(
        (&shown["updated_by"], &shown["from_file"]),
        (&json!("root@example.com"), &json!(true))
    );
}

#[tokio::test]
async fn documents_go_unless_others_need_them() {
    let h = Harness::start().await;
    apply(&h.admin, FILE).await;
    let remove = |path: &'static str| h.admin.sends(Method::DELETE, path, None);
    assert_eq!(error(remove("policies/group/finance").await), (422, "policy_invalid".into()));
    assert_eq!(remove("policies/policy/refunds").await.0, StatusCode::NO_CONTENT);
    assert_eq!(remove("policies/group/finance").await.0, StatusCode::NO_CONTENT);
    assert_eq!(error(remove("policies/group/finance").await), (404, "not_found".into()));
    assert_eq!(error(remove("policies/grup/finance").await), (422, "invalid".into()));
    let record = newest(&h).await;
    assert_eq!(
        record["data"]["documents"],
        json!([{"kind": "Group", "name": "finance", "change": "removed"}])
    );

    let mut body = files("kind: Tool\nname: t\naction: t\n");
    body["prune"] = json!(true);
    let pruned = h.admin.posts("policies/apply", body).await;
    assert_eq!(changes(&pruned), ["t created", "support-bot removed"]);
    assert_eq!(h.admin.gets("agents/support-bot").await["name"], "support-bot", "the agent stays");
}

#[tokio::test]
async fn an_agent_keeps_what_its_document_does_not_change() {
    let h = Harness::start().await;
    let agent = h.agent("support-bot").await;
    let applied = apply(&h.admin, FILE).await;
    let effect = "agent `support-bot` changes: version from `` to `1.4.0`, owner from `nobody` to \
                  `ana@example.com`, trust from `standard` to `trusted`";
    assert_eq!(applied["effects"], json!([effect]));
    agent.gets("me").await;
    let off = Some(json!({"status": "inactive"}));
    h.admin.sends(Method::PATCH, "agents/support-bot", off).await;
    apply(&h.admin, &FILE.replace("1.4.0", "1.5.0")).await;
    let view = h.admin.gets("agents/support-bot").await;
    assert_eq!((&view["version"], &view["status"]), (&json!("1.5.0"), &json!("inactive")));
    let explicit = FILE.replace("trust: trusted", "status: inactive");
    apply(&h.admin, &explicit).await;
    apply(&h.admin, FILE).await;
    assert_eq!(h.admin.gets("agents/support-bot").await["status"], "active");
}

#[tokio::test]
async fn groups_of_documents_have_members_and_are_not_given_to_them() {
    let h = Harness::start().await;
    h.person("ben@example.com", "approver").await;
    apply(&h.admin, "kind: Group\nname: finance\nmembers: [ben@example.com]\n").await;
    let groups = async || {
        let people = h.admin.gets("users").await["items"].clone();
        let ben =
            people.as_array().unwrap().iter().find(|p| p["email"] == "ben@example.com").cloned();
        ben.unwrap()["groups"].clone()
    };
    assert_eq!(groups().await, json!(["finance"]));
    let role = Some(json!({"role": "auditor"}));
    let (status, _) = h.admin.sends(Method::PATCH, "users/ben@example.com", role).await;
    assert_eq!(status, StatusCode::OK);
    apply(&h.admin, "kind: Group\nname: finance\nmembers: [root@example.com]\n").await;
    assert_eq!(groups().await, json!([]));
}

#[tokio::test]
async fn defaults_go_before_settings_as_long_as_they_are_there() {
    let h = Harness::start().await;
    apply(&h.admin, "kind: Defaults\nexpires_in: 4h\nself_approval: low\n").await;
    let settings = h.admin.gets("settings").await;
    assert_eq!((&settings["expires_in"], &settings["use_within"]), (&json!("4h"), &json!("1h")));
    assert_eq!(settings["from_document"], json!(["expires_in", "self_approval"]));
    let patch = async |body: Value| h.admin.sends(Method::PATCH, "settings", Some(body)).await;
    let (status, refused) = patch(json!({"expires_in": "8h"})).await;
    assert_eq!((status.as_u16(), &refused["path"]), (422, &json!("$.expires_in")));
    let (status, changed) = patch(json!({"use_within": "2h"})).await;
    assert_eq!((status, &changed["expires_in"]), (StatusCode::OK, &json!("4h")));
    h.admin.sends(Method::DELETE, "policies/defaults/defaults", None).await;
    let settings = h.admin.gets("settings").await;
    assert_eq!((&settings["expires_in"], &settings["use_within"]), (&json!("24h"), &json!("2h")));
    assert_eq!(patch(json!({"expires_in": "8h"})).await.0, StatusCode::OK);
}

#[tokio::test]
async fn only_admins_change_policy_and_people_may_read_it() {
    let h = Harness::start().await;
    apply(&h.admin, FILE).await;
    for role in ["viewer", "auditor", "approver"] {
        let person = h.person(&format!("{role}@example.com"), role).await;
        for path in ["policies/validate", "policies/diff", "policies/apply"] {
            assert_eq!(person.is_refused(path, files(FILE)).await.0, 403, "{role} {path}");
        }
        let removed = person.sends(Method::DELETE, "policies/policy/refunds", None).await;
        assert_eq!(removed.0.as_u16(), 403, "{role}");
        assert_eq!(person.gets("policies?kind=policy").await["total"], 1, "{role}");
    }
    let schema = h.admin.raw(Method::GET, "/api/v1/schemas/Policy.json", &[], "").await;
    assert_eq!(read(schema).await.1["properties"]["kind"]["const"], "Policy");
}

#[tokio::test]
async fn those_who_write_and_audit_policy_can_explain_it_for_an_agent() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    apply(&h.admin, FILE).await;
    let auditor = h.person("aud@example.com", "auditor").await;
    let check =
        json!({"agent_id": "support", "action": "stripe.refund", "params": {"amount": 500}});
    let own = json!({"action": "stripe.refund", "params": {"amount": 500}, "dry_run": true});
    let asked = agent.posts("checks", own).await;
    let before = h.admin.gets("audit?newest=true&limit=1").await["items"][0]["seq"].clone();
    for reader in [&h.admin, &auditor] {
        let explained = reader.posts("policies/explain", check.clone()).await;
        for field in ["verdict", "reason_code", "reason", "policy_trace", "approval_id"] {
            assert_eq!(explained[field], asked[field], "{field}");
        }
    }
    let after = h.admin.gets("audit?newest=true&limit=1").await["items"][0]["seq"].clone();
    assert_eq!(after, before, "nothing is recorded");
    assert_eq!(h.admin.gets("approvals").await["items"], json!([]));
    for (caller, refused) in [
        (&agent, (403, "people_only")),
        (&h.application, (403, "people_only")),
        (&h.person("v@example.com", "viewer").await, (403, "forbidden")),
        (&h.person("a@example.com", "approver").await, (403, "forbidden")),
    ] {
        let said = caller.is_refused("policies/explain", check.clone()).await;
        assert_eq!(said, (refused.0, refused.1.into()));
    }
    let nobody = json!({"action": "stripe.refund"});
    assert_eq!(h.admin.is_refused("policies/explain", nobody).await.0, 422);
    let gone = json!({"agent_id": "gone", "action": "stripe.refund"});
    assert_eq!(h.admin.is_refused("policies/explain", gone).await, (404, "not_found".into()));
}

/// Whoever is asked is told every reason, and not only the first.
#[tokio::test]
async fn all_that_ask_say_why() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(
        "kind: Agent\nname: support\nmanifest:\n  actions: ['**']\n  counterparty: {param: customer, escalate_new: true}\n\
         ---\nkind: Policy\nname: p\nrules:\n\
         \x20 - {name: large, actions: [stripe.refund], when: params.amount > 10, verdict: escalate, message: large refunds need finance}\n\
         \x20 - {name: night, actions: [stripe.refund], verdict: escalate, message: refunds are looked at}\n\
         \x20 - {name: same, actions: [stripe.refund], verdict: escalate, message: refunds are looked at}\n",
    )
    .await;
    let body = json!({"action": "stripe.refund", "params": {"amount": 50, "customer": "c1"}});
    let told = agent.posts("checks", body).await;
    assert_eq!(told["reason_code"], "NEW_COUNTERPARTY");
    let why = "`customer` is `c1`, with whom the agent never dealt before; large refunds need finance; refunds are looked at";
    assert_eq!(told["reason"], why);
    let path = format!("approvals/{}", told["approval_id"].as_str().unwrap());
    assert_eq!(h.admin.gets(&path).await["asked_because"], why);
    let body = json!({"action": "crm.read", "params": {"customer": "c1"}});
    let told = agent.posts("checks", body).await;
    assert_eq!(
        told["reason"], "`customer` is `c1`, with whom the agent never dealt before",
        "that nothing else speaks of it is no reason beside one"
    );
}
