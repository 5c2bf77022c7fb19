//! Letting the command line of a machine in.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Browser, Harness};
use crate::tests::Caller;
use crate::tests::harness::{error, read};

const OTHER: &str = "No machine shows this code now";

/// Somewhere a command line asks to be let in.
async fn asks(h: &Harness, name: &str) -> Value {
    let body = json!({"machine": name}).to_string();
    let (status, asked) =
        read(h.nobody().raw(Method::POST, "/api/v1/login", &[], body).await).await;
    assert_eq!(status, 201, "{asked}");
    asked
}

async fn fetches(h: &Harness, asked: &Value) -> (u16, Value) {
    let body = json!({"ticket": asked["ticket"]}).to_string();
    let answer = h.nobody().raw(Method::POST, "/api/v1/login/token", &[], body).await;
    let (status, answer) = read(answer).await;
    (status.as_u16(), answer)
}

async fn says(browser: &mut Browser, asked: &Value, say: &str) -> String {
    let code = asked["code"].as_str().unwrap();
    let page = browser.get(&format!("/login?code={code}")).await;
    assert!(page.body.contains(code), "{}", page.body);
    browser.post("/login", &[("code", code), ("say", say)]).await.body
}

#[tokio::test]
async fn a_person_compares_the_code_and_the_machine_fetches_its_token_once() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    let asked = asks(&h, "ana@desk\u{202e}<b>").await;
    let url = asked["url"].as_str().unwrap();
    assert_eq!(
        url,
        format!("http://countersign.test/login?code={}", asked["code"].as_str().unwrap())
    );
    assert_eq!(fetches(&h, &asked).await, (200, json!({"status": "waiting"})));
    let page = browser.get(url.strip_prefix("http://countersign.test").unwrap()).await;
    for part in ["ana@desk", "&#60;b&#62;", "wants to act in your name", "Did someone send you"] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    assert!(!page.body.contains('\u{202e}'));
    assert_eq!(fetches(&h, &asked).await.1["status"], "waiting", "looking lets nobody in");
    assert!(says(&mut browser, &asked, "yes").await.contains("is let in"));
    let (status, answer) = fetches(&h, &asked).await;
    assert_eq!((status, &answer["status"]), (200, &json!("confirmed")));
    assert_eq!(fetches(&h, &asked).await.0, 404, "once");
    let machine = caller(&h, &answer);
    assert_eq!(machine.gets("me").await["name"], "root@example.com");
    let account = browser.get("/account").await;
    assert!(account.body.contains("countersign login, ana@desk"), "{}", account.body);
    let (kinds, record) = h.recorded_after("session.started").await;
    assert_eq!(kinds, ["machine.confirmed", "key.created"]);
    assert!(!record.contains(answer["token"].as_str().unwrap()));
    let (status, _) = machine.sends(Method::DELETE, "me/token", None).await;
    assert_eq!(status, 204);
    let gone = error(machine.sends(Method::GET, "me", None).await);
    assert_eq!(gone, (401, "unauthenticated".into()));
}

fn caller(h: &Harness, answer: &Value) -> Caller {
    let mut machine = h.nobody();
    machine.token = answer["token"].as_str().unwrap().to_owned();
    machine
}

#[tokio::test]
async fn whoever_is_refused_or_late_or_someone_else_gets_nothing() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    let refused = asks(&h, "phish").await;
    assert!(says(&mut browser, &refused, "no").await.contains("is refused"));
    assert_eq!(fetches(&h, &refused).await.0, 404);
    assert!(
        browser.get(refused["url"].as_str().unwrap().split_at(23).1).await.body.contains(OTHER)
    );
    let late = asks(&h, "late").await;
    h.passes("10m").await;
    assert_eq!(fetches(&h, &late).await.0, 404);
    let (one, two) = (asks(&h, "one").await, asks(&h, "two").await);
    assert_ne!(one["code"], two["code"]);
    says(&mut browser, &one, "yes").await;
    assert_eq!(fetches(&h, &two).await.1["status"], "waiting");
    let forged = json!({"ticket": one["code"]});
    assert_eq!(fetches(&h, &forged).await.0, 404, "the code is no ticket");
    let mut stranger = h.browser();
    let page = stranger.get(&format!("/login?code={}", two["code"].as_str().unwrap())).await;
    assert!(page.location().starts_with("/sign-in?next=%2Flogin"), "and back afterwards");
}

#[tokio::test]
async fn a_person_who_is_locked_meanwhile_lets_nobody_in() {
    let h = Harness::start().await;
    let ana = h.person("ana@example.com", "admin").await;
    let mut browser = h.signed_in().await;
    let asked = asks(&h, "desk").await;
    says(&mut browser, &asked, "yes").await;
    let lock = Some(json!({"status": "locked"}));
    ana.sends(Method::PATCH, "users/root@example.com", lock).await;
    assert_eq!(fetches(&h, &asked).await.0, 404);
}

#[tokio::test]
async fn codes_are_not_guessed_and_need_not_be_typed_exactly() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    let asked = asks(&h, "desk").await;
    let typed = asked["code"].as_str().unwrap().to_ascii_lowercase().replace('-', "%20");
    assert!(browser.get(&format!("/login?code={typed}")).await.body.contains("Let it in"));
    for _ in 0..5 {
        assert!(browser.get("/login?code=BBBB-BBBB").await.body.contains(OTHER));
    }
    let slowed = browser.get(&format!("/login?code={typed}")).await;
    assert!(slowed.body.contains("Too many wrong tries; wait"), "{}", slowed.body);
    let sent = browser.post("/login", &[("code", &typed), ("say", "yes")]).await;
    assert!(sent.body.contains("Too many wrong tries; wait"));
    assert_eq!(fetches(&h, &asked).await.1["status"], "waiting");
}

#[tokio::test]
async fn only_a_form_of_ours_lets_a_machine_in() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    let asked = asks(&h, "desk").await;
    browser.get("/login").await;
    let body = format!("csrf=&code={}&say=yes", asked["code"].as_str().unwrap());
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    assert_eq!(browser.sends("POST", "/login", &headers, body).await.status, 403);
    assert_eq!(fetches(&h, &asked).await.1["status"], "waiting");
}

#[tokio::test]
async fn nobody_starts_sign_ins_without_end() {
    let h = Harness::start().await;
    let start = || async {
        let body = json!({"machine": "desk"}).to_string();
        read(h.nobody().raw(Method::POST, "/api/v1/login", &[], body).await).await
    };
    for _ in 0..60 {
        assert_eq!(start().await.0, 201);
    }
    assert_eq!(error(start().await), (429, "rate_limited".into()));
}
