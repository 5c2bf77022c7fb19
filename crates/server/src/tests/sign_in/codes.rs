//! The codes of an authenticator app.

use super::{Browser, Harness, PASSWORD, Seen};
use crate::app::App;

/// What the app shows now, or in so many seconds.
pub(super) fn shown(app: &App, secret: &str, later: i64) -> String {
    let codes = totp_rs::Builder::new().with_secret(unbase32(secret)).build().unwrap();
    let at = u64::try_from(app.now().as_second() + later).unwrap();
    codes.generate(at).to_string()
}

fn unbase32(text: &str) -> Vec<u8> {
    let mut bits = String::new();
    for letter in text.bytes() {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|l| *l == letter).unwrap();
        bits.push_str(&format!("{value:05b}"));
    }
    let bytes = bits.as_bytes().chunks_exact(8);
    bytes.map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap()).collect()
}

/// Adds an app: its secret, and the recovery codes.
pub(super) async fn enrols(h: &Harness, browser: &mut Browser) -> (String, Vec<String>) {
    browser.get("/account").await;
    let page = browser.post("/account/codes", &[]).await;
    assert!(page.body.contains("data:image/svg+xml;base64,"));
    let (_, secret) = page.body.split_once("id=\"totp-secret\" translate=\"no\">").unwrap();
    let groups = secret.split("</code>").next().unwrap();
    let secret = groups.replace("<span>", "").replace("</span>", "");
    assert!(groups.starts_with(&format!("<span>{}</span><span>", &secret[..4])), "{groups}");
    let url = format!("href=\"otpauth://totp/Countersign:root%40example.com?secret={secret}");
    assert!(page.body.replace("&#38;", "&").contains(&url), "{url} in {}", page.body);
    assert_eq!(browser.post("/account/codes/confirm", &[("code", "000000")]).await.status, 401);
    let code = shown(&h.app, &secret, 0);
    let page = browser.post("/account/codes/confirm", &[("code", &code)]).await;
    let codes = page.body.split("<code>").skip(1);
    (secret, codes.map(|rest| rest.split('<').next().unwrap().to_owned()).collect())
}

async fn asked(h: &Harness) -> (Browser, String) {
    let mut browser = h.browser();
    browser.get("/sign-in").await;
    let fields = [("email", "root@example.com"), ("password", PASSWORD)];
    let page = browser.post("/sign-in", &fields).await;
    let ticket = page.field("ticket").expect("a code is asked for");
    assert!(!browser.cookies.contains_key("countersign"), "a password alone is not enough");
    (browser, ticket)
}

async fn enters(h: &Harness, code: &str) -> Seen {
    let (mut browser, ticket) = asked(h).await;
    browser.post("/sign-in/code", &[("ticket", &ticket), ("code", code)]).await
}

#[tokio::test]
async fn a_code_lets_in_once() {
    let h = Harness::start().await;
    let mut browser = h.with_password().await;
    let (secret, _) = enrols(&h, &mut browser).await;
    let now = shown(&h.app, &secret, 0);
    assert_eq!(enters(&h, &now).await.status, 401, "it was used to confirm");
    let next = shown(&h.app, &secret, 30);
    assert_eq!(enters(&h, &next).await.location(), "/", "a clock may be half a minute ahead");
    assert_eq!(enters(&h, &next).await.status, 401, "and works once");
    h.passes("5m").await;
    assert_eq!(enters(&h, &shown(&h.app, &secret, -60)).await.status, 401, "it is too old");
    assert_eq!(enters(&h, &shown(&h.app, &secret, 0)).await.location(), "/");
    let (kinds, record) = h.recorded_after("totp.enrolled").await;
    assert!(kinds.contains(&"session.refused".to_owned()));
    assert!(!record.contains(&secret));
}

#[tokio::test]
async fn a_recovery_code_lets_in_once_in_whatever_way_it_is_typed() {
    let h = Harness::start().await;
    let mut browser = h.with_password().await;
    let (_, codes) = enrols(&h, &mut browser).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(codes.iter().collect::<std::collections::HashSet<_>>().len(), 10);
    let typed = codes[3].to_uppercase().replace('-', " ");
    assert_eq!(enters(&h, &typed).await.location(), "/");
    assert_eq!(enters(&h, &codes[3]).await.status, 401);
    assert_eq!(enters(&h, &codes[4]).await.location(), "/");
    assert!(browser.get("/account").await.body.contains("8 recovery codes are left"));
    let (_, record) = h.recorded_after("totp.enrolled").await;
    assert!(record.contains("recovery.used") && !codes.iter().any(|code| record.contains(code)));
}

