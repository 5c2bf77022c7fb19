//! Who comes in, and as whom.

use axum::http::Method;
use serde_json::json;

use super::{Account, enters, leaves, param, way_back, world};

#[tokio::test]
async fn a_person_who_is_known_by_their_verified_address_comes_in_and_stays_themselves() {
    let (h, idp) = world(&[], &[]).await;
    h.person("ana@example.com", "approver").await;
    let (mut browser, seen) = enters(&h, &idp, Account::of("s-1", "Ana@Example.com")).await;
    assert_eq!(seen.location(), "/account", "{}", seen.body);
    let page = browser.get("/account").await;
    assert!(page.body.contains("ana@example.com, approver"), "{}", page.body);
    assert!(page.body.contains(">identity provider<"), "the session says how");
    let (kinds, record) = h.recorded_after("key.created").await;
    assert_eq!(kinds, ["provider.linked", "session.started"]);
    assert!(record.contains("s-1") && !record.contains("hush-hush"));
    h.person("new@example.com", "admin").await;
    let (mut again, seen) = enters(&h, &idp, Account::of("s-1", "new@example.com")).await;
    assert_eq!(seen.location(), "/account");
    let page = again.get("/account").await;
    assert!(
        page.body.contains("ana@example.com, approver"),
        "another address there changes nothing here"
    );
}

#[tokio::test]
async fn an_address_that_went_to_someone_else_takes_nobody_over() {
    let (h, idp) = world(&[], &[]).await;
    h.person("ana@example.com", "admin").await;
    enters(&h, &idp, Account::of("s-1", "ana@example.com")).await;
    let (browser, seen) = enters(&h, &idp, Account::of("s-2", "ana@example.com")).await;
    assert_eq!(seen.status, 401);
    assert!(seen.body.contains("is linked to another account"), "{}", seen.body);
    assert!(!browser.cookies.contains_key("countersign"));
    let path = "users/ana@example.com/provider-accounts";
    let (_, done) = h.admin.sends(Method::DELETE, path, None).await;
    assert_eq!(done, json!({"unlinked": 1}));
    let (mut browser, seen) = enters(&h, &idp, Account::of("s-2", "ana@example.com")).await;
    assert_eq!(seen.location(), "/account", "{}", seen.body);
    let page = browser.get("/account").await;
    assert!(page.body.contains("Take the link away"), "{}", page.body);
    let gone = browser.post("/account/provider/unlink", &[("issuer", &idp.issuer)]).await;
    assert_eq!(gone.location(), "/account");
    assert_eq!(
        enters(&h, &idp, Account::of("s-3", "ana@example.com")).await.1.location(),
        "/account"
    );
    let (kinds, _) = h.recorded_after("key.created").await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "provider.unlinked").count(), 2);
}

#[tokio::test]
async fn whoever_is_invited_joins_as_what_they_are_invited_as_once() {
    let (h, idp) = world(&[], &["example.com"]).await;
    let invited = json!({"email": "ben@example.com", "role": "approver", "groups": ["finance"]});
    h.admin.posts("invitations", invited).await;
    let (_, seen) = enters(&h, &idp, Account::of("s-1", "ben@example.com")).await;
    assert_eq!(seen.location(), "/account", "{}", seen.body);
    let people = h.admin.gets("users").await;
    let ben = people["items"].as_array().unwrap().iter().find(|p| p["email"] == "ben@example.com");
    assert_eq!(ben.unwrap()["role"], "approver");
    assert_eq!(ben.unwrap()["groups"], json!(["finance"]));
    assert_eq!(h.admin.gets("invitations").await["items"], json!([]), "it works once");
}

#[tokio::test]
async fn a_domain_joins_only_where_the_operator_says_so_and_as_little_as_a_viewer() {
    let (h, idp) = world(&[], &["example.com", "example.org=approver"]).await;
    for (subject, email, role) in
        [("s-1", "cleo@example.com", "viewer"), ("s-2", "dan@example.org", "approver")]
    {
        let (mut browser, seen) = enters(&h, &idp, Account::of(subject, email)).await;
        assert_eq!(seen.location(), "/account", "{}", seen.body);
        let page = browser.get("/account").await;
        assert!(page.body.contains(&format!("{email}, {role}")), "{}", page.body);
    }
    let (_, seen) = enters(&h, &idp, Account::of("s-3", "eve@sub.example.com")).await;
    assert_eq!(seen.status, 401);
    assert!(seen.body.contains("Nobody here has the address"), "{}", seen.body);
}

#[tokio::test]
async fn an_address_that_is_told_beside_the_statement_counts_as_well() {
    let (h, idp) = world(&[], &[]).await;
    h.person("ana@example.com", "viewer").await;
    let beside = Account { beside: true, ..Account::of("s-1", "ana@example.com") };
    assert_eq!(enters(&h, &idp, beside).await.1.location(), "/account");
    let unverified =
        Account { beside: true, verified: false, ..Account::of("s-2", "root@example.com") };
    assert_eq!(enters(&h, &idp, unverified).await.1.status, 401);
}

#[tokio::test]
async fn a_provider_that_writes_true_as_a_text_is_understood() {
    let (h, idp) = world(&[], &["example.com"]).await;
    let said = |account: Account, twist| enters(&h, &idp, account.twisted(twist));
    let yes = said(Account::of("s-1", "a@example.com"), |c| c["email_verified"] = json!("true"));
    assert_eq!(yes.await.1.location(), "/account");
    let no = said(Account::of("s-2", "b@example.com"), |c| c["email_verified"] = json!("false"));
    assert_eq!(no.await.1.status, 401);
}

#[tokio::test]
async fn nobody_is_sent_elsewhere_afterwards() {
    let (h, idp) = world(&[], &["example.com"]).await;
    let mut browser = h.browser();
    let url = leaves(&mut browser, "//evil.example/").await;
    let code = idp.lets_in(&url, Account::of("s-1", "a@example.com"));
    let seen = browser.get(&way_back(&param(&url, "state"), &code)).await;
    assert_eq!(seen.location(), "/");
}
