//! Whatever an agent says, and however it says it: nothing of it lowers what policy or people demand.

use axum::http::Method;
use serde_json::{Value, json};

use crate::tests::Harness;

#[tokio::test]
async fn a_denial_holds_however_the_same_is_written() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let denied = agent.asks(50).await;
    h.admin.denies(&denied, "too much").await;
    for (action, tool) in [("Stripe:Refund", None), ("stripe.refund", Some("refund"))] {
        let again = json!({"action": action, "tool": tool, "params": {"amount": 50}});
        let told = agent.posts("checks", again.clone()).await;
        assert_eq!(
            (&told["reason_code"], &told["approval_id"]),
            (&json!("PREVIOUSLY_DENIED"), &json!(denied)),
            "{action} {tool:?}"
        );
        let refused = agent.is_refused("approvals", again).await;
        assert_eq!(refused, (409, "previously_denied".into()), "{action} {tool:?}");
    }
    let elsewhere = json!({"action": "stripe.refund", "params": {"amount": 50}, "resource": "b"});
    assert_eq!(agent.posts("checks", elsewhere).await["verdict"], "escalate");
    // A yes holds only for exactly what was asked.
    let yes = agent.asks(60).await;
    h.admin.approves(&yes).await;
    assert_eq!(agent.checks("Stripe:Refund", 60).await["verdict"], "escalate");
    assert_eq!(agent.checks("stripe.refund", 60).await["approval_id"], yes);
}

#[tokio::test]
async fn a_yes_to_one_resource_is_none_to_another() {
    let h = Harness::start().await;
    let agent = h.agent("ops").await;
    let restart = |resource: Option<&str>| json!({"action": "db.restart", "resource": resource});
    let asked = agent.posts("checks", restart(Some("db-1"))).await;
    let id = asked["approval_id"].as_str().unwrap().to_owned();
    let shown = h.admin.gets(&format!("approvals/{id}")).await;
    assert_eq!(
        (&shown["resource"], &shown["context"]),
        (&json!("db-1"), &json!({"resource": "db-1"}))
    );
    h.admin.approves(&id).await;
    for other in [Some("db-2"), None] {
        let told = agent.posts("checks", restart(other)).await;
        assert_eq!(told["verdict"], "escalate", "{other:?}");
    }
    let named = json!({"action": "db.restart", "resource": "db-2", "approval_id": id});
    assert_eq!(agent.is_refused("checks", named).await, (422, "digest_mismatch".into()));
    let told = agent.posts("checks", restart(Some("db-1"))).await;
    assert_eq!((&told["reason_code"], &told["approval_id"]), (&json!("APPROVED"), &json!(id)));
    let twice =
        json!({"action": "db.restart", "resource": "db-1", "context": {"resource": "db-2"}});
    let (status, told) = agent.sends(Method::POST, "checks", Some(twice)).await;
    assert_eq!((status.as_u16(), &told["path"]), (422, &json!("$.context.resource")), "{told}");
}

#[tokio::test]
async fn what_an_agent_says_of_the_risk_only_raises_it() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let asks = async |action: &str, risk: &str| {
        let asked = agent.posts("approvals", json!({"action": action, "risk": risk})).await;
        (asked["risk"].as_str().unwrap().to_owned(), asked["stated_risk"].clone())
    };
    assert_eq!(asks("a.b", "low").await, ("high".to_owned(), json!("low")));
    assert_eq!(asks("a.b", "critical").await.0, "critical");
    h.applies("kind: Defaults\nunrated_risk: medium\n").await;
    assert_eq!(asks("a.c", "low").await.0, "medium");
    assert_eq!(asks("a.c", "high").await.0, "high");
    assert_eq!(agent.checks("a.d", 1).await["verdict"], "escalate");
    let settings = h.admin.gets("settings").await;
    assert_eq!(
        (&settings["unrated_risk"], &settings["from_document"]),
        (&json!("medium"), &json!(["unrated_risk"]))
    );
    let refused = h.admin.sends(Method::PATCH, "settings", Some(json!({"unrated_risk": "none"})));
    assert_eq!(refused.await.0.as_u16(), 422);
    h.applies(
        "kind: Policy\nname: p\nrules:\n  - {name: r, actions: [a.e], verdict: escalate, risk: low}\n",
    )
    .await;
    assert_eq!(asks("a.e", "low").await.0, "low", "policy rates it");
}

