use serde_json::{Value, json};

use crate::tests::harness::id;
use crate::tests::{Caller, Harness};

async fn asks(agent: &Caller, params: Value) -> Value {
    let ask = json!({"action": "stripe.refund", "risk": "medium", "params": params});
    agent.posts("approvals", ask).await
}

#[tokio::test]
async fn budgets_show_what_is_used_of_them_and_where_that_leads() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    assert!(browser.get("/budgets").await.body.contains("No budget yet"));
    h.applies(
        "kind: Budget\nname: daily\nscope: {agents: [support]}\nunit: actions\nlimit: 12\nwindow: day\n---\n\
         kind: Budget\nname: each\nscope: {actions: [\"mail.**\"], per: [agent]}\nunit: usd\nlimit: 2000\nwindow: total\nescalate_at: 80%\n",
    )
    .await;
    let agent = h.agent("support").await;
    h.permits(&agent, "**", "allow").await;
    for _ in 0..3 {
        agent.checks("stripe.refund", 1).await;
    }
    agent
        .posts("checks", json!({"action": "mail.send", "cost": {"usd": "1500"}, "params": {}}))
        .await;
    let page = browser.get("/budgets").await.body;
    for part in [
        "href=\"/policies/Budget/daily\"",
        "4 of 12 actions",
        "33 %",
        "width=\"33\"",
        "whatever is run of support",
        "from 80 % on people are asked",
        "each day (UTC)",
        // Nine of twenty-four hours have passed.
        "At this rate 11 actions by then",
        "1,500 of 2,000 USD",
        "The fullest: support",
        "in all; it never resets",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    for _ in 0..7 {
        agent.checks("stripe.refund", 1).await;
    }
    let page = browser.get("/budgets").await.body;
    assert!(page.contains("class=\"fill near\""), "{page}");
    assert!(page.contains("<b>over the limit</b>"), "{page}");
}

#[tokio::test]
async fn grants_show_what_they_let_through_and_are_taken_back() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    let first = id(&asks(&agent, json!({"amount": 50, "customer": "c1"})).await);
    h.admin.approves(&first).await;
    let made = h.admin.posts(&format!("approvals/{first}/grant"), json!({"uses": 4})).await;
    let name = made["grant"]["name"].as_str().unwrap().to_owned();
    let auto = id(&asks(&agent, json!({"amount": 45, "customer": "c1"})).await);
    let check = json!({"action": "stripe.refund", "params": {"amount": 7, "customer": "c1"}});
    assert_eq!(agent.posts("checks", check.clone()).await["reason_code"], "GRANT");
    h.applies("kind: Grant\nname: images\nagents: [designer]\nactions: [image.generate]\nlimit: {usd: 50, uses: 200, window: day}\n").await;

    let list = browser.get("/grants").await.body;
    for part in ["Trust budgets", "images", "0 of 200 uses", "0 of 50 USD", "2 of 4 uses", "50 %"] {
        assert!(list.contains(part), "{part} in {list}");
    }
    assert!(list.contains(&format!("/approvals/{first}")), "it says where it comes from");
    let path = format!("/grants/{name}");
    let page = browser.get(&path).await.body;
    for part in [
        "size(params) == 2",
        &format!("/approvals/{auto}"),
        "{&#34;amount&#34;:7,&#34;customer&#34;:&#34;c1&#34;}",
        "root@example.com",
        "Revoke…",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    h.person("vic@example.com", "viewer").await;
    let mut viewer = h.signed_in_as("vic@example.com").await;
    let seen = viewer.get(&path).await.body;
    assert!(!seen.contains("&#34;amount&#34;:7"), "the record is not theirs: {seen}");
    assert!(!seen.contains("Revoke…"), "{seen}");
    assert_eq!(viewer.post(&format!("{path}/revoke"), &[]).await.status, 403);
    assert_eq!(browser.post(&format!("{path}/revoke"), &[]).await.location(), "/grants");
    assert_eq!(agent.posts("checks", check).await["verdict"], "escalate");
    assert_eq!(browser.get(&path).await.status, 404);
}
