use axum::http::{Method, StatusCode};
use countersign_domain::OrgId;
use countersign_domain::approval::transition::{Answering, Opening, Remarks};
use countersign_domain::approval::{Approval, Assurance};
use countersign_domain::identity::Caller;
use countersign_store::Store as _;
use serde_json::json;

use super::{Harness, error};

#[tokio::test]
async fn without_a_rule_a_person_is_asked_and_the_same_check_joins() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let first = agent.checks("stripe.refund", 50).await;
    assert_eq!(first["verdict"], "escalate");
    assert_eq!(first["reason_code"], "DEFAULT_POLICY");
    assert_eq!(first["policy_trace"].as_array().map(Vec::len), Some(13));
    let again = agent.checks("stripe.refund", 50).await;
    assert_eq!(again["approval_id"], first["approval_id"]);
    let other = agent.checks("stripe.refund", 51).await;
    assert_ne!(other["approval_id"], first["approval_id"]);
    assert_eq!(h.admin.gets("approvals?status=pending").await["total"], 2);
}

#[tokio::test]
async fn permissions_decide() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.permits(&agent, "crm.read.**", "allow").await;
    h.permits(&agent, "crm.delete.*", "requires_approval").await;
    h.permits(&agent, "crm.drop", "deny").await;
    for (action, verdict, code) in [
        ("crm.read.contact", "allow", "ALLOWED_BY_POLICY"),
        ("crm.delete.contact", "escalate", "REQUIRES_APPROVAL"),
        ("crm.drop", "deny", "POLICY_DENIED"),
        ("crm.other", "escalate", "DEFAULT_POLICY"),
    ] {
        let answer = agent.checks(action, 1).await;
        assert_eq!(
            (&answer["verdict"], &answer["reason_code"]),
            (&json!(verdict), &json!(code)),
            "{action}"
        );
        assert_eq!(answer["allowed"], verdict == "allow");
    }
}

/// However it is written: with capitals, with another separator, with signs that look like one, under a tool's name
/// that is nearly right.
#[tokio::test]
async fn no_spelling_slips_past_a_rule() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(
        "{kind: Policy, name: p, default: allow, rules: [{name: no, actions: [stripe.refund], verdict: deny}]}\n\
         ---\n{kind: Tool, name: mailer, action: mail.send}\n---\n{kind: Tool, name: shell, action: sh.run, sensitive: true}",
    )
    .await;
    for action in ["stripe.refund", "Stripe.Refund", "STRIPE:refund"] {
        assert_eq!(agent.checks(action, 1).await["reason_code"], "POLICY_DENIED", "{action}");
    }
    for action in ["stripe\u{ff0e}refund", "stripe\u{ff1a}refund", "stripe\u{2024}refund"] {
        let refused = agent.is_refused("checks", json!({"action": action})).await;
        assert_eq!(refused, (422, "invalid".into()), "{action}");
    }
    assert_eq!(agent.checks("SH.run", 1).await["reason_code"], "SENSITIVE_TOOL");
    for (tool, code) in [
        ("mailer", "ALLOWED_BY_POLICY"),
        ("another", "ALLOWED_BY_POLICY"),
        ("Mailer", "TOOL_NOT_AUTHORIZED"),
        ("rnailer", "TOOL_NOT_AUTHORIZED"),
        ("she11", "TOOL_NOT_AUTHORIZED"),
    ] {
        let answer = agent.posts("checks", json!({"action": "mail.send", "tool": tool})).await;
        assert_eq!(answer["reason_code"], code, "{tool}: {answer}");
    }
    for tool in ["mail\u{435}r", "m\u{430}iler", "mail\u{200b}er", " mailer"] {
        let body = json!({"action": "mail.send", "tool": tool});
        assert_eq!(agent.is_refused("checks", body).await, (422, "invalid".into()), "{tool}");
    }
}

