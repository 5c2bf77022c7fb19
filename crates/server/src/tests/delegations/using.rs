//! What becomes of a yes that was said in someone's place, once it is to be used.

use super::*;

async fn approved_for_ana() -> (World, String, String) {
    let w = World::start().await;
    let id = w.refund(500).await;
    let made = w.ana_lets_ben(json!({})).await;
    assert_eq!(says_yes(&w.ben, &id).await, "approved");
    let delegation = made["id"].as_str().unwrap().to_owned();
    (w, id, delegation)
}

async fn changes(w: &World, who: &Caller, patch: Value) {
    let (status, answer) =
        w.h.admin.sends(Method::PATCH, &format!("users/{}", who.id), Some(patch)).await;
    assert!(status.is_success(), "{answer}");
}

/// What a check of the approved refund is told now, and how the run of the approval stands.
async fn used(w: &World, id: &str) -> (Value, Value) {
    let verdict = w.agent.checks("stripe.refund", 500).await;
    let seen = w.h.admin.gets(&format!("approvals/{id}")).await;
    (verdict["reason_code"].clone(), seen["execution"].clone())
}

#[tokio::test]
async fn a_yes_that_was_said_while_it_held_stays_when_it_ends() {
    let (w, id, delegation) = approved_for_ana().await;
    w.ana.sends(Method::DELETE, &format!("delegations/{delegation}"), None).await;
    let (code, execution) = used(&w, &id).await;
    assert_eq!((code, &execution["state"]), (json!("APPROVED"), &json!("running")));
}

#[tokio::test]
async fn a_yes_falls_with_the_one_in_whose_place_it_was_said() {
    for patch in [json!({"status": "locked"}), json!({"role": "viewer"})] {
        let (w, id, _) = approved_for_ana().await;
        changes(&w, &w.ana, patch).await;
        let (code, execution) = used(&w, &id).await;
        assert_ne!(code, "APPROVED");
        assert_eq!(execution["state"], "revoked");
        let why = "ana@example.com, in whose place it was approved, may no longer answer";
        assert_eq!(execution["error"], why);
    }
}

#[tokio::test]
async fn a_yes_falls_with_the_one_who_said_it() {
    let (w, id, _) = approved_for_ana().await;
    changes(&w, &w.ben, json!({"status": "locked"})).await;
    let (_, execution) = used(&w, &id).await;
    assert_eq!(execution["error"], "ben@example.com, who approved it, may no longer answer");
}

#[tokio::test]
async fn the_receipt_says_in_whose_place_it_was() {
    let w = World::start().await;
    let id = id(&w
        .agent
        .posts(
            "approvals",
            json!({"action": "stripe.refund", "params": {"amount": 7}, "risk": "medium"}),
        )
        .await);
    w.ana_lets_ben(json!({})).await;
    assert_eq!(says_yes(&w.ben, &id).await, "approved");
    let redeemed =
        w.agent.posts(&format!("approvals/{id}/redeem"), json!({"params": {"amount": 7}})).await;
    let claims = redeemed["receipt"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    let claims = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, claims);
    let claims: Value = serde_json::from_slice(&claims.unwrap()).unwrap();
    assert_eq!(claims["approvers"][0]["email"], "ben@example.com");
    assert_eq!(claims["approvers"][0]["in_place_of"]["email"], "ana@example.com");
}

#[tokio::test]
async fn someone_who_may_not_answer_lends_nothing_and_uses_nothing() {
    let w = World::start().await;
    let id = w.refund(500).await;
    w.ana_lets_ben(json!({})).await;
    changes(&w, &w.ana, json!({"status": "locked"})).await;
    assert_eq!(says_yes(&w.ben, &id).await, "not_admitted");
    let listed = w.ben.gets("delegations").await;
    let idle = "ana@example.com may not answer now, so it gives nothing";
    assert_eq!(
        (&listed["items"][0]["state"], &listed["items"][0]["idle"]),
        (&json!("holds"), &json!(idle))
    );
    changes(&w, &w.ana, json!({"status": "active"})).await;
    changes(&w, &w.ben, json!({"role": "auditor"})).await;
    assert_eq!(says_yes(&w.ben, &id).await, "forbidden");
}
