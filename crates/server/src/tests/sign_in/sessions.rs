//! Sessions: how they start, last and end.

use axum::http::Method;
use serde_json::json;

use super::{Harness, PASSWORD};

#[tokio::test]
async fn whoever_is_not_signed_in_is_sent_to_sign_in_and_back() {
    let h = Harness::start().await;
    h.with_password().await;
    let mut browser = h.browser();
    let seen = browser.get("/account?tab=1").await;
    assert_eq!((seen.status, seen.location()), (303, "/sign-in?next=%2Faccount%3Ftab%3D1"));
    let to = seen.location().to_owned();
    let form = browser.get(&to).await;
    let next = form.field("next").unwrap();
    let fields = [("email", "root@example.com"), ("password", PASSWORD), ("next", next.as_str())];
    assert_eq!(browser.post("/sign-in", &fields).await.location(), "/account?tab=1");
    assert_eq!(browser.get("/account?tab=1").await.status, 200);
}

#[tokio::test]
async fn a_script_is_told_that_nobody_is_signed_in() {
    let h = Harness::start().await;
    let headers = [("accept", "text/event-stream"), ("sec-fetch-mode", "cors")];
    let seen = h.browser().sends("GET", "/account", &headers, String::new()).await;
    assert_eq!((seen.status, seen.header("content-type")), (401, "application/problem+json"));
    let headers = [("accept", "*/*")];
    assert_eq!(h.browser().sends("GET", "/account", &headers, String::new()).await.status, 401);
}

#[tokio::test]
async fn nobody_is_sent_to_another_host() {
    let h = Harness::start().await;
    h.with_password().await;
    for next in ["//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example"] {
        let mut browser = h.browser();
        browser.get("/sign-in").await;
        let fields = [("email", "root@example.com"), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.post("/sign-in", &fields).await.location(), "/", "{next}");
    }
}

#[tokio::test]
async fn a_session_that_was_planted_is_not_taken_over() {
    let h = Harness::start().await;
    h.with_password().await;
    let mut browser = h.browser();
    browser.cookies.insert("countersign".into(), "css_planted".into());
    browser.get("/sign-in").await;
    let fields = [("email", "root@example.com"), ("password", PASSWORD)];
    browser.post("/sign-in", &fields).await;
    let token = browser.cookies["countersign"].clone();
    assert!(token.starts_with("css_") && token != "css_planted", "signing in draws a new token");
    let mut attacker = h.browser();
    attacker.cookies.insert("countersign".into(), "css_planted".into());
    assert_eq!(attacker.get("/account").await.status, 303);
}

