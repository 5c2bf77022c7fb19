//! What takes a sign-in of just now takes one at the provider, too.

use serde_json::{Value, json};
use url::Url;

use super::{Account, Browser, Idp, Seen, enters, param, way_back, world};

/// What a provider says about a statement.
type Twist = fn(&mut Value);

/// From the account to the provider, which is to ask anew; gives the address there.
async fn leaves_anew(browser: &mut Browser) -> Url {
    browser.get("/account").await;
    let out = browser.post("/sign-out", &[("next", "/account")]).await;
    let page = browser.get(out.location()).await;
    let field = "name=\"anew\" value=\"yes\"";
    assert!(page.body.contains(field), "{}", page.body);
    let going = browser.post("/sign-in/provider", &[("next", "/account"), ("anew", "yes")]).await;
    let (_, rest) = going.body.split_once("content=\"0; url=").unwrap();
    rest.split('"').next().unwrap().replace("&#38;", "&").parse().unwrap()
}

async fn comes_back(browser: &mut Browser, idp: &Idp, twist: Twist) -> Seen {
    let url = leaves_anew(browser).await;
    assert_eq!((param(&url, "prompt"), param(&url, "max_age")), ("login".into(), "0".into()));
    let account = Account::of("s-1", "ana@example.com").twisted(twist);
    let code = idp.lets_in(&url, account);
    browser.get(&way_back(&param(&url, "state"), &code)).await
}

fn before(claims: &mut Value, seconds: i64) {
    claims["auth_time"] = json!(claims["iat"].as_i64().unwrap() - seconds);
}

#[tokio::test]
async fn a_sign_in_is_as_fresh_as_the_provider_says() {
    let (h, idp) = world(&[], &[]).await;
    h.person("ana@example.com", "approver").await;
    let twists: [(Twist, bool); 4] = [
        (|_| {}, false),
        (|claims| before(claims, 3_600), false),
        (|claims| before(claims, 0), true),
        (|claims| before(claims, -86_400), true),
    ];
    for (twist, fresh) in twists {
        let account = Account::of("s-1", "ana@example.com").twisted(twist);
        let (mut browser, seen) = enters(&h, &idp, account).await;
        assert_eq!(seen.location(), "/account", "{}", seen.body);
        let page = browser.get("/account").await;
        assert_eq!(page.body.contains("Add an authenticator app"), fresh, "{}", page.body);
        let added = browser.post("/account/codes", &[]).await;
        assert_eq!(added.status == 200, fresh, "{}", added.body);
    }
}

#[tokio::test]
async fn whoever_signs_in_again_has_to_have_proved_it_there_just_now() {
    let (h, idp) = world(&[], &[]).await;
    h.person("ana@example.com", "approver").await;
    let (mut browser, _) = enters(&h, &idp, Account::of("s-1", "ana@example.com")).await;
    let stale: [Twist; 2] = [|_| {}, |claims| before(claims, 120)];
    for twist in stale {
        let seen = comes_back(&mut browser, &idp, twist).await;
        assert_eq!(seen.status, 401);
        assert!(seen.body.contains("proved there just now who you are"), "{}", seen.body);
        enters_in(&mut browser, &idp).await;
    }
    let seen = comes_back(&mut browser, &idp, |claims| before(claims, 5)).await;
    assert_eq!(seen.location(), "/account", "{}", seen.body);
    assert!(browser.get("/account").await.body.contains("Add an authenticator app"));
}

/// Signs in as usual, in the same browser.
async fn enters_in(browser: &mut Browser, idp: &Idp) {
    let url = super::leaves(browser, "/account").await;
    let code = idp.lets_in(&url, Account::of("s-1", "ana@example.com"));
    assert_eq!(browser.get(&way_back(&param(&url, "state"), &code)).await.status, 303);
}
