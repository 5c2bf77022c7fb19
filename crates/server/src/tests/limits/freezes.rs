use axum::http::Method;
use serde_json::json;

use super::super::{Harness, error};

#[tokio::test]
async fn what_is_frozen_is_refused_and_what_is_not_goes_on() {
    let h = Harness::start().await;
    let (one, other) = (h.agent("one").await, h.agent("other").await);
    for agent in [&one, &other] {
        h.permits(agent, "**", "allow").await;
    }
    let freeze = json!({"scope": "agent", "name": "one", "reason": "it repeats itself"});
    let frozen = h.admin.posts("freezes", freeze).await;
    assert_eq!((&frozen["scope"], &frozen["name"]), (&json!("agent"), &json!(one.id)));
    let verdict = one.checks("stripe.refund", 5).await;
    assert_eq!((&verdict["verdict"], &verdict["reason_code"]), (&json!("deny"), &json!("FROZEN")));
    assert_eq!(
        verdict["policy_trace"][0]["details"],
        "this agent is frozen by root@example.com: it repeats itself"
    );
    assert_eq!(one.is_refused("approvals", json!({"action": "x"})).await.1, "policy_denied");
    assert_eq!(other.checks("stripe.refund", 5).await["verdict"], "allow");

    h.admin
        .posts("freezes", json!({"scope": "action", "name": "stripe.**", "reason": "audit"}))
        .await;
    assert_eq!(other.checks("stripe.refund", 5).await["reason_code"], "FROZEN");
    assert_eq!(other.checks("mail.send", 5).await["verdict"], "allow");
    h.admin.posts("freezes", json!({"scope": "all", "reason": "alarm"})).await;
    assert_eq!(other.checks("mail.send", 5).await["reason_code"], "FROZEN");
    assert_eq!(h.admin.gets("freezes").await["total"], 3);

    for query in ["scope=all", "scope=agent&name=one", "scope=action&name=Stripe:**"] {
        let path = format!("freezes?{query}");
        assert!(h.admin.sends(Method::DELETE, &path, None).await.0.is_success(), "{query}");
        let again = error(h.admin.sends(Method::DELETE, &path, None).await);
        assert_eq!(again, (404, "not_found".into()), "{query}");
    }
    assert_eq!(one.checks("stripe.refund", 5).await["verdict"], "allow");
    let kinds = h.admin.gets("audit?limit=200").await;
    let count = |kind: &str| {
        kinds["items"].as_array().unwrap().iter().filter(|record| record["kind"] == kind).count()
    };
    assert_eq!((count("freeze.set"), count("freeze.lifted")), (3, 3));
}

#[tokio::test]
async fn approvers_may_stop_and_only_admins_let_go_on() {
    let h = Harness::start().await;
    let freeze = json!({"scope": "all", "reason": "alarm"});
    for (role, stops) in [("viewer", false), ("auditor", false), ("approver", true)] {
        let person = h.person(&format!("{role}@example.com"), role).await;
        let stopped = person.sends(Method::POST, "freezes", Some(freeze.clone())).await.0;
        assert_eq!(stopped.is_success(), stops, "{role}");
        let lifted = error(person.sends(Method::DELETE, "freezes?scope=all", None).await);
        assert_eq!(lifted, (403, "forbidden".into()), "{role}");
    }
    let refused = |body| h.admin.is_refused("freezes", body);
    assert_eq!(refused(json!({"scope": "all", "reason": " "})).await.1, "reason_required");
    assert_eq!(refused(json!({"scope": "all", "name": "x", "reason": "y"})).await.1, "invalid");
    assert_eq!(refused(json!({"scope": "agent", "reason": "y"})).await.1, "invalid");
    assert_eq!(refused(json!({"scope": "agent", "name": "x", "reason": "y"})).await.1, "not_found");
}

#[tokio::test]
async fn what_another_program_freezes_is_refused_before_it_is_even_loaded() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.permits(&agent, "**", "allow").await;
    assert_eq!(agent.checks("stripe.refund", 5).await["verdict"], "allow");
    let other_program = h.another_store();
    let org = countersign_domain::OrgId::first();
    let (stop, now) = (crate::Stop::All, h.app.now());
    crate::app::freezes::locally(&other_program, &org, stop, (Some("fire"), now)).await.unwrap();
    let verdict = agent.checks("stripe.refund", 5).await;
    assert_eq!(verdict["reason_code"], "FROZEN");
    assert_eq!(verdict["reason"], "everything is frozen by local operator: fire");
    let yet_another = h.another_store();
    crate::app::freezes::locally(&yet_another, &org, crate::Stop::All, (None, now)).await.unwrap();
    h.app.refresh().await.unwrap();
    assert_eq!(agent.checks("stripe.refund", 5).await["verdict"], "allow");
}
