//! Passwords.

use super::{Browser, Harness, PASSWORD, Seen};

async fn tries(browser: &mut Browser, email: &str, password: &str) -> Seen {
    browser.get("/sign-in").await;
    browser.post("/sign-in", &[("email", email), ("password", password)]).await
}

#[tokio::test]
async fn a_password_lets_in_and_a_wrong_one_does_not() {
    let h = Harness::start().await;
    h.with_password().await;
    let mut browser = h.browser();
    let wrong = tries(&mut browser, "root@example.com", "tin coffee umbrellas").await;
    assert_eq!(wrong.status, 401);
    assert!(!browser.cookies.contains_key("countersign"));
    let right = tries(&mut browser, "ROOT@example.com ", PASSWORD).await;
    assert_eq!((right.status, right.location()), (303, "/"));
    assert_eq!(browser.get("/account").await.status, 200);
    let (kinds, record) = h.recorded_after("password.changed").await;
    assert_eq!(kinds, ["session.refused", "session.started"]);
    for secret in [PASSWORD, "umbrellas", "argon2", browser.cookies["countersign"].as_str()] {
        assert!(!record.contains(secret), "{secret}");
    }
    assert!(record.contains("203.0.113.9"));
}

#[tokio::test]
async fn nobody_learns_whether_an_address_is_known() {
    let h = Harness::start().await;
    h.with_password().await;
    h.person("nopassword@example.com", "viewer").await;
    let mut pages = Vec::new();
    for email in ["root@example.com", "nobody@example.com", "nopassword@example.com"] {
        let seen = tries(&mut h.browser(), email, "wrong wrong wrong").await;
        let page = seen.body.replace(email, "…").replace(&seen.field("csrf").unwrap(), "…");
        pages.push((seen.status, page));
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0], pages[2]);
    let (_, record) = h.recorded_after("password.changed").await;
    assert!(!record.contains("nobody@example.com"), "what was typed is not kept");
}

#[tokio::test]
async fn guessing_becomes_slow_for_an_account_and_its_owner_gets_in_later() {
    let h = Harness::start().await;
    h.with_password().await;
    for email in ["root@example.com", "nobody@example.com"] {
        let mut statuses = Vec::new();
        for _ in 0..7 {
            statuses.push(tries(&mut h.browser(), email, "wrong wrong wrong").await.status);
        }
        assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429], "{email}");
    }
    let early = tries(&mut h.browser(), "root@example.com", PASSWORD).await;
    assert_eq!(early.status, 429, "the right password does not jump the queue");
    h.passes("16m").await;
    assert_eq!(tries(&mut h.browser(), "root@example.com", PASSWORD).await.status, 303);
    assert_eq!(tries(&mut h.browser(), "root@example.com", "wrong again").await.status, 401);
}

#[tokio::test]
async fn guessing_becomes_slow_for_an_address() {
    let h = Harness::start().await;
    h.with_password().await;
    let mut last = 0;
    for n in 0..52 {
        last = tries(&mut h.browser(), &format!("n{n}@example.com"), "wrong wrong").await.status;
    }
    assert_eq!(last, 429);
    let mut elsewhere = h.browser();
    elsewhere.address = "198.51.100.7:1".parse().unwrap();
    assert_eq!(tries(&mut elsewhere, "root@example.com", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn another_password_ends_the_other_sessions_and_takes_the_one_before() {
    let h = Harness::start().await;
    let mut browser = h.with_password().await;
    let mut other = h.browser();
    tries(&mut other, "root@example.com", PASSWORD).await;
    h.passes("31m").await;
    let page = browser.get("/account/password").await;
    assert!(page.body.contains("name=\"current\""));
    let wanted = "a rather different one";
    let refused = browser.post("/account/password", &[("password", wanted)]).await;
    assert_eq!(refused.status, 401);
    let wrong = [("password", wanted), ("current", "not this one at all")];
    assert_eq!(browser.post("/account/password", &wrong).await.status, 401);
    let right = [("password", wanted), ("current", PASSWORD)];
    assert_eq!(browser.post("/account/password", &right).await.location(), "/account");
    assert_eq!(other.get("/account").await.status, 303);
    assert_eq!(browser.get("/account").await.status, 200);
    assert_eq!(tries(&mut h.browser(), "root@example.com", PASSWORD).await.status, 401);
    assert_eq!(tries(&mut h.browser(), "root@example.com", wanted).await.status, 303);
}

#[tokio::test]
async fn a_password_that_anyone_would_guess_is_refused() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    browser.get("/account/password").await;
    for weak in ["short", "password1234", "root@example.com", ""] {
        let seen = browser.post("/account/password", &[("password", weak)]).await;
        assert_eq!(seen.status, 422, "{weak}");
        assert!(seen.body.contains("id=\"wrong-password\""), "{weak}");
    }
}