#[tokio::test]
async fn keys_that_many_readers_take_for_one_are_refused() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let check = json!({"action": "a.b", "params": {"amount": 1, "to": {"Amount": 2, "amount": 3}}});
    let (status, told) = agent.sends(Method::POST, "checks", Some(check)).await;
    assert_eq!((status.as_u16(), &told["code"]), (400, &json!("invalid_json")), "{told}");
    assert!(told["detail"].as_str().unwrap().contains("`Amount` and `amount`"), "{told}");
}

#[tokio::test]
async fn leaving_the_tool_out_gets_around_no_rule() {
    let h = Harness::start().await;
    h.applies(
        "kind: Policy\nname: p\ndefault: allow\nrules:\n  - {name: shell, tools: [\"shell*\"], actions: [\"os.**\"], verdict: deny}\n  \
         - {name: mail, tools: [mailer], actions: [\"mail.**\"], when: params.amount > 10, verdict: escalate, risk: critical}\n",
    )
    .await;
    let agent = h.agent("ops").await;
    let check = |action: &str, tool: Option<&str>| json!({"action": action, "tool": tool, "params": {"amount": 20}});
    let verdict = async |check: Value| agent.posts("checks", check).await;
    assert_eq!(verdict(check("os.run", Some("shell"))).await["verdict"], "deny");
    assert_eq!(verdict(check("os.run", Some("clock"))).await["verdict"], "allow");
    let told = verdict(check("os.run", None)).await;
    assert_eq!(told["verdict"], "escalate");
    let why = "rule `p/shell` cannot be evaluated, so a person decides: `it is for some tools, and the request names none`";
    assert_eq!(told["reason"], why, "{told:#}");
    let told = verdict(check("mail.send", None)).await;
    let card = h.admin.gets(&format!("approvals/{}", told["approval_id"].as_str().unwrap())).await;
    assert_eq!(card["risk"], "critical", "what the rule says of it holds");
    assert_eq!(
        verdict(json!({"action": "mail.send", "params": {"amount": 2}})).await["verdict"],
        "allow"
    );
    assert_eq!(verdict(check("x.y", None)).await["verdict"], "allow", "of no rule's actions");
}

#[tokio::test]
async fn nobody_is_asked_sooner_because_the_agent_is_in_a_hurry() {
    let h = Harness::start().await;
    let body = json!({"email": "sue@example.com", "role": "approver", "groups": ["security"]});
    let made = h.admin.posts("users", body).await;
    let sue = h.caller(&made, "token");
    h.applies(
        "{kind: Group, name: finance, members: [root@example.com]}\n---\n\
         {kind: Policy, name: p, rules: [{name: r, actions: [pay.**], verdict: escalate, approval: {expires_in: 4h, \
         stages: [{name: finance, groups: [finance]}], on_timeout: {escalate: [{after: 2h, groups: [security]}]}}}]}",
    )
    .await;
    let agent = h.agent("support").await;
    let check = json!({"action": "pay.out", "expires_in": "1s"});
    let asked = agent.posts("checks", check).await;
    h.passes("PT2S").await;
    let approve = format!("approvals/{}/approve", asked["approval_id"].as_str().unwrap());
    assert_eq!(sue.is_refused(&approve, json!({})).await.0, 403);
    h.passes("PT4H").await;
    assert_eq!(sue.posts(&approve, json!({})).await["status"], "approved", "when the rule says");
}

#[tokio::test]
async fn a_resource_is_bound_wherever_it_is_told() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("ops").await;
    let told = |resource: &str| json!({"action": "db.copy", "context": {"resource": resource}});
    let asked = agent.posts("checks", told("staging")).await;
    let id = asked["approval_id"].as_str().unwrap().to_owned();
    h.admin.approves(&id).await;
    assert_eq!(agent.posts("checks", told("prod")).await["verdict"], "escalate");
    h.admin.posts(&format!("approvals/{id}/grant"), json!({"name": "g", "uses": 9})).await;
    assert_eq!(agent.posts("checks", told("staging")).await["reason_code"], "APPROVED");
    let named = |resource: &str| json!({"action": "db.copy", "resource": resource});
    assert_eq!(agent.posts("checks", named("staging")).await["reason_code"], "GRANT");
    assert_eq!(agent.posts("checks", named("dev")).await["verdict"], "escalate");
    assert_eq!(agent.posts("checks", json!({"action": "db.copy"})).await["verdict"], "escalate");
}

