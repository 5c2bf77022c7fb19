//! Who does not come in.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Account, Harness, enters, leaves, options, param, way_back, world};
use crate::delivery::{Bounds, Egress, Names};

/// What a provider does wrong about a statement.
type Twist = fn(&mut Value);

/// What a page of a refusal has to hold, whatever it is about.
fn refusal(seen: &super::Seen, status: u16, says: &str) {
    assert_eq!(seen.status, status, "{says}: {}", seen.body);
    assert!(seen.body.contains(says), "{says} in {}", seen.body);
    assert!(seen.body.contains(seen.header("x-request-id")), "the log knows it by its id");
    assert!(!seen.header("x-request-id").is_empty());
    assert!(seen.header("set-cookie").is_empty(), "nobody is signed in");
}

#[tokio::test]
async fn a_statement_that_is_not_for_this_sign_in_signs_nobody_in() {
    let (h, idp) = world(&[], &[]).await;
    h.person("ana@example.com", "approver").await;
    let ana = || Account::of("s-1", "ana@example.com");
    let twists: &[(&str, Twist)] = &[
        ("wrong nonce", |claims| claims["nonce"] = json!("another")),
        ("no nonce", |claims| drop(claims.as_object_mut().unwrap().remove("nonce"))),
        ("wrong audience", |claims| claims["aud"] = json!("another-client")),
        ("another audience as well", |claims| claims["aud"] = json!(["countersign", "another"])),
        ("wrong issuer", |claims| claims["iss"] = json!("https://evil.example")),
        ("expired", |claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap() - 1)),
        ("another access token", |claims| claims["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA")),
    ];
    let not_valid = "is not valid for this sign-in";
    for (what, twist) in twists {
        let (_, seen) = enters(&h, &idp, ana().twisted(*twist)).await;
        assert_eq!(seen.status, 401, "{what}: {}", seen.body);
        refusal(&seen, 401, not_valid);
    }
    let forged = Account { forged: true, ..ana() };
    refusal(&enters(&h, &idp, forged).await.1, 401, not_valid);
    let (kinds, _) = h.recorded_after("key.created").await;
    assert_eq!(kinds, vec!["session.refused"; twists.len() + 1]);
    assert_eq!(enters(&h, &idp, ana()).await.1.location(), "/account", "and the right one does");
}

#[tokio::test]
async fn whoever_is_not_known_or_not_vouched_for_does_not_come_in() {
    let (h, idp) = world(&["example.com"], &["example.com"]).await;
    let unverified = Account { verified: false, ..Account::of("s-1", "root@example.com") };
    let seen = enters(&h, &idp, unverified).await.1;
    refusal(&seen, 401, "does not say that it verified your address");
    let elsewhere = Account::of("s-2", "ana@example.net");
    refusal(&enters(&h, &idp, elsewhere).await.1, 401, "do not sign in here");
    let odd = Account::of("s-3", "no address");
    refusal(&enters(&h, &idp, odd).await.1, 401, "does not tell your e-mail address");
    let locked = h.person("lou@example.com", "approver").await;
    enters(&h, &idp, Account::of("s-4", "lou@example.com")).await;
    let lock = Some(json!({"status": "locked"}));
    h.admin.sends(Method::PATCH, &format!("users/{}", locked.id), lock).await;
    let seen = enters(&h, &idp, Account::of("s-4", "lou@example.com")).await.1;
    refusal(&seen, 401, "Your account here is locked");
}

