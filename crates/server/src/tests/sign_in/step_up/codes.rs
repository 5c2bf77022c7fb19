//! With a code of an authenticator app: on the page without scripts, over the API, and never in bulk.

use axum::http::Method;
use serde_json::json;

use super::{Harness, asked, enrols, see, shown};
use crate::tests::harness::error;
use crate::tests::sign_in::PASSWORD;

#[tokio::test]
async fn a_code_goes_with_the_answer_and_a_wrong_one_keeps_what_was_written() {
    let h = Harness::start().await;
    let agent = h.strict().await;
    let mut browser = h.signed_in().await;
    let (secret, _) = enrols(&h, &mut browser).await;
    let id = asked(&agent, 45).await;
    let page = browser.get(&format!("/approvals/{id}")).await;
    assert!(page.body.contains("Code of your authenticator app"), "{}", page.body);
    let (digest, presented) = (page.field("digest").unwrap(), page.field("presented").unwrap());
    let held = [("digest", digest.as_str()), ("presented", presented.as_str())];
    let path = format!("/approvals/{id}/deny");
    let sent = |code, reason| [held[0], held[1], ("reason", reason), ("code", code)];
    let wrong = browser.post(&path, &sent("000000", "too <much>")).await;
    assert_eq!(wrong.status, 403);
    assert!(wrong.body.contains("This code is not right"), "{}", wrong.body);
    assert!(wrong.body.contains(">too &#60;much&#62;</textarea>"), "{}", wrong.body);
    assert!(wrong.body.contains("data-deny open"), "the form is open as it was");
    let none = browser.post(&path, &held).await;
    assert_eq!(none.status, 422, "a reason is asked for before a code is");
    let next = shown(&h.app, &secret, 30);
    let reasonless = browser.post(&path, &sent(&next, "")).await;
    assert_eq!(reasonless.status, 422);
    let done = browser.post(&path, &sent(&next, "too much")).await;
    assert_eq!(done.status, 303, "no code is used up for nothing: {}", done.body);
    assert_eq!(see(&h, &id).await["answers"][0]["assurance"], "step_up");
    let page = browser.get(&format!("/approvals/{id}")).await;
    assert!(page.body.contains("confirmed with a one-time code"), "{}", page.body);
    let other = asked(&agent, 46).await;
    let again = browser.get(&format!("/approvals/{other}")).await;
    let fields = [
        ("digest", again.field("digest").unwrap()),
        ("presented", again.field("presented").unwrap()),
        ("code", next),
    ];
    let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let replayed = browser.post(&format!("/approvals/{other}/approve"), &fields).await;
    assert_eq!(replayed.status, 403, "each code works for one answer");
    assert_eq!(see(&h, &other).await["status"], "pending");
}

#[tokio::test]
async fn guessing_a_code_is_slowed_and_loses_nothing() {
    let h = Harness::start().await;
    let agent = h.strict().await;
    let mut browser = h.signed_in().await;
    let (secret, _) = enrols(&h, &mut browser).await;
    let id = asked(&agent, 45).await;
    let page = browser.get(&format!("/approvals/{id}")).await;
    let (digest, presented) = (page.field("digest").unwrap(), page.field("presented").unwrap());
    let path = format!("/approvals/{id}/deny");
    let held =
        [("digest", digest.as_str()), ("presented", presented.as_str()), ("reason", "no way")];
    for _ in 0..5 {
        let sent = [held.as_slice(), &[("code", "000000")]].concat();
        assert_eq!(browser.post(&path, &sent).await.status, 403);
    }
    let right = shown(&h.app, &secret, 30);
    let sent = [held.as_slice(), &[("code", &right)]].concat();
    let slowed = browser.post(&path, &sent).await;
    assert!(slowed.body.contains("Too many wrong tries; wait"), "{}", slowed.body);
    assert!(slowed.body.contains(">no way</textarea>"), "{}", slowed.body);
    assert_eq!(see(&h, &id).await["status"], "pending");
}

#[tokio::test]
async fn guesses_at_an_answer_and_guesses_at_the_door_do_not_slow_each_other() {
    let h = Harness::start().await;
    let agent = h.strict().await;
    let mut browser = h.with_password().await;
    let (secret, _) = enrols(&h, &mut browser).await;
    let id = asked(&agent, 45).await;
    let page = browser.get(&format!("/approvals/{id}")).await;
    let (digest, presented) = (page.field("digest").unwrap(), page.field("presented").unwrap());
    let path = format!("/approvals/{id}/deny");
    let held =
        [("digest", digest.as_str()), ("presented", presented.as_str()), ("reason", "no way")];
    // Six wrong codes for one answer: whoever knows the password still gets as far as the code.
    for _ in 0..6 {
        browser.post(&path, &[held.as_slice(), &[("code", "000000")]].concat()).await;
    }
    let door = |password: &'static str| {
        let h = &h;
        async move {
            let mut browser = h.browser();
            browser.get("/sign-in").await;
            browser.post("/sign-in", &[("email", "root@example.com"), ("password", password)]).await
        }
    };
    assert!(door(PASSWORD).await.field("ticket").is_some(), "the door is not closed by it");
    // Guesses at the door do not keep the one from answering who is in already.
    h.passes("16m").await;
    let mut last = 0;
    for _ in 0..7 {
        last = door("wrong wrong wrong").await.status;
    }
    assert_eq!(last, 429);
    let right = shown(&h.app, &secret, 0);
    let done = browser.post(&path, &[held.as_slice(), &[("code", &right)]].concat()).await;
    assert_eq!(done.status, 303, "{}", done.body);
}

