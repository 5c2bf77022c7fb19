use axum::http::Method;
use serde_json::{Value, json};

use crate::tests::harness::id;
use crate::tests::{Caller, Harness};

async fn asks(agent: &Caller, risk: &str, params: Value) -> String {
    let ask = json!({"action": "stripe.refund", "risk": risk, "params": params});
    id(&agent.posts("approvals", ask).await)
}

#[tokio::test]
async fn it_is_prefilled_as_narrow_as_can_be_looked_at_and_only_then_made() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let params = json!({"amount": 50, "customer": "c<1>", "api_key": "sk_live_abcdefghijk"});
    let approval = asks(&agent, "medium", params.clone()).await;
    let smaller = json!({"amount": 20, "customer": "c<1>", "api_key": "x"});
    h.admin.denies(&asks(&agent, "medium", smaller).await, "no").await;
    let mut browser = h.signed_in().await;
    let request = browser.get(&format!("/approvals/{approval}")).await.body;
    let path = format!("/approvals/{approval}/allow-again");
    assert!(request.contains(&format!("href=\"{path}\"")), "{request}");

    let page = browser.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    for part in [
        "support may do “stripe.refund” without asking, 10 times",
        "c&#60;1&#62;",
        "at most “50”",
        "no grant holds a secret",
        "name=\"uses\" inputmode=\"numeric\" value=\"10\"",
        "value=\"7d\"",
        "would have covered 2 of 2 such requests",
        "people denied 1 of them",
    ] {
        let page = crate::tests::dashboard::framed(&page.body);
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.body.contains("sk_live"), "{}", page.body);
    assert_eq!(h.admin.gets("grants").await["total"], 0, "looking makes nothing");

    let digest = page.field("digest").unwrap();
    let wider = [
        ("do", "look"),
        ("digest", digest.as_str()),
        ("uses", "3"),
        ("expires_in", "2d"),
        ("except", "customer"),
    ];
    let looked = browser.post(&path, &wider).await;
    assert_eq!(looked.status, 200, "{}", looked.body);
    assert!(looked.body.contains("3 times"), "{}", looked.body);
    let framed = crate::tests::dashboard::framed(&looked.body);
    assert!(framed.contains("“customer” may differ"), "{framed}");
    assert_eq!(h.admin.gets("grants").await["total"], 0, "looking makes nothing");
    let made = [
        ("do", "make"),
        ("digest", digest.as_str()),
        ("name", "again"),
        ("uses", "3"),
        ("expires_in", "2d"),
        ("except", "customer"),
    ];
    assert_eq!(browser.post(&path, &made).await.location(), "/grants/again");
    let taken = browser.post(&path, &made).await;
    assert_eq!(taken.status, 422);
    let taken = crate::tests::dashboard::framed(&taken.body);
    assert!(taken.contains("There is a grant “again” already"), "{taken}");
    let other = json!({"amount": 40, "customer": "someone else", "api_key": "y"});
    let ask = json!({"action": "stripe.refund", "params": other});
    assert_eq!(agent.posts("approvals", ask).await["answered_by"], "auto:grant");
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_what_was_written_is_kept() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = asks(&agent, "medium", json!({"amount": 50})).await;
    let mut browser = h.signed_in().await;
    let path = format!("/approvals/{approval}/allow-again");
    let digest = browser.get(&path).await.field("digest").unwrap();
    for (field, text, says) in [
        ("uses", "0", "0 is not a number of uses"),
        ("uses", "many", "many"),
        ("expires_in", "31d", "at most 30 days"),
        ("expires_in", "later", "later"),
        ("usd", "a lot", "a lot"),
        ("except", "nothing", "There is no parameter"),
    ] {
        let fields = [("do", "make"), ("digest", digest.as_str()), ("name", "kept"), (field, text)];
        let refused = browser.post(&path, &fields).await;
        assert_eq!(refused.status, 422, "{field} {text}");
        assert!(refused.body.contains(says), "{says} in {}", refused.body);
        assert!(refused.body.contains("value=\"kept\""), "what was written is kept");
        assert!(refused.body.contains(&format!("{text}\"")) || field == "except", "{field} {text}");
    }
    assert_eq!(h.admin.gets("grants").await["total"], 0);
}