#[tokio::test]
async fn no_spelling_of_a_blocked_name_passes() {
    let h = Harness::start().await;
    h.applies(
        "{kind: Agent, name: payer, manifest: {actions: [pay], counterparty: {param: to, blocked: [evil-corp]}}}\n---\n\
         {kind: Policy, name: p, default: allow}",
    )
    .await;
    let made = h.admin.posts("keys", json!({"name": "k", "agent": "payer"})).await;
    let payer = h.caller(&made, "secret");
    let to = async |to: &str| {
        payer.posts("checks", json!({"action": "pay", "params": {"to": to}})).await["verdict"]
            .clone()
    };
    for name in [
        "evil-corp",
        " EVIL-corp\n",
        "evil-corp\u{200b}",
        "evil-\u{ad}corp",
        "\u{ff45}vil-corp",
        "\u{435}vil-corp",
        "evil-corp\u{0}",
        "evil-c\u{43e}rp",
    ] {
        assert_eq!(to(name).await, "deny", "{name:?}");
    }
    assert_eq!(to("evil-corp-2").await, "allow");
}

#[tokio::test]
async fn a_dry_run_never_says_to_run_anything() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.permits(&agent, "crm.**", "allow").await;
    let told = agent.posts("checks", json!({"action": "crm.read", "dry_run": true})).await;
    assert_eq!(
        (&told["allowed"], &told["next"]),
        (
            &json!(true),
            &json!(
                "this only tries: it would be allowed; run nothing before you asked without `dry_run`"
            )
        )
    );
    let batch = json!({"dry_run": true, "checks": [{"action": "crm.read"}]});
    let told = agent.posts("checks/batch", batch).await["results"][0]["next"].to_string();
    assert!(told.contains("this only tries"), "{told}");
}

#[tokio::test]
async fn a_manifest_with_tools_asks_where_none_is_named() {
    let h = Harness::start().await;
    h.applies(
        "{kind: Agent, name: a, manifest: {actions: [x.**], tools: [\"good*\"]}}\n---\n{kind: Policy, name: p, default: allow}",
    )
    .await;
    let made = h.admin.posts("keys", json!({"name": "k", "agent": "a"})).await;
    let agent = h.caller(&made, "secret");
    for (tool, verdict) in [(Some("good"), "allow"), (Some("bad"), "deny"), (None, "escalate")] {
        let told = agent.posts("checks", json!({"action": "x.y", "tool": tool})).await;
        assert_eq!(told["verdict"], verdict, "{tool:?}");
    }
}

#[tokio::test]
async fn a_name_with_a_blank_in_it_is_let_run_by_no_pattern_of_names() {
    let h = Harness::start().await;
    h.applies(
        "{kind: Policy, name: p, rules: [{name: free, actions: [fs.**], verdict: allow}, {name: not, actions: [fs.delete], verdict: deny}]}",
    )
    .await;
    let agent = h.agent("ops").await;
    h.permits(&agent, "net.**", "allow").await;
    let cases = [
        ("fs.read", "allow"),
        ("fs.delete", "deny"),
        ("fs. delete", "escalate"),
        ("net.get", "allow"),
        ("net. get", "escalate"),
    ];
    for (action, verdict) in cases {
        let told = agent.posts("checks", json!({"action": action})).await;
        assert_eq!(told["verdict"], verdict, "{action}: {told:#}");
    }
}

/// A rule about a resource compares texts: none that only looks like another gets by.
#[tokio::test]
async fn a_resource_holds_nothing_that_nobody_sees() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    for resource in ["prod\u{200b}", " prod", "pr\u{43e}d"] {
        for body in [
            json!({"action": "k8s.deploy", "resource": resource}),
            json!({"action": "k8s.deploy", "context": {"resource": resource}}),
        ] {
            assert_eq!(
                agent.is_refused("checks", body).await,
                (422, "invalid".into()),
                "{resource}"
            );
        }
    }
    let plain = agent.posts("checks", json!({"action": "k8s.deploy", "resource": "prod"})).await;
    assert_eq!(plain["verdict"], "escalate");
}

/// Capitals of Turkish are those of other languages to many programs.
#[tokio::test]
async fn no_letter_i_gets_around_a_rule() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(
        "{kind: Policy, name: p, default: allow, rules: [{name: no, actions: [fo.wire], verdict: deny}]}",
    )
    .await;
    for action in ["fo.wire", "fo.WIRE", "fo.w\u{131}re", "fo.W\u{130}RE"] {
        assert_eq!(agent.checks(action, 1).await["reason_code"], "POLICY_DENIED", "{action}");
    }
}
