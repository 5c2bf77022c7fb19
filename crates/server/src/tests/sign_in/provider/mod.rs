//! Signing in with an account at an identity provider.

mod admitted;
mod anew;
mod idp;
mod refused;

use countersign_domain::identity::sign_in::{Hidden, ProviderRules};
use url::Url;

use super::{Browser, Harness, Seen};
use crate::app::ProviderOptions;
use idp::{Account, Idp};

/// A server whose people can sign in with a provider.
async fn world(domains: &[&str], joins: &[&str]) -> (Harness, Idp) {
    let idp = Idp::start().await;
    let h = Harness::with_provider(options(&idp.issuer, domains, joins)).await;
    idp.sets_clock(h.app.now().as_second());
    (h, idp)
}

fn options(issuer: &str, domains: &[&str], joins: &[&str]) -> ProviderOptions {
    ProviderOptions {
        issuer: issuer.to_owned(),
        client_id: idp::CLIENT.to_owned(),
        client_secret: Some(Hidden::new(idp::SECRET.to_owned())),
        name: Some("Example".to_owned()),
        email_claim: "email".to_owned(),
        rules: ProviderRules {
            domains: domains.iter().map(|text| (*text).to_owned()).collect(),
            joins: joins.iter().map(|text| text.parse().unwrap()).collect(),
        },
    }
}

/// Presses the button; gives the address that the browser is sent on to.
async fn leaves(browser: &mut Browser, next: &str) -> Url {
    let page = browser.get("/sign-in").await;
    assert!(page.body.contains("Sign in with Example"), "{}", page.body);
    let going = browser.post("/sign-in/provider", &[("next", next)]).await;
    assert_eq!(going.status, 200, "{}", going.body);
    let (_, rest) = going.body.split_once("content=\"0; url=").unwrap();
    rest.split('"').next().unwrap().replace("&#38;", "&").parse().unwrap()
}

fn param(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned()).unwrap()
}

fn way_back(state: &str, code: &str) -> String {
    format!("/sign-in/provider/back?state={state}&code={code}")
}

/// The whole way, as this account.
async fn enters(h: &Harness, idp: &Idp, account: Account) -> (Browser, Seen) {
    let mut browser = h.browser();
    let url = leaves(&mut browser, "/account").await;
    let code = idp.lets_in(&url, account);
    let seen = browser.get(&way_back(&param(&url, "state"), &code)).await;
    (browser, seen)
}