#[tokio::test]
async fn what_was_edited_since_it_was_looked_at_is_not_granted() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = asks(&agent, "medium", json!({"amount": 50})).await;
    let mut browser = h.signed_in().await;
    let path = format!("/approvals/{approval}/allow-again");
    let digest = browser.get(&path).await.field("digest").unwrap();
    let ben = h.person("ben@example.com", "approver").await;
    ben.posts(&format!("approvals/{approval}/approve"), json!({"edits": {"amount": 30}})).await;
    let refused = browser.post(&path, &[("do", "make"), ("digest", digest.as_str())]).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("It was edited since you looked"), "{}", refused.body);
    let unseen = browser.post(&path, &[("do", "make")]).await;
    assert!(unseen.body.contains("does not say what was looked at"), "{}", unseen.body);
    assert_eq!(h.admin.gets("grants").await["total"], 0);
}

#[tokio::test]
async fn one_person_allows_nothing_again_that_several_have_to_agree_to() {
    const TWO: &str = "kind: Policy\nname: p\nrules:\n  - name: two\n    actions: [stripe.refund]\n    verdict: escalate\n    risk: medium\n    approval: {stages: [{name: both, need: 2}]}\n";
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let check = json!({"action": "stripe.refund", "params": {"amount": 50}});
    let code =
        async |body: &Value| agent.posts("checks", body.clone()).await["reason_code"].clone();
    let approval = asks(&agent, "medium", json!({"amount": 50})).await;
    h.admin.posts(&format!("approvals/{approval}/grant"), json!({})).await;
    agent.posts(&format!("approvals/{approval}/cancel"), json!({})).await;
    assert_eq!(code(&check).await, "GRANT");

    h.applies(TWO).await;
    assert_ne!(code(&check).await, "GRANT", "one person made it, and two have to agree now");
    let asked = agent.posts("checks", check).await;
    let approval = asked["approval_id"].as_str().unwrap();
    let path = format!("approvals/{approval}/grant");
    let (status, problem) = h.admin.sends(Method::POST, &path, Some(json!({}))).await;
    assert!(status.is_client_error(), "{problem}");
    let page = h.signed_in().await.get(&format!("/approvals/{approval}/allow-again")).await;
    assert!(page.body.contains("2 people have to agree to it each time"), "{}", page.body);
    assert_eq!(h.admin.gets("grants").await["total"], 1);
}

#[tokio::test]
async fn what_no_grant_can_cover_is_refused_with_a_sentence() {
    let h = Harness::start().await;
    h.applies("kind: Policy\nname: p\nrules:\n  - name: people-only\n    actions: [stripe.refund]\n    when: has(params.large)\n    verdict: escalate\n    approval: {grants: false}\n").await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    let denied = asks(&agent, "low", json!({"amount": 1})).await;
    h.admin.denies(&denied, "no").await;
    let cases = [
        (asks(&agent, "critical", json!({"amount": 2})).await, "its risk is critical"),
        (asks(&agent, "low", json!({"large": true})).await, "no grant stands in for people here"),
        (denied, "only what is pending or was approved can be allowed again"),
    ];
    for (approval, says) in cases {
        let path = format!("/approvals/{approval}/allow-again");
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200, "{says}");
        assert!(page.body.to_lowercase().contains(says), "{says} in {}", page.body);
        assert!(!page.body.contains("name=\"do\""), "there is nothing to send: {says}");
        let digest = h.admin.gets(&format!("approvals/{approval}")).await["digest"].clone();
        let fields = [("do", "make"), ("digest", digest.as_str().unwrap())];
        assert_eq!(browser.post(&path, &fields).await.status, 422, "{says}");
    }
    assert_eq!(h.admin.gets("grants").await["total"], 0);
}

#[tokio::test]
async fn whoever_may_not_answer_it_may_not_allow_it_again() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = asks(&agent, "low", json!({"amount": 1})).await;
    let path = format!("/approvals/{approval}/allow-again");
    h.person("vic@example.com", "viewer").await;
    let mut viewer = h.signed_in_as("vic@example.com").await;
    let page = viewer.get(&path).await;
    assert!(page.body.contains("It cannot be allowed again"), "{}", page.body);
    let digest = h.admin.gets(&format!("approvals/{approval}")).await["digest"].clone();
    viewer.post(&path, &[("do", "make"), ("digest", digest.as_str().unwrap())]).await;
    assert_eq!(h.admin.gets("grants").await["total"], 0);
}
