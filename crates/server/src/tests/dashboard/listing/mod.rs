//! The inbox: what is looked at stands in the address, lists are kept under a name, alike requests stand together.

mod rows;
mod several;

use serde_json::json;

use crate::tests::Harness;
use crate::tests::harness::{Caller, id};
use crate::tests::sign_in::Browser;

async fn asks(agent: &Caller, amount: u32, risk: &str) -> String {
    let ask = json!({"action": "stripe.refund", "params": {"amount": amount, "currency": "EUR", "customer": "A"}, "risk": risk});
    id(&agent.posts("approvals", ask).await)
}

/// A browser in which this person is signed in.
async fn signed_in_as(h: &Harness, email: &str) -> Browser {
    let made = h.admin.posts(&format!("users/{email}/link"), json!({})).await;
    let url = made["url"].as_str().unwrap();
    let path = url.trim_start_matches("http://countersign.test").to_owned();
    let mut browser = h.browser();
    browser.get(&path).await;
    assert_eq!(browser.post(&path, &[]).await.status, 303);
    browser
}

fn rows(page: &str) -> usize {
    page.matches("<li class=\"row").count()
}

#[tokio::test]
async fn every_filter_stands_in_the_address_and_they_combine() {
    let h = Harness::start().await;
    h.rates("low").await;
    let support = h.agent("support").await;
    let other = h.agent("other").await;
    asks(&support, 1, "low").await;
    h.passes("48h").await;
    asks(&support, 2, "low").await;
    asks(&support, 3, "high").await;
    asks(&other, 4, "low").await;
    let mut browser = h.signed_in().await;
    let cases = [
        ("view=all", 4),
        ("view=all&from=2026-01-17", 3),
        ("view=all&to=2026-01-15", 1),
        ("view=all&from=2026-01-15&to=2026-01-16", 1),
        ("view=all&from=2026-01-17&agent=support", 2),
        ("view=all&from=2026-01-17&agent=support&risk=high", 1),
        ("view=all&age=1d&from=2026-01-01", 3),
        ("view=all&from=2026-01-17&agent=support&risk=high&q=nothing", 0),
    ];
    for (query, count) in cases {
        let page = browser.get(&format!("/approvals?{query}")).await;
        assert_eq!((page.status, rows(&page.body)), (200, count), "{query}: {}", page.body);
    }
    let refused = browser.get("/approvals?from=yesterday").await;
    assert_eq!(refused.status, 422, "{}", refused.body);
}

async fn view(browser: &mut Browser, name: &str, query: &str, shared: bool) -> u16 {
    browser.get("/approvals?risk=high").await;
    let mut fields = vec![("name", name), ("query", query)];
    if shared {
        fields.push(("shared", "yes"));
    }
    browser.post("/approvals/views", &fields).await.status
}

#[tokio::test]
async fn lists_are_kept_for_oneself_or_for_everyone_and_leave_a_record() {
    let h = Harness::start().await;
    h.agent("support").await;
    let mut ana = h.signed_in().await;
    let ben = h.person("ben@example.com", "viewer").await;
    let mut bens = signed_in_as(&h, "ben@example.com").await;
    assert_eq!(view(&mut ana, "dangerous", "risk=high&nonsense=1", true).await, 303);
    assert_eq!(view(&mut ana, "<b>mine</b>", "agent=support&sort=created", false).await, 303);
    assert_eq!(view(&mut ana, "dangerous", "risk=critical", true).await, 303, "in its place");
    let own = ana.get("/approvals").await.body;
    for part in
        ["/approvals?risk=critical", "/approvals?agent=support&#38;sort=created", "&#60;b&#62;mine"]
    {
        assert!(own.contains(part), "{part} in {own}");
    }
    assert!(!own.contains("risk=high"), "{own}");
    let others = bens.get("/approvals").await.body;
    assert!(others.contains("dangerous <small>of root@example.com"), "{others}");
    assert!(!others.contains("mine"), "what is not shared is nobody else's");
    bens.get("/approvals?risk=critical").await;
    assert_eq!(bens.post("/approvals/views/remove", &[("name", "dangerous")]).await.status, 404);
    assert_eq!(
        view(&mut bens, "bens", "risk=low", false).await,
        303,
        "a viewer keeps lists as well"
    );
    for (name, query) in [
        ("", "risk=low"),
        ("x", ""),
        ("x", "cursor=1"),
        ("x", "risk=hi"),
        (&"n".repeat(61), "risk=low"),
    ] {
        assert_eq!(view(&mut ana, name, query, false).await, 422, "{name} {query}");
    }
    ana.get("/approvals?risk=critical").await;
    assert_eq!(ana.post("/approvals/views/remove", &[("name", "dangerous")]).await.status, 303);
    assert!(!bens.get("/approvals").await.body.contains("dangerous"));
    let kinds = h.admin.gets("audit?kind=view.saved").await["items"].as_array().unwrap().len();
    assert_eq!(kinds, 4);
    assert_eq!(h.admin.gets("audit?kind=view.removed").await["items"].as_array().unwrap().len(), 1);
    assert_eq!(ben.gets("me").await["kind"], "person");
}