#[tokio::test]
async fn an_approved_check_is_allowed_exactly_once() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let ana = h.person("ana@example.com", "approver").await;
    let asked = agent.checks("stripe.refund", 50).await;
    ana.approves(asked["approval_id"].as_str().unwrap()).await;
    let allowed = agent.checks("stripe.refund", 50).await;
    assert_eq!(
        (&allowed["verdict"], &allowed["reason_code"]),
        (&json!("allow"), &json!("APPROVED"))
    );
    assert_eq!(allowed["approval_id"], asked["approval_id"]);
    let anew = agent.checks("stripe.refund", 50).await;
    assert_eq!(anew["verdict"], "escalate");
    assert_ne!(anew["approval_id"], asked["approval_id"]);
}

#[tokio::test]
async fn of_200_checks_at_once_one_uses_the_approval() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let asked = agent.checks("stripe.refund", 50).await;
    h.admin.approves(asked["approval_id"].as_str().unwrap()).await;
    let all = (0..200).map(|_| agent.checks("stripe.refund", 50));
    let answers = futures_util::future::join_all(all).await;
    assert_eq!(answers.iter().filter(|a| a["allowed"] == true).count(), 1);
    let cards: std::collections::HashSet<_> = answers
        .iter()
        .filter(|a| a["allowed"] == false)
        .map(|a| a["approval_id"].to_string())
        .collect();
    assert_eq!(cards.len(), 1, "the others share one new card");
}

#[tokio::test]
async fn after_edits_only_the_edited_proposal_runs() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let asked = agent.checks("stripe.refund", 50).await;
    let id = asked["approval_id"].as_str().unwrap();
    let answer =
        h.admin.posts(&format!("approvals/{id}/approve"), json!({"edits": {"amount": 30}})).await;
    assert_eq!(answer["outcome"], "edited");
    let original = agent.checks("stripe.refund", 50).await;
    assert_eq!(original["reason_code"], "APPROVED_WITH_EDITS");
    assert_eq!(original["effective"]["params"], json!({"amount": 30}));
    assert_eq!(agent.checks("stripe.refund", 30).await["reason_code"], "APPROVED");
    assert_eq!(agent.checks("stripe.refund", 30).await["verdict"], "escalate");
}

#[tokio::test]
async fn an_edited_cost_is_agreed_to_by_stating_it() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let check = |usd: u32| json!({"action": "image.make", "cost": {"usd": usd}});
    let asked = agent.posts("checks", check(50)).await;
    let path = format!("approvals/{}/approve", asked["approval_id"].as_str().unwrap());
    h.admin.posts(&path, json!({"edits": {"cost.usd": 30}})).await;
    let original = agent.posts("checks", check(50)).await;
    assert_eq!(original["reason_code"], "APPROVED_WITH_EDITS");
    assert_eq!(original["effective"]["cost"]["usd"], "30");
    assert_eq!(agent.posts("checks", check(30)).await["reason_code"], "APPROVED");
}

#[tokio::test]
async fn after_a_denial_the_same_is_refused_until_the_cool_down_ends() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let denied = agent.asks(50).await;
    h.admin.denies(&denied, "too much").await;
    let check = agent.checks("stripe.refund", 50).await;
    assert_eq!(check["reason_code"], "PREVIOUSLY_DENIED");
    assert_eq!(check["approval_id"], denied);
    assert!(check["reason"].as_str().unwrap().contains("too much"));
    let ask = json!({"action": "stripe.refund", "params": {"amount": 50}});
    let (status, refusal) = agent.sends(Method::POST, "approvals", Some(ask.clone())).await;
    assert_eq!((status, &refusal["approval_id"]), (StatusCode::CONFLICT, &json!(denied)));
    assert_eq!(agent.checks("stripe.refund", 51).await["verdict"], "escalate");
    h.passes("PT24H").await;
    assert_ne!(agent.posts("approvals", ask).await["id"], denied);
}

#[tokio::test]
async fn the_cool_down_can_be_set() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let (status, _) =
        h.admin.sends(Method::PATCH, "settings", Some(json!({"denial_cooldown": "1m"}))).await;
    assert_eq!(status, StatusCode::OK);
    h.admin.denies(&agent.asks(50).await, "no").await;
    assert_eq!(agent.checks("stripe.refund", 50).await["reason_code"], "PREVIOUSLY_DENIED");
    h.passes("PT1M").await;
    assert_eq!(agent.checks("stripe.refund", 50).await["verdict"], "escalate");
}