#[tokio::test]
async fn the_cookie_is_for_this_host_and_no_script() {
    let h = Harness::start().await;
    let mut browser = h.browser();
    let path = format!("/sign-in/link/{}", h.link().await);
    browser.get(&path).await;
    let seen = browser.post(&path, &[]).await;
    let cookie = seen.header("set-cookie");
    assert!(cookie.starts_with("countersign=css_"), "{cookie}");
    for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_after_a_week() {
    let h = Harness::start().await;
    let mut used = h.signed_in().await;
    let mut idle = h.signed_in().await;
    for _ in 0..15 {
        h.passes("11h").await;
        assert_eq!(used.get("/account").await.status, 200);
    }
    assert_eq!(idle.get("/account").await.status, 303, "twelve hours without use");
    h.passes("3h").await;
    assert_eq!(used.get("/account").await.status, 303, "a week, however much it is used");
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    browser.get("/account").await;
    let mut copy = browser.clone();
    assert_eq!(browser.post("/sign-out", &[]).await.location(), "/sign-in");
    assert!(!browser.cookies.contains_key("countersign"), "the browser forgets it");
    assert_eq!(copy.get("/account").await.status, 303, "a copy of the cookie is worth nothing");
    assert_eq!(h.recorded_after("session.started").await.0, ["session.ended"]);
}

#[tokio::test]
async fn other_sessions_are_seen_and_ended() {
    let h = Harness::start().await;
    let (mut one, mut two, mut three) =
        (h.signed_in().await, h.signed_in().await, h.signed_in().await);
    let page = one.get("/account").await;
    assert_eq!(page.body.matches("203.0.113.9").count(), 3);
    assert_eq!(page.body.matches("this one").count(), 1);
    let other = page.body.split("name=\"id\" value=\"ses_").nth(1).unwrap();
    let other = format!("ses_{}", other.split('"').next().unwrap());
    assert_eq!(one.post("/account/sessions/end", &[("id", &other)]).await.location(), "/account");
    let left = [two.get("/account").await.status, three.get("/account").await.status];
    assert_eq!(left.iter().filter(|status| **status == 200).count(), 1, "{left:?}");
    assert_eq!(one.post("/account/sessions/end-others", &[]).await.location(), "/account");
    assert_eq!(two.get("/account").await.status, 303);
    assert_eq!(three.get("/account").await.status, 303);
    assert_eq!(one.get("/account").await.status, 200, "this one stays");
}

#[tokio::test]
async fn a_locked_person_is_out_of_every_browser_at_once() {
    let h = Harness::start().await;
    let ana = h.person("ana@example.com", "admin").await;
    let mut browser = h.signed_in().await;
    assert_eq!(browser.get("/account").await.status, 200);
    let lock = Some(json!({"status": "locked"}));
    ana.sends(Method::PATCH, "users/root@example.com", lock).await;
    assert_eq!(browser.get("/account").await.status, 303);
}

#[tokio::test]
async fn a_session_is_of_no_use_to_the_api() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    let seen = browser.sends("GET", "/api/v1/orgs/default/me", &[], String::new()).await;
    assert_eq!(seen.status, 401);
}

#[tokio::test]
async fn looking_at_pages_writes_nothing_on_the_record() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    for path in ["/account", "/account/password", "/people", "/sign-in"] {
        browser.get(path).await;
        browser.sends("HEAD", path, &[], String::new()).await;
    }
    assert!(h.recorded_after("session.started").await.0.is_empty());
}

#[tokio::test]
async fn whoever_is_let_in_again_has_no_session_of_before() {
    let h = Harness::start().await;
    let ana = h.person("ana@example.com", "admin").await;
    let mut browser = h.signed_in().await;
    for status in ["locked", "active"] {
        let body = Some(json!({"status": status}));
        ana.sends(Method::PATCH, "users/root@example.com", body).await;
        assert_eq!(browser.get("/account").await.status, 303, "{status}");
    }
    assert_eq!(h.admin.gets("me").await["name"], "root@example.com", "their token works again");
}

#[tokio::test]
async fn a_browser_that_was_left_open_adds_nothing_to_sign_in_with() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    browser.get("/account").await;
    h.passes("15m").await;
    let page = browser.get("/account").await;
    assert!(page.body.contains("sign in again first"), "{}", page.body);
    for path in ["/account/passkeys/options", "/account/codes"] {
        let refused = browser.post(path, &[]).await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.body);
    }
    h.passes("15m").await;
    let refused = browser.post("/account/password", &[("password", PASSWORD)]).await;
    assert_eq!(refused.status, 403, "nor a first password: {}", refused.body);
    let out = browser.post("/sign-out", &[("next", "/account")]).await;
    assert_eq!(out.location(), "/sign-in?next=%2Faccount&anew=yes");
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    use futures_util::StreamExt as _;
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    let mut stream = browser.streams("/live").await;
    let hello = stream.next().await.unwrap().unwrap();
    assert!(hello.starts_with(b"event: hello"));
    // It waits before the session ends, as that of a page that is looked at does.
    let waiting = tokio::spawn(async move { (stream.next().await, stream.next().await) });
    browser.get("/account").await;
    assert!(!waiting.is_finished());
    browser.post("/sign-out", &[]).await;
    let end = tokio::time::timeout(std::time::Duration::from_secs(5), waiting).await;
    let (out, after) = end.expect("at once").unwrap();
    assert!(out.unwrap().unwrap().starts_with(b"event: out"), "the page is told that it is over");
    assert!(after.is_none(), "and nothing more");
}