#[tokio::test]
async fn alike_requests_stand_together_and_their_buttons_say_how_many_and_how_much() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    let mut ids = Vec::new();
    for amount in [20, 45, 25, 400] {
        ids.push(asks(&agent, amount, "low").await);
    }
    let mut browser = h.signed_in().await;
    let page = browser.get("/approvals").await.body;
    for part in [
        "<b>4 × “stripe.refund”, 20–400 “EUR”</b>",
        "490 “EUR” in all",
        "1 unlike the others",
        "Approve all 4 × “stripe.refund”…",
    ] {
        assert!(super::framed(&page).contains(part), "{part} in {page}");
    }
    let (_, rest) = page.split_once("href=\"/approvals/several?say=approve").unwrap();
    let query = rest.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    for id in &ids {
        assert!(query.contains(id.as_str()), "exactly those of the group");
    }
    let review = browser.get(&format!("/approvals/several?say=approve{query}")).await.body;
    let button = "Approve 4 × “stripe.refund”, 490 “EUR” in all";
    assert!(super::framed(&review).contains(button), "{review}");
    let high = asks(&agent, 30, "high").await;
    let page = browser.get("/approvals").await.body;
    assert!(!page.contains(&format!("id={high}")), "nothing dangerous is answered together");
}

#[tokio::test]
async fn the_icon_carries_the_count() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    assert!(browser.get("/approvals").await.body.contains("/icon.svg"));
    for amount in 1..=3 {
        asks(&agent, amount, "high").await;
    }
    let page = browser.get("/approvals").await.body;
    assert!(
        page.contains("href=\"/approvals/icon/3.svg\"") && page.contains("<title>(3) "),
        "{page}"
    );
    let icon = browser.get("/approvals/icon/3.svg").await;
    assert_eq!((icon.status, icon.header("content-type")), (200, "image/svg+xml"));
    assert!(icon.body.contains(">3</text>"), "{}", icon.body);
    for path in ["0.svg", "100.svg", "x.svg", "3", "3.svg%3Cscript%3E"] {
        assert_eq!(browser.get(&format!("/approvals/icon/{path}")).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn whoever_sees_an_empty_inbox_can_send_a_test_request() {
    let h = Harness::start().await;
    let mut admin = h.signed_in().await;
    let page = admin.get("/approvals").await.body;
    assert!(page.contains("form=\"try-out\"") && page.contains("Send a test request"), "{page}");
    for (verb, status) in [("deny", "denied"), ("approve", "approved")] {
        let sent = admin.post("/approvals/try-out", &[]).await;
        let path = sent.location().to_owned();
        let page = admin.get(&path).await.body;
        for part in ["Try out an approval", "Nothing runs, whatever you say.", "Approve"] {
            assert!(page.contains(part), "{part} in {page}");
        }
        let id = path.rsplit('/').next().unwrap();
        assert_eq!(admin.answers(id, verb, &[("reason", "tried")]).await.status, 303, "{verb}");
        assert_eq!(h.admin.gets(&format!("approvals/{id}")).await["status"], status);
    }
    let keys = h.admin.gets("keys").await;
    let of_it = keys["items"].as_array().unwrap().iter().filter(|key| key["name"] == "try-out");
    assert_eq!(of_it.clone().count(), 2);
    assert!(of_it.clone().all(|key| !key["revoked_at"].is_null()), "{keys}");
    h.person("ana@example.com", "approver").await;
    let mut ana = signed_in_as(&h, "ana@example.com").await;
    assert!(!ana.get("/approvals").await.body.contains("form=\"try-out\""));
    assert_eq!(ana.post("/approvals/try-out", &[]).await.status, 403);
}
