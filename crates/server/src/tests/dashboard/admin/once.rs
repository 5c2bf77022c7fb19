//! A form that makes something each time is sent once, however often the page after it is loaded again.

use serde_json::Value;

use crate::tests::Harness;
use crate::tests::sign_in::{Browser, Seen};

/// Sends a form of a page with the mark that stands in that page, twice.
async fn twice(
    browser: &mut Browser,
    page: &str,
    (to, fields): (&str, &[(&str, &str)]),
) -> [Seen; 2] {
    let seen = browser.get(page).await;
    let form = seen.body.split("<form").find(|form| form.contains(&format!("action=\"{to}\"")));
    let form = form.unwrap_or_else(|| panic!("no form to {to} on {page}"));
    let mark = form.split("name=\"once\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let mark = mark.unwrap_or_else(|| panic!("no mark in the form to {to} on {page}"));
    let all = [fields, &[("once", mark)]].concat();
    [browser.post(to, &all).await, browser.post(to, &all).await]
}

async fn count(h: &Harness, kind: &str) -> usize {
    let found = h.admin.gets(&format!("audit?kind={kind}")).await;
    found["items"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn what_makes_something_each_time_makes_it_once() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    let hook = [("name", "ours"), ("url", "https://hooks.example.com/x")];
    for (page, to, fields, kind) in [
        ("/account", "/account/tokens", &[("name", "script")][..], "key.created"),
        ("/keys", "/keys", &[("name", "ours"), ("for", "application:")], "key.created"),
        ("/webhooks", "/webhooks", &hook, "webhook.created"),
        (
            "/people",
            "/people/invite",
            &[("email", "new@example.com"), ("role", "viewer")],
            "invitation.made",
        ),
    ] {
        let before = count(&h, kind).await;
        let [made, again] = twice(&mut browser, page, (to, fields)).await;
        assert!(made.status < 400, "{to}: {} {}", made.status, made.body);
        assert_eq!(again.status, 409, "{to}: {}", again.body);
        assert!(again.body.contains("This form was sent already"), "{to}: {}", again.body);
        assert_eq!(count(&h, kind).await, before + 1, "{to}");
    }
    let hooks = h.admin.gets("webhooks").await;
    let path = format!("/webhooks/{}", hooks["items"][0]["id"].as_str().unwrap());
    let [made, again] = twice(&mut browser, &path, (&format!("{path}/rotate"), &[])).await;
    assert_eq!((made.status, again.status), (200, 409), "{}", made.body);
    assert_eq!(count(&h, "webhook.rotated").await, 1);
}

#[tokio::test]
async fn a_form_that_was_refused_may_be_sent_again() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    browser.get("/account").await;
    let of = |name| [("once", "a-mark"), ("name", name)];
    assert_eq!(browser.post("/account/tokens", &of("")).await.status, 422);
    assert_eq!(browser.post("/account/tokens", &of("script")).await.status, 200);
    assert_eq!(browser.post("/account/tokens", &of("script")).await.status, 409);
    let keys: Value = h.admin.gets("keys").await;
    assert!(keys.to_string().contains("script"), "{keys}");
}
