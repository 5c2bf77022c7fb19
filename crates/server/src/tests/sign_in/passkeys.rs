//! Passkeys: to sign in, and to show that one answer is meant.

use countersign_domain::ApprovalId;
use countersign_domain::approval::{Approval, Assurance, Digest, Means};
use serde_json::Value;

use super::authenticator::Authenticator;
use super::{Browser, Harness, Seen};
use crate::app::{Answer, Device, Shows, SignedIn};

async fn asks(browser: &mut Browser, path: &str) -> (String, Value) {
    let seen = browser.post(path, &[]).await;
    let answer: Value = serde_json::from_str(&seen.body).unwrap();
    (answer["ticket"].as_str().unwrap().to_owned(), answer["options"].clone())
}

async fn adds(browser: &mut Browser) -> Authenticator {
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

async fn person(
    h: &Harness,
    browser: &Browser,
) -> (SignedIn, countersign_domain::identity::sign_in::Session) {
    h.app.session(&browser.cookies["countersign"], &Device::default()).await.unwrap()
}

async fn asked(h: &Harness, agent: &super::super::Caller) -> (ApprovalId, Digest) {
    let id = agent.asks(50).await;
    let shown = h.admin.gets(&format!("approvals/{id}")).await;
    (id.parse().unwrap(), shown["digest"].as_str().unwrap().parse().unwrap())
}

#[tokio::test]
async fn a_passkey_signs_the_very_answer_and_the_signature_stays_with_it() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    let mut authenticator = adds(&mut browser).await;
    let (id, digest) = asked(&h, &agent).await;
    let (viewer, session) = person(&h, &browser).await;
    let challenge = h.app.step_up_challenge(&viewer, id, digest).await.unwrap();
    assert!(!challenge.code, "there is no authenticator app");
    let signed = authenticator.signs(&challenge.passkey.unwrap(), true);
    let ticket = challenge.ticket.reveal();
    let shows = Shows::Passkey(&signed);
    let up = h.app.step_up_verify((&viewer, &session), ticket, shows).await.unwrap();
    assert_eq!(up.person.assurance, Assurance::StepUp);
    assert!(person_of(&h, &browser).await.is_err(), "the session has another token now");
    let again = h.app.step_up_verify((&viewer, &session), ticket, shows).await;
    assert!(again.is_err(), "a challenge is used once");
    let approval = h.app.approve(&up.person, id, &Answer::default(), None).await.unwrap();
    let proof = approval.answers[0].proof.clone().unwrap();
    assert_eq!(approval.answers[0].assurance, Assurance::StepUp);
    assert_eq!((proof.subject.digest, proof.verify_subject()), (digest, Ok(())));
    assert!(matches!(proof.means, Means::Passkey { .. }));
    let mut forged = *proof;
    forged.subject.digest = Digest::of_bytes(b"another");
    assert!(forged.verify_subject().is_err(), "it says what was signed");
    let (kinds, _) = h.recorded_after("passkey.added").await;
    assert_eq!(kinds, ["approval.opened", "step_up.given", "approval.approved"]);
}

async fn person_of(h: &Harness, browser: &Browser) -> Result<SignedIn, crate::app::Error> {
    h.app.session(&browser.cookies["countersign"], &Device::default()).await.map(|(p, _)| p)
}

#[tokio::test]
async fn a_step_up_is_for_one_answer_and_five_minutes() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    let mut authenticator = adds(&mut browser).await;
    let (id, digest) = asked(&h, &agent).await;
    let (viewer, session) = person(&h, &browser).await;
    let challenge = h.app.step_up_challenge(&viewer, id, digest).await.unwrap();
    let signed = authenticator.signs(&challenge.passkey.unwrap(), true);
    h.passes("5m").await;
    let shows = Shows::Passkey(&signed);
    let late = h.app.step_up_verify((&viewer, &session), challenge.ticket.reveal(), shows).await;
    assert!(late.is_err(), "five minutes are over");
    let one = h.app.step_up_challenge(&viewer, id, digest).await.unwrap();
    let two = h.app.step_up_challenge(&viewer, id, Digest::of_bytes(b"x")).await.unwrap();
    let signed = authenticator.signs(&one.passkey.unwrap(), true);
    let shows = Shows::Passkey(&signed);
    let other = h.app.step_up_verify((&viewer, &session), two.ticket.reveal(), shows).await;
    assert!(other.is_err(), "it was signed for another answer");
    let right =
        h.app.step_up_verify((&viewer, &session), one.ticket.reveal(), shows).await.unwrap();
    let (elsewhere, _) = asked(&h, &h.agent("other").await).await;
    let answered = h.app.approve(&right.person, elsewhere, &Answer::default(), None).await.unwrap();
    let answer = |approval: &Approval| approval.answers[0].clone();
    assert_eq!(answer(&answered).assurance, Assurance::Session, "for another request it is none");
    assert_eq!(answer(&answered).proof, None);
}

#[tokio::test]
async fn without_passkey_and_app_there_is_no_step_up() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let browser = h.signed_in().await;
    let (id, digest) = asked(&h, &agent).await;
    let (viewer, _) = person(&h, &browser).await;
    let refused = h.app.step_up_challenge(&viewer, id, digest).await.unwrap_err();
    assert_eq!(refused.code, countersign_wire::Code::StepUpRefused);
}