#[tokio::test]
async fn a_way_back_is_for_one_browser_once_and_for_ten_minutes() {
    let (h, idp) = world(&[], &["example.com"]).await;
    let started_elsewhere = "was started in another browser, was used before, or took too long";
    let mut browser = h.browser();
    let url = leaves(&mut browser, "/").await;
    let (state, code) =
        (param(&url, "state"), idp.lets_in(&url, Account::of("s-1", "a@example.com")));
    let mut victim = h.browser();
    victim.get("/sign-in").await;
    refusal(&victim.get(&way_back(&state, &code)).await, 401, started_elsewhere);
    refusal(&h.browser().get(&way_back(&state, &code)).await, 401, started_elsewhere);
    refusal(&browser.get(&way_back("csl_made-up", &code)).await, 401, started_elsewhere);
    refusal(&browser.get("/sign-in/provider/back").await, 401, started_elsewhere);
    let mut twin = browser.clone();
    assert_eq!(browser.get(&way_back(&state, &code)).await.location(), "/");
    refusal(&twin.get(&way_back(&state, &code)).await, 401, started_elsewhere);
    let url = leaves(&mut twin, "/").await;
    let replayed = twin.get(&way_back(&param(&url, "state"), &code)).await;
    refusal(&replayed, 401, "is not valid for this sign-in");
    let url = leaves(&mut twin, "/").await;
    let code = idp.lets_in(&url, Account::of("s-1", "a@example.com"));
    h.passes("10m").await;
    idp.sets_clock(h.app.now().as_second());
    let late = twin.get(&way_back(&param(&url, "state"), &code)).await;
    refusal(&late, 401, started_elsewhere);
}

#[tokio::test]
async fn the_code_of_one_browser_is_worth_nothing_in_another() {
    let (h, idp) = world(&[], &["example.com"]).await;
    let (mut mine, mut theirs) = (h.browser(), h.browser());
    let of_mine = leaves(&mut mine, "/").await;
    let of_theirs = leaves(&mut theirs, "/").await;
    let stolen = idp.lets_in(&of_theirs, Account::of("s-1", "a@example.com"));
    let seen = mine.get(&way_back(&param(&of_mine, "state"), &stolen)).await;
    refusal(&seen, 401, "is not valid for this sign-in");
}

#[tokio::test]
async fn a_provider_that_is_down_or_near_is_said_so_and_nothing_else_is_lost() {
    let (h, idp) = world(&[], &["example.com"]).await;
    let mut browser = h.browser();
    let url = leaves(&mut browser, "/").await;
    let code = idp.lets_in(&url, Account::of("s-1", "a@example.com"));
    idp.dies();
    tokio::task::yield_now().await;
    let seen = browser.get(&way_back(&param(&url, "state"), &code)).await;
    refusal(&seen, 503, "The identity provider does not answer as it should");
    browser.get("/sign-in").await;
    let seen = browser.post("/sign-in/provider", &[("next", "/")]).await;
    refusal(&seen, 503, "The identity provider does not answer as it should");
    assert_eq!(browser.get("/sign-in").await.status, 200, "there are other ways in");
}

#[tokio::test]
async fn a_private_address_is_asked_only_where_the_operator_opened_it() {
    let idp = super::Idp::start().await;
    let bounds = Bounds { time: std::time::Duration::from_millis(500), answer: 64 * 1024 };
    let egress = Egress::with(&[], Names::default(), bounds);
    let h = Harness::with_provider_and_egress(options(&idp.issuer, &[], &[]), egress).await;
    let mut browser = h.browser();
    browser.get("/sign-in").await;
    let seen = browser.post("/sign-in/provider", &[("next", "/")]).await;
    refusal(&seen, 503, "does not answer as it should");
}

#[tokio::test]
async fn what_the_provider_refuses_is_told_in_our_words() {
    let (h, _idp) = world(&[], &[]).await;
    let mut browser = h.browser();
    let denied = "/sign-in/provider/back?error=access_denied&error_description=call+555-1234";
    let seen = browser.get(denied).await;
    refusal(&seen, 401, "said no, so nobody was signed in");
    assert!(!seen.body.contains("555"), "nothing of a made-up description is shown");
    let odd = browser.get("/sign-in/provider/back?error=%3Cb%3E%E2%80%AEx").await;
    refusal(&odd, 401, "&#60;b&#62;");
    assert!(!odd.body.contains('\u{202e}'));
}

#[tokio::test]
async fn without_a_provider_there_is_no_button_and_no_way() {
    let h = Harness::start().await;
    let mut browser = h.browser();
    assert!(!browser.get("/sign-in").await.body.contains("/sign-in/provider"));
    assert_eq!(browser.post("/sign-in/provider", &[]).await.status, 404);
    assert_eq!(browser.get(&way_back("x", "y")).await.status, 404);
}