#[tokio::test]
async fn what_the_password_gave_is_no_session_and_ends_soon() {
    let h = Harness::start().await;
    let mut browser = h.with_password().await;
    let (secret, _) = enrols(&h, &mut browser).await;
    let (mut late, ticket) = asked(&h).await;
    h.passes("5m").await;
    let code = shown(&h.app, &secret, 0);
    let seen = late.post("/sign-in/code", &[("ticket", &ticket), ("code", &code)]).await;
    assert_eq!(seen.status, 404);
    let link = h.link().await;
    let seen = late.post("/sign-in/code", &[("ticket", &link), ("code", &code)]).await;
    assert_eq!(seen.status, 404, "a link is not the ticket of a password");
}

#[tokio::test]
async fn codes_are_guessed_slowly() {
    let h = Harness::start().await;
    let mut browser = h.with_password().await;
    enrols(&h, &mut browser).await;
    let (mut guesser, ticket) = asked(&h).await;
    let mut statuses = Vec::new();
    for n in 0..6 {
        let code = format!("{n:06}");
        let fields = [("ticket", ticket.as_str()), ("code", code.as_str())];
        statuses.push(guesser.post("/sign-in/code", &fields).await.status);
    }
    assert!(statuses.ends_with(&[429]), "{statuses:?}");
}

#[tokio::test]
async fn the_app_is_given_up_with_one_of_its_codes() {
    let h = Harness::start().await;
    let mut browser = h.with_password().await;
    let (secret, _) = enrols(&h, &mut browser).await;
    browser.get("/account").await;
    assert_eq!(browser.post("/account/codes", &[]).await.status, 409, "there is one already");
    h.passes("30m").await;
    browser.get("/account").await;
    assert_eq!(browser.post("/account/codes/remove", &[("code", "000000")]).await.status, 401);
    browser.get("/account").await;
    h.passes("1m").await;
    let code = shown(&h.app, &secret, 0);
    assert_eq!(
        browser.post("/account/codes/remove", &[("code", &code)]).await.location(),
        "/account"
    );
    let mut plain = h.browser();
    plain.get("/sign-in").await;
    let fields = [("email", "root@example.com"), ("password", PASSWORD)];
    assert_eq!(plain.post("/sign-in", &fields).await.location(), "/");
}

#[tokio::test]
async fn a_lost_app_is_removed_with_a_recovery_code_or_after_a_link() {
    let h = Harness::start().await;
    let mut browser = h.with_password().await;
    let (_, recovery) = enrols(&h, &mut browser).await;
    assert_eq!(enters(&h, &recovery[0]).await.location(), "/");
    let (mut other, ticket) = asked(&h).await;
    other.post("/sign-in/code", &[("ticket", &ticket), ("code", &recovery[1])]).await;
    other.get("/account").await;
    assert_eq!(other.post("/account/codes/remove", &[("code", "000000")]).await.status, 401);
    assert_eq!(other.post("/account/codes/remove", &[("code", &recovery[0])]).await.status, 401);
    let removed = other.post("/account/codes/remove", &[("code", &recovery[2])]).await;
    assert_eq!(removed.location(), "/account", "{}", removed.body);
    enrols(&h, &mut other).await;
    let mut by_link = h.signed_in().await;
    let page = by_link.get("/account").await;
    assert!(page.body.contains("you need no code"), "{}", page.body);
    let removed = by_link.post("/account/codes/remove", &[]).await;
    assert_eq!(removed.location(), "/account", "{}", removed.body);
}

#[tokio::test]
async fn a_password_that_was_changed_lets_nobody_on_to_the_code() {
    let h = Harness::start().await;
    let mut browser = h.with_password().await;
    let (secret, _) = enrols(&h, &mut browser).await;
    let (mut thief, ticket) = asked(&h).await;
    browser.get("/account/password").await;
    let fields = [("current", PASSWORD), ("password", "another tin umbrella")];
    assert_eq!(browser.post("/account/password", &fields).await.location(), "/account");
    let code = shown(&h.app, &secret, 30);
    let seen = thief.post("/sign-in/code", &[("ticket", &ticket), ("code", &code)]).await;
    assert_eq!(seen.status, 404, "{}", seen.body);
}
