//! Passkeys, to sign in.

use serde_json::Value;

use super::authenticator::Authenticator;
use super::{Browser, Harness, Seen};

pub(super) async fn asks(browser: &mut Browser, path: &str) -> (String, Value) {
    let seen = browser.post(path, &[]).await;
    let answer: Value = serde_json::from_str(&seen.body).unwrap();
    (answer["ticket"].as_str().unwrap().to_owned(), answer["options"].clone())
}

pub(super) async fn adds(browser: &mut Browser) -> Authenticator {
    let mut authenticator = Authenticator::new();
    browser.get("/account").await;
    let (ticket, options) = asks(browser, "/account/passkeys/options").await;
    let credential = authenticator.creates(&options);
    let fields = [("ticket", ticket.as_str()), ("credential", &credential), ("name", "key")];
    let seen = browser.post("/account/passkeys", &fields).await;
    assert_eq!(seen.location(), "/account", "{}", seen.body);
    authenticator
}

async fn enters(h: &Harness, authenticator: &mut Authenticator, verified: bool) -> (Browser, Seen) {
    let mut browser = h.browser();
    browser.get("/sign-in").await;
    let (ticket, options) = asks(&mut browser, "/sign-in/passkey/options").await;
    let credential = authenticator.signs(&options, verified);
    let fields = [("ticket", ticket.as_str()), ("credential", credential.as_str())];
    let seen = browser.post("/sign-in/passkey", &fields).await;
    (browser, seen)
}

#[tokio::test]
async fn a_passkey_signs_in_without_an_address() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    let mut authenticator = adds(&mut browser).await;
    let (mut other, seen) = enters(&h, &mut authenticator, true).await;
    assert_eq!(seen.location(), "/", "{}", seen.body);
    assert!(other.get("/account").await.body.contains("root@example.com"));
    assert_eq!(h.recorded_after("passkey.added").await.0, ["session.started"]);
}

#[tokio::test]
async fn what_does_not_verify_does_not_sign_in() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    let mut authenticator = adds(&mut browser).await;
    let unverified = enters(&h, &mut authenticator, false).await.1;
    assert_eq!(unverified.status, 401, "nobody looked who was there");
    authenticator.origin = "http://evil.example".into();
    assert_eq!(enters(&h, &mut authenticator, true).await.1.status, 401, "signed elsewhere");
    authenticator.origin = "http://countersign.test".into();
    let mut replay = h.browser();
    replay.get("/sign-in").await;
    let (ticket, options) = asks(&mut replay, "/sign-in/passkey/options").await;
    let credential = authenticator.signs(&options, true);
    let (other, _) = asks(&mut replay, "/sign-in/passkey/options").await;
    let wrong = [("ticket", other.as_str()), ("credential", credential.as_str())];
    assert_eq!(replay.post("/sign-in/passkey", &wrong).await.status, 401, "another challenge");
    replay.get("/sign-in").await;
    let right = [("ticket", ticket.as_str()), ("credential", credential.as_str())];
    assert_eq!(replay.post("/sign-in/passkey", &right).await.location(), "/");
    let mut again = h.browser();
    again.get("/sign-in").await;
    assert_eq!(again.post("/sign-in/passkey", &right).await.status, 404, "once");
}

#[tokio::test]
async fn a_passkey_is_renamed_and_removed() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    let mut authenticator = adds(&mut browser).await;
    let page = browser.get("/account").await;
    let id = page.body.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let renamed = [("id", id), ("name", "<b>desk\u{202e}</b>")];
    assert_eq!(browser.post("/account/passkeys/rename", &renamed).await.location(), "/account");
    let page = browser.get("/account").await;
    assert!(!page.body.contains("<b>desk") && !page.body.contains('\u{202e}'));
    assert_eq!(
        browser.post("/account/passkeys/remove", &[("id", id)]).await.location(),
        "/account"
    );
    assert_eq!(enters(&h, &mut authenticator, true).await.1.status, 401);
}
