//! Links that sign in, and invitations.

use axum::http::Method;
use countersign_domain::OrgId;
use countersign_wire::Code;
use serde_json::json;

use super::{Harness, PASSWORD};
use crate::ids::Ids;
use crate::tests::harness::error;

#[tokio::test]
async fn opening_a_link_changes_nothing_and_its_button_works_once() {
    let h = Harness::start().await;
    let path = format!("/sign-in/link/{}", h.link().await);
    let mut scanner = h.browser();
    for method in ["GET", "HEAD", "OPTIONS", "GET"] {
        scanner.sends(method, &path, &[], String::new()).await;
    }
    assert!(h.recorded_after("link.made").await.0.is_empty());
    let mut browser = h.browser();
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("root@example.com"));
    assert_eq!(browser.post(&path, &[]).await.location(), "/account/password");
    assert_eq!(browser.get(&path).await.status, 404, "it works once");
    let mut late = h.browser();
    late.get("/sign-in").await;
    assert_eq!(late.post(&path, &[]).await.status, 404);
}

#[tokio::test]
async fn whoever_holds_the_database_makes_a_link_without_a_server() {
    let h = Harness::start().await;
    let (org, ids) = (OrgId::first(), Ids::fixed(7));
    let link_for = async |person| {
        let store = h.another_store();
        crate::app::link_locally(&store, &ids, (&org, person), h.app.now()).await
    };
    assert_eq!(link_for("nobody@example.com").await.unwrap_err().code, Code::NotFound);
    h.person("ben@example.com", "approver").await;
    let locked = serde_json::json!({"status": "locked"});
    h.admin.sends(Method::PATCH, "users/ben@example.com", Some(locked)).await;
    let refused = link_for("ben@example.com").await.unwrap_err();
    assert_eq!((refused.code, refused.detail.contains("is locked")), (Code::Invalid, true));
    let made = link_for("ROOT@example.com").await.unwrap();
    let path = format!("/sign-in/link/{}", made.secret.reveal());
    let mut browser = h.browser();
    assert!(browser.get(&path).await.body.contains("root@example.com"));
    assert_eq!(browser.post(&path, &[]).await.status, 303);
    let record = h.recorded_after("link.made").await;
    assert!(record.0.iter().any(|kind| kind == "session.started"), "{record:?}");
}

#[tokio::test]
async fn a_link_leads_on_within_this_server_only() {
    let h = Harness::start().await;
    for (next, leads) in [
        ("/approvals", "/approvals"),
        ("https://evil.example.com/", "/"),
        ("//evil.example.com", "/"),
        ("/\\evil.example.com", "/"),
    ] {
        let path = format!("/sign-in/link/{}?next={next}", h.link().await);
        let mut browser = h.browser();
        assert_eq!(browser.get(&path).await.status, 200);
        assert_eq!(browser.post(&path, &[]).await.location(), leads, "{next}");
    }
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_is_let_in() {
    let h = Harness::start().await;
    let path = format!("/sign-in/link/{}", h.link().await);
    let (mut one, mut two) = (h.browser(), h.browser());
    one.get(&path).await;
    two.get(&path).await;
    let (one, two) = tokio::join!(one.post(&path, &[]), two.post(&path, &[]));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404]);
}

#[tokio::test]
async fn a_link_works_for_a_day() {
    let h = Harness::start().await;
    let path = format!("/sign-in/link/{}", h.link().await);
    h.passes("23h").await;
    assert_eq!(h.browser().get(&path).await.status, 200);
    h.passes("1h").await;
    assert_eq!(h.browser().get(&path).await.status, 404);
}

