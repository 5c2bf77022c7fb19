//! With a passkey, which signs the answer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Authenticator, Harness, adds, asked, asks, see};
use crate::tests::sign_in::{Browser, Seen};

/// What the form of a request holds, and what its script gets to be signed.
async fn challenged(browser: &mut Browser, id: &str) -> (Vec<(String, String)>, Value) {
    let page = browser.get(&format!("/approvals/{id}")).await;
    let held = ["digest", "presented"].map(|name| (name.to_owned(), page.field(name).unwrap()));
    let fields: Vec<_> = held.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let asked = browser.post(&format!("/approvals/{id}/step-up"), &fields).await;
    (held.into(), serde_json::from_str(&asked.body).unwrap())
}

async fn sends(
    browser: &mut Browser,
    (id, verb): (&str, &str),
    held: &[(String, String)],
    signed: (&Value, &str),
) -> Seen {
    let mut fields: Vec<_> = held.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let ticket = signed.0["ticket"].as_str().unwrap();
    fields.extend([("ticket", ticket), ("credential", signed.1), ("reason", "no")]);
    browser.post(&format!("/approvals/{id}/{verb}"), &fields).await
}

#[tokio::test]
async fn a_passkey_signs_the_very_answer_and_anyone_can_verify_it_later() {
    let h = Harness::start().await;
    let agent = h.strict().await;
    let mut browser = h.signed_in().await;
    let mut authenticator = adds(&mut browser).await;
    let id = asked(&agent, 45).await;
    let (held, challenge) = challenged(&mut browser, &id).await;
    let signed = authenticator.signs(&challenge["options"], true);
    let seen = sends(&mut browser, (&id, "approve"), &held, (&challenge, &signed)).await;
    assert_eq!(seen.status, 303, "{}", seen.body);
    let approval = see(&h, &id).await;
    assert_eq!(approval["answers"][0]["assurance"], "step_up");
    let page = browser.get(&format!("/approvals/{id}")).await;
    assert!(page.body.contains("signed with a passkey"), "{}", page.body);
    let records = h.admin.gets("audit?kind=approval.approved").await;
    verify(&records["items"][0]["data"]["proof"], &approval, &authenticator);
}

/// What an auditor does with a record: by the documents alone, with nothing of the program.
fn verify(proof: &Value, approval: &Value, authenticator: &Authenticator) {
    let (subject, means) = (&proof["subject"], &proof["means"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let bytes = |value: &Value| URL_SAFE_NO_PAD.decode(text(value)).unwrap();
    assert_eq!((&subject["digest"], &subject["approval"]), (&approval["digest"], &approval["id"]));
    let mut hash = Sha256::new();
    let parts = ["org", "approval", "digest", "presented", "nonce"].map(|n| text(&subject[n]));
    for part in std::iter::once("countersign step-up v1").chain(parts.iter().map(String::as_str)) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let client: Value = serde_json::from_slice(&bytes(&means["client_data"])).unwrap();
    assert_eq!(text(&client["challenge"]), URL_SAFE_NO_PAD.encode(hash.finalize()));
    assert_eq!(client["type"], "webauthn.get");
    let data = bytes(&means["authenticator_data"]);
    assert_eq!((&data[..32], data[32] & 5), (&Sha256::digest("countersign.test")[..], 5));
    let signed = [data, Sha256::digest(bytes(&means["client_data"])).to_vec()].concat();
    let signature = Signature::from_der(&bytes(&means["signature"])).unwrap();
    let kept = &means["public_key"]["key"]["EC_EC2"];
    let (x, y) = (bytes(&kept["x"]), bytes(&kept["y"]));
    let key = VerifyingKey::from_sec1_bytes(&[vec![4], x, y].concat()).unwrap();
    assert_eq!(key, authenticator.public(), "it is the key of the person");
    key.verify(&signed, &signature).expect("the person signed exactly this");
    let mut other = signed.clone();
    other[40] ^= 1;
    assert!(key.verify(&other, &signature).is_err());
}

#[tokio::test]
async fn a_signature_is_for_one_answer_once_and_for_five_minutes() {
    let h = Harness::start().await;
    let agent = h.strict().await;
    let mut browser = h.signed_in().await;
    let mut authenticator = adds(&mut browser).await;
    let (one, two) = (asked(&agent, 45).await, asked(&agent, 46).await);
    let (held, late) = challenged(&mut browser, &one).await;
    let signed = authenticator.signs(&late["options"], true);
    h.passes("5m").await;
    let refused = sends(&mut browser, (&one, "approve"), &held, (&late, &signed)).await;
    assert_eq!(refused.status, 403, "five minutes are over");
    let (held, challenge) = challenged(&mut browser, &one).await;
    let signed = authenticator.signs(&challenge["options"], true);
    let (of_two, _) = challenged(&mut browser, &two).await;
    let refused = sends(&mut browser, (&two, "approve"), &of_two, (&challenge, &signed)).await;
    assert_eq!(refused.status, 403, "it is about another request");
    let replayed = sends(&mut browser, (&one, "approve"), &held, (&challenge, &signed)).await;
    assert_eq!(replayed.status, 403, "a challenge is used up whatever came of it");
    let (held, challenge) = challenged(&mut browser, &one).await;
    let unverified = authenticator.signs(&challenge["options"], false);
    let refused = sends(&mut browser, (&one, "approve"), &held, (&challenge, &unverified)).await;
    assert_eq!(refused.status, 403, "nobody looked who was there");
    for id in [&one, &two] {
        assert_eq!(see(&h, id).await["status"], "pending");
    }
    let (kinds, _) = h.recorded_after("passkey.added").await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "step_up.refused").count(), 4);
    let (held, challenge) = challenged(&mut browser, &one).await;
    let signed = authenticator.signs(&challenge["options"], true);
    let denied = sends(&mut browser, (&one, "deny"), &held, (&challenge, &signed)).await;
    assert_eq!(denied.status, 303, "a no is signed as well: {}", denied.body);
    assert_eq!(see(&h, &one).await["status"], "denied");
}