#[tokio::test]
async fn a_dry_run_leaves_nothing() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let before = h.admin.gets("audit?newest=true&limit=1").await["items"][0]["seq"].clone();
    let body = json!({"action": "stripe.refund", "params": {}, "dry_run": true});
    let answer = agent.posts("checks", body).await;
    assert_eq!((&answer["verdict"], &answer["approval_id"]), (&json!("escalate"), &json!(null)));
    assert_eq!(h.admin.gets("audit?newest=true&limit=1").await["items"][0]["seq"], before);
    assert_eq!(h.admin.gets("approvals").await["total"], 0);
}

#[tokio::test]
async fn a_retried_call_finds_what_the_first_one_did() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let body = json!({"action": "stripe.refund", "params": {"amount": 1}});
    let (_, first) = agent.posts_once("k1", "approvals", &body).await;
    let (_, again) = agent.posts_once("k1", "approvals", &body).await;
    assert_eq!(first["id"], again["id"]);
    let other = json!({"action": "stripe.refund", "params": {"amount": 2}});
    assert_eq!(
        error(agent.posts_once("k1", "approvals", &other).await),
        (409, "idempotency_mismatch".into())
    );
    let (_, second) = agent.posts_once("k2", "approvals", &body).await;
    assert_ne!(first["id"], second["id"], "an explicit ask opens a new one");
    let (_, check) = agent.posts_once("k3", "checks", &other).await;
    h.admin.approves(check["approval_id"].as_str().unwrap()).await;
    let (_, replayed) = agent.posts_once("k3", "checks", &other).await;
    assert_eq!(replayed["verdict"], "escalate", "a replay answers as the first call was answered");
    assert_eq!(
        agent.posts("checks", other).await["reason_code"],
        "APPROVED",
        "and uses nothing up"
    );
}

#[tokio::test]
async fn of_50_equal_asks_with_one_key_one_is_opened() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let body = json!({"action": "stripe.refund", "params": {"amount": 1}});
    let all = (0..50).map(|_| agent.posts_once("same", "approvals", &body));
    let ids: std::collections::HashSet<_> = futures_util::future::join_all(all)
        .await
        .into_iter()
        .map(|(status, answer)| {
            assert_eq!(status, StatusCode::CREATED, "{answer}");
            answer["id"].to_string()
        })
        .collect();
    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn an_approval_that_is_named_has_to_match() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    h.admin.approves(&id).await;
    let check = |amount: u32| json!({"action": "stripe.refund", "params": {"amount": amount}, "approval_id": id});
    assert_eq!(agent.is_refused("checks", check(51)).await, (422, "digest_mismatch".into()));
    assert_eq!(agent.posts("checks", check(50)).await["reason_code"], "APPROVED");
    assert_eq!(agent.is_refused("checks", check(50)).await, (409, "already_used".into()));
    let stranger = h.agent("stranger").await;
    assert_eq!(stranger.is_refused("checks", check(50)).await, (404, "not_found".into()));
}

#[tokio::test]
async fn an_application_names_the_agent_by_id_or_name() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    for name in [agent.id.as_str(), "support"] {
        let body = json!({"agent_id": name, "action": "x.y", "params": {}});
        let approval = h.application.posts("checks", body).await["approval_id"].clone();
        let seen = agent.gets(&format!("approvals/{}", approval.as_str().unwrap())).await;
        assert_eq!(seen["agent"]["name"], "support");
    }
    let nameless = json!({"action": "x.y", "params": {}});
    assert_eq!(h.application.is_refused("checks", nameless).await, (422, "invalid".into()));
    let unknown = json!({"agent_id": "nobody", "action": "x.y", "params": {}});
    assert_eq!(h.application.is_refused("checks", unknown).await, (404, "agent_not_found".into()));
    let other = json!({"agent_id": "default", "action": "x.y", "params": {}});
    assert_eq!(agent.is_refused("checks", other).await, (404, "agent_not_found".into()));
}