#[tokio::test]
async fn someone_who_is_invited_becomes_a_person() {
    let h = Harness::start().await;
    let mut admin = h.signed_in().await;
    admin.get("/people").await;
    let fields = [("email", "New@example.com"), ("role", "approver"), ("groups", "finance, ops")];
    let made = admin.post("/people/invite", &fields).await;
    let path = made.body.split("/invitation/").nth(1).unwrap().split('<').next().unwrap();
    let path = format!("/invitation/{path}");
    let mut new = h.browser();
    let page = new.get(&path).await;
    assert!(page.body.contains("new@example.com") && page.body.contains("approver"));
    assert!(!h.admin.gets("users").await.to_string().contains("new@example.com"));
    assert_eq!(new.post(&path, &[]).await.location(), "/account/password");
    new.get("/account/password").await;
    let set = new.post("/account/password", &[("password", PASSWORD)]).await;
    assert_eq!(set.location(), "/account");
    let users = h.admin.gets("users").await;
    let person =
        users["items"].as_array().unwrap().iter().find(|p| p["email"] == "new@example.com");
    assert_eq!(person.unwrap()["groups"], serde_json::json!(["finance", "ops"]));
    assert_eq!(h.browser().get(&path).await.status, 404, "it works once");
    assert!(
        !new.get("/people").await.body.contains("/people/invite"),
        "an approver invites nobody"
    );
    let mut fields = vec![("email", "x@example.com"), ("role", "admin")];
    assert_eq!(new.post("/people/invite", &fields).await.status, 403);
    fields[0] = ("email", "root@example.com");
    assert_eq!(new.post("/people", &fields).await.status, 403);
    let root = h.admin.gets("me").await["id"].as_str().unwrap().to_owned();
    assert_eq!(new.post(&format!("/people/{root}/link"), &[]).await.status, 403);
}

#[tokio::test]
async fn an_invitation_falls_with_whoever_made_it_and_after_three_days() {
    let h = Harness::start().await;
    let mut admin = h.signed_in().await;
    admin.get("/people").await;
    let mut paths = Vec::new();
    for email in ["a@example.com", "b@example.com"] {
        let made = admin.post("/people/invite", &[("email", email), ("role", "admin")]).await;
        let secret = made.body.split("/invitation/").nth(1).unwrap();
        paths.push(format!("/invitation/{}", secret.split('<').next().unwrap()));
    }
    let ana = h.person("ana@example.com", "admin").await;
    let demote = Some(serde_json::json!({"role": "viewer"}));
    ana.sends(axum::http::Method::PATCH, "users/root@example.com", demote).await;
    let mut new = h.browser();
    new.get(&paths[0]).await;
    assert_eq!(new.post(&paths[0], &[]).await.status, 404);
    h.passes("72h").await;
    assert_eq!(new.get(&paths[1]).await.status, 404);
}

#[tokio::test]
async fn a_link_that_works_no_more_says_why_and_what_to_do_now() {
    let h = Harness::start().await;
    let mut admin = h.signed_in().await;
    admin.get("/people").await;
    let mut paths = Vec::new();
    for email in ["a@example.com", "b@example.com", "b@example.com"] {
        let made = admin.post("/people/invite", &[("email", email), ("role", "viewer")]).await;
        let secret = made.body.split("/invitation/").nth(1).unwrap();
        paths.push(format!("/invitation/{}", secret.split('<').next().unwrap()));
    }
    for _ in 0..2 {
        paths.push(format!("/sign-in/link/{}", h.link().await));
    }
    paths.push("/invitation/csl_nothing".to_owned());
    let mut used = h.browser();
    for path in [&paths[0], &paths[3]] {
        used.get(path).await;
        assert_eq!(used.post(path, &[]).await.status, 303);
    }
    h.passes("72h").await;
    h.link().await;
    for (path, says, next) in [
        (&paths[0], "This link was used", "you have an account"),
        (&paths[1], "The time of this link is over", "a new invitation"),
        (&paths[2], "The time of this link is over", "a new invitation"),
        (&paths[3], "This link was used", "not you who used the link"),
        (&paths[4], "The time of this link is over", "ask an admin"),
        (&paths[5], "This link is not known here", "a new invitation"),
    ] {
        let page = h.browser().get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.body.contains(says) && page.body.contains(next), "{says} in {}", page.body);
        assert!(page.body.contains("href=\"/sign-in\""), "{}", page.body);
        assert!(!page.body.contains("@example.com"), "no address is told: {}", page.body);
    }
}