#[tokio::test]
async fn whoever_has_neither_is_told_so_and_where_to_get_one() {
    let h = Harness::start().await;
    let agent = h.strict().await;
    let mut browser = h.signed_in().await;
    let id = asked(&agent, 45).await;
    let page = browser.get(&format!("/approvals/{id}")).await;
    assert!(page.body.contains("and you have neither"), "{}", page.body);
    assert!(page.body.contains("href=\"/account\">Add a passkey or an app"), "{}", page.body);
    for answer in ["approve", "deny"] {
        assert!(!page.body.contains(&format!("/approvals/{id}/{answer}")), "{answer} takes it");
    }
    assert!(page.body.contains(&format!("/approvals/{id}/ask")), "a question takes none");
    let question = [("question", "which order?")];
    let asks = browser.post(&format!("/approvals/{id}/ask"), &question).await;
    assert_eq!(asks.location(), format!("/approvals/{id}#thread"));
    let held = h.admin.gets(&format!("approvals/{id}")).await;
    let text = |name: &str| held[name].as_str().unwrap().to_owned();
    let (digest, presented) = (text("digest"), text("presented"));
    let fields = [("digest", digest.as_str()), ("presented", presented.as_str())];
    let forced = browser.post(&format!("/approvals/{id}/approve"), &fields).await;
    assert_eq!(forced.status, 403);
    assert!(forced.body.contains("takes a passkey or a one-time code"), "{}", forced.body);
    let asked = browser.post(&format!("/approvals/{id}/step-up"), &fields).await;
    assert_eq!(asked.status, 403, "{}", asked.body);
}

#[tokio::test]
async fn over_the_api_a_code_goes_with_the_answer() {
    let h = Harness::start().await;
    let agent = h.strict().await;
    let mut browser = h.signed_in().await;
    let (secret, _) = enrols(&h, &mut browser).await;
    let id = asked(&agent, 45).await;
    let path = format!("approvals/{id}/approve");
    let refused = h.admin.sends(Method::POST, &path, Some(json!({}))).await;
    assert!(refused.1["next"].as_str().unwrap().contains("`code`"), "{}", refused.1);
    assert_eq!(error(refused), (403, "assurance_too_low".into()));
    let wrong = json!({"code": "000000"});
    assert_eq!(h.admin.is_refused(&path, wrong).await, (403, "step_up_refused".into()));
    let code = shown(&h.app, &secret, 30);
    let zeros = format!("sha256:{}", "0".repeat(64));
    let stale = json!({"code": code, "expected_digest": zeros});
    assert_eq!(h.admin.is_refused(&path, stale).await, (409, "stale".into()));
    let yes = json!({"code": code});
    let done = h.admin.posts_once("key-1", &path, &yes).await;
    assert_eq!(done.1["status"], "approved", "{}", done.1);
    let again = h.admin.posts_once("key-1", &path, &yes).await;
    assert_eq!(again.1["status"], "approved", "a call that is retried finds what it did");
    let (kinds, record) = h.recorded_after("totp.enrolled").await;
    let of_step_up: Vec<_> = kinds.iter().filter(|kind| kind.starts_with("step_up")).collect();
    assert_eq!(of_step_up, ["step_up.refused", "step_up.given"]);
    assert!(!record.contains(&code), "the code itself is not on the record");
    let given = h.admin.gets("audit?kind=step_up.given").await["items"][0].clone();
    assert_eq!(given["caller"]["assurance"], "step_up", "{given}");
}

#[tokio::test]
async fn what_takes_a_step_up_is_never_answered_together_with_others() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.strict().await;
    let mut browser = h.signed_in().await;
    let strict = asked(&agent, 45).await;
    let body = json!({"action": "mail.send", "params": {"to": "a"}, "risk": "low"});
    let plain = crate::tests::harness::id(&agent.posts("approvals", body).await);
    let review = browser.get(&format!("/approvals/several?id={strict}&id={plain}")).await;
    let framed = crate::tests::dashboard::framed(&review.body);
    assert!(framed.contains("Approve 1 × “mail.send”"), "{framed}");
    let of_strict = see(&h, &strict).await;
    let text = |name: &str| of_strict[name].as_str().unwrap().to_owned();
    let forged = format!("{strict} {} {}", text("digest"), text("presented"));
    let done = browser.post("/approvals/several/approve", &[("picked", &forged)]).await;
    assert!(
        done.body.contains("It takes a passkey or a one-time code of its own"),
        "{}",
        done.body
    );
    let both = json!({"approval_ids": [strict, plain]});
    let done = h.admin.posts("approvals/bulk-approve", both).await;
    assert_eq!(done["results"][0]["error"]["code"], "not_in_bulk");
    assert_eq!(done["results"][1]["status"], "approved");
    assert_eq!(see(&h, &strict).await["status"], "pending");
}