#[tokio::test]
async fn too_many_pending_requests_are_refused() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let other = h.agent("other").await;
    h.admin.sends(Method::PATCH, "settings", Some(json!({"pending_per_agent": 2}))).await;
    agent.asks(1).await;
    agent.checks("stripe.refund", 2).await;
    let body = json!({"action": "stripe.refund", "params": {"amount": 3}});
    assert_eq!(agent.is_refused("approvals", body.clone()).await, (429, "too_many_pending".into()));
    assert_eq!(agent.is_refused("checks", body).await, (429, "too_many_pending".into()));
    other.asks(1).await;
}

#[tokio::test]
async fn a_retried_go_is_looked_at_anew() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let body = json!({"action": "stripe.refund", "params": {"amount": 50}});
    let asked = agent.posts("checks", body.clone()).await;
    let id = asked["approval_id"].as_str().unwrap();
    h.admin.approves(id).await;
    let go = agent.posts_once("go", "checks", &body).await.1;
    assert!(go["receipt"].is_string(), "{go}");
    let retried = agent.posts_once("go", "checks", &body).await.1;
    assert_eq!((&retried["allowed"], &retried["approval_id"]), (&json!(true), &json!(id)));
    h.permits(&agent, "stripe.*", "deny").await;
    let tightened = agent.posts_once("go", "checks", &body).await.1;
    assert_eq!(
        (&tightened["allowed"], &tightened["reason_code"]),
        (&json!(false), &json!("POLICY_DENIED"))
    );
    let path = format!("agents/{}/permissions?action=stripe.*", agent.id);
    h.admin.sends(Method::DELETE, &path, None).await;
    agent.posts(&format!("approvals/{id}/result"), json!({"status": "succeeded"})).await;
    let finished = error(agent.posts_once("go", "checks", &body).await);
    assert_eq!(finished, (409, "already_used".into()));
}

#[tokio::test]
async fn a_retried_allow_of_policy_is_looked_at_anew() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.permits(&agent, "crm.*", "allow").await;
    let body = json!({"action": "crm.read"});
    assert_eq!(agent.posts_once("k", "checks", &body).await.1["allowed"], true);
    h.permits(&agent, "crm.*", "requires_approval").await;
    assert_eq!(agent.posts_once("k", "checks", &body).await.1["allowed"], false);
}

#[tokio::test]
async fn what_another_program_denies_is_denied_by_the_next_check() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.permits(&agent, "stripe.refund", "allow").await;
    let asked = agent.asks(50).await;
    agent.posts(&format!("approvals/{asked}/cancel"), json!({})).await;
    assert_eq!(agent.checks("stripe.refund", 50).await["verdict"], "allow");
    let (elsewhere, org) = (h.another_store(), OrgId::first());
    let like = elsewhere.approval(&org, asked.parse().unwrap()).await.unwrap().unwrap();
    let person = elsewhere.configuration(&org).await.unwrap().unwrap().people.remove(0);
    let caller = Caller::system();
    let id = "apr_01J9Z3V5ABCDEFGHJKMNPQRSTV".parse().unwrap();
    let opening = Opening { id, card: like.card, requirements: like.requirements };
    let opened = Approval::open(opening, &caller);
    let by = Answering {
        person: &person,
        stands_in: &[],
        caller: &caller,
        assurance: Assurance::Session,
        proof: None,
        remarks: Remarks::default(),
        seen: None,
        presented: None,
    };
    let denied = opened.approval.as_ref().clone().deny(by, "no".into(), h.app.now()).unwrap();
    for change in [opened.change, denied.change] {
        elsewhere.keep(vec![change]).await.unwrap();
    }
    let answer = agent.checks("stripe.refund", 50).await;
    assert_eq!(answer["reason_code"], "PREVIOUSLY_DENIED", "{answer}");
    assert_eq!(agent.checks("stripe.refund", 51).await["verdict"], "allow");
}