#[tokio::test]
async fn an_edit_is_signed_as_what_it_makes_of_the_request() {
    let h = Harness::start().await;
    let agent = h.strict().await;
    let mut browser = h.signed_in().await;
    let mut authenticator = adds(&mut browser).await;
    let id = asked(&agent, 45).await;
    let review =
        browser.post(&format!("/approvals/{id}/edit"), &[("edit.params.amount", "30")]).await;
    let mut held: Vec<_> = ["digest", "presented", "edit.params.amount"]
        .map(|name| (name.to_owned(), review.field(name).unwrap()))
        .into();
    let plain = challenged(&mut browser, &id).await.1;
    let signed = authenticator.signs(&plain["options"], true);
    let refused = sends(&mut browser, (&id, "approve"), &held, (&plain, &signed)).await;
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("Read what would run"), "the edit is not lost");
    held = ["digest", "presented", "edit.params.amount"]
        .map(|name| (name.to_owned(), refused.field(name).unwrap()))
        .into();
    let fields: Vec<_> = held.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let asked = browser.post(&format!("/approvals/{id}/step-up"), &fields).await;
    let challenge: Value = serde_json::from_str(&asked.body).unwrap();
    let signed = authenticator.signs(&challenge["options"], true);
    let done = sends(&mut browser, (&id, "approve"), &held, (&challenge, &signed)).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let told = agent.gets(&format!("approvals/{id}")).await;
    assert_eq!(
        (&told["outcome"], &told["effective"]["params"]["amount"]),
        (&json!("edited"), &json!(30))
    );
}

#[tokio::test]
async fn a_signature_for_a_sign_in_is_none_for_an_answer() {
    let h = Harness::start().await;
    let agent = h.strict().await;
    let mut browser = h.signed_in().await;
    let mut authenticator = adds(&mut browser).await;
    let id = asked(&agent, 45).await;
    let (held, _) = challenged(&mut browser, &id).await;
    let (ticket, options) = asks(&mut browser, "/sign-in/passkey/options").await;
    let signed = authenticator.signs(&options, true);
    let challenge = json!({"ticket": ticket});
    let refused = sends(&mut browser, (&id, "approve"), &held, (&challenge, &signed)).await;
    assert_eq!(refused.status, 403);
    assert_eq!(see(&h, &id).await["status"], "pending");
}