#[tokio::test]
async fn a_link_whose_place_was_taken_says_so_while_it_would_have_worked() {
    let h = Harness::start().await;
    let wanted = json!({"email": "b@example.com", "role": "viewer"});
    let first = h.admin.posts("invitations", wanted.clone()).await;
    h.admin.posts("invitations", wanted).await;
    let page = h.browser().get(&path(&first)).await.body;
    assert!(page.contains("It was withdrawn, or a newer one took its place"), "{page}");
}

/// The path of the link that an invitation over the API gives.
fn path(made: &serde_json::Value) -> String {
    made["url"].as_str().unwrap().strip_prefix("http://countersign.test").unwrap().to_owned()
}

#[tokio::test]
async fn invitations_are_made_listed_and_withdrawn_over_the_api() {
    let h = Harness::start().await;
    let wanted = json!({"email": "Ben@example.com", "role": "approver", "groups": ["finance"]});
    let made = h.admin.posts("invitations", wanted).await;
    assert_eq!((&made["email"], &made["role"]), (&json!("ben@example.com"), &json!("approver")));
    assert_eq!(made["expires_at"], "2026-01-18T09:00:00Z", "three days");
    let mut listed = made.clone();
    listed.as_object_mut().unwrap().remove("url");
    let all = h.admin.gets("invitations").await;
    assert_eq!(all["items"], json!([listed]), "the link is shown once");
    let second = json!({"email": "ben@example.com", "role": "viewer"});
    let replaced = h.admin.posts("invitations", second).await;
    assert_eq!(h.browser().get(&path(&made)).await.status, 404, "one address, one invitation");
    assert_eq!(h.admin.gets("invitations").await["items"].as_array().unwrap().len(), 1);
    assert_eq!(h.browser().get(&path(&replaced)).await.status, 200);
    let withdraw = format!("invitations/{}", replaced["id"].as_str().unwrap());
    let (status, _) = h.admin.sends(Method::DELETE, &withdraw, None).await;
    assert_eq!(status, 204);
    assert_eq!(h.browser().get(&path(&replaced)).await.status, 404);
    let again = error(h.admin.sends(Method::DELETE, &withdraw, None).await);
    assert_eq!(again, (404, "not_found".into()));
    let third =
        h.admin.posts("invitations", json!({"email": "c@example.com", "role": "viewer"})).await;
    h.passes("72h").await;
    assert_eq!(h.admin.gets("invitations").await["items"], json!([]), "it ends by itself");
    assert_eq!(h.browser().get(&path(&third)).await.status, 404);
    let (kinds, _) = h.recorded_after("key.created").await;
    let expected =
        ["invitation.made", "invitation.made", "invitation.withdrawn", "invitation.made"];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn only_admins_invite_and_nobody_who_is_here_already() {
    let h = Harness::start().await;
    let ana = h.person("ana@example.com", "approver").await;
    let wanted = json!({"email": "ben@example.com", "role": "admin"});
    assert_eq!(ana.is_refused("invitations", wanted.clone()).await, (403, "forbidden".into()));
    assert_eq!(error(ana.sends(Method::GET, "invitations", None).await).0, 403);
    let known = json!({"email": "Ana@example.com", "role": "admin"});
    assert_eq!(h.admin.is_refused("invitations", known).await, (409, "name_taken".into()));
    let odd = json!({"email": "nobody", "role": "viewer"});
    assert_eq!(h.admin.is_refused("invitations", odd).await, (422, "invalid".into()));
    let role = json!({"email": "ben@example.com", "role": "boss"});
    assert_eq!(h.admin.is_refused("invitations", role).await.0, 422);
    assert_eq!(h.admin.gets("invitations").await["items"], json!([]));
}
