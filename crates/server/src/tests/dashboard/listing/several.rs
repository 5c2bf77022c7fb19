//! Several at once: what the page of one request shows for safety stands here as well, for each of them.

use serde_json::json;

use crate::tests::Harness;
use crate::tests::harness::id;

#[tokio::test]
async fn each_is_shown_with_its_warnings_its_cost_and_its_secrets_recognised() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    let mut ids = Vec::new();
    for (to, cost, key) in [
        ("production", json!({"usd": "40", "estimate": true}), "sk_live_abcdefghijk1"),
        ("staging", json!({"usd": "2.50"}), "sk_live_abcdefghijk1"),
        ("staging", json!({}), "sk_live_abcdefghijk2"),
    ] {
        let ask = json!({
            "action": "shop.notify", "risk": "low", "cost": cost, "params": {"to": to, "api_key": key},
            "side_effects": ["a mail goes out"],
        });
        ids.push(id(&agent.posts("approvals", ask).await));
    }
    let mut browser = h.signed_in().await;
    let query: Vec<String> = ids.iter().map(|id| format!("id={id}")).collect();
    let path = format!("/approvals/several?say=approve&{}", query.join("&"));
    let page = super::super::framed(&browser.get(&path).await.body);
    for part in [
        "It touches production: “to” is “production”.",
        "Hidden here, and sent along all the same: “api_key” (20 characters).",
        "A yes to all costs ≈ 42.50 USD as stated, and more: 1 of 3 states no cost.",
        "A yes costs <b>≈ 40 USD</b>, as stated.",
        "No cost, or none is stated.",
        "“a mail goes out”",
        "What to look at in each of them",
        "data-reading",
        "data-gate",
        "data-yes",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert_eq!(page.matches("Hidden here").count(), 1, "what is alike is said once");
    assert_eq!(page.matches("It touches production").count(), 1);
    let marks: Vec<&str> =
        page.split("fingerprints\">#").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert_eq!((marks.len(), marks[0] == marks[1], marks[0] == marks[2]), (3, true, false));
    assert!(!page.contains("sk_live"), "{page}");
    let reading = page.split_once("data-reading").unwrap().1;
    let (read, form) = reading.split_once("<form").unwrap();
    assert!(ids.iter().all(|id| read.contains(&format!("/approvals/{id}"))), "all is read first");
    assert!(form.contains("name=\"picked\""), "{form}");
    let no = browser.get(&path.replace("say=approve", "say=deny")).await.body;
    assert!(!no.contains("data-yes"), "a no waits for nothing");
}

#[tokio::test]
async fn the_same_request_twice_is_picked_once() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    let (one, other) = (super::asks(&agent, 1, "low").await, super::asks(&agent, 2, "low").await);
    let mut browser = h.signed_in().await;
    let page = browser.get(&format!("/approvals/several?id={one}&id={other}&id={one}")).await.body;
    assert!(page.contains("Exactly these 2"), "{page}");
}
