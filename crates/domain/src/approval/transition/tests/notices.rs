//! What the world is told about a transition.

use serde_json::{Value, json};

use crate::Change;
use crate::approval::fixtures::*;
use crate::approval::{Approval, Card};
use crate::notification::{Event, Notice};

fn notice(change: &Change) -> Notice {
    change.records[0].announces.clone().unwrap()
}

fn with_secrets() -> Approval {
    let proposal = refund(&json!({"amount": 45, "api_key": "k"}));
    let context = object(&json!({"customer": "c1", "session_id": "s"}));
    Approval { card: Card { context, ..card(proposal) }, ..fresh() }
}

#[test]
fn it_says_how_it_stood_then_and_hides_secrets() {
    let approval = with_secrets();
    let commented = approval.clone().comment("hm".into(), message_id(), &agent(), at(1)).unwrap();
    let told = notice(&commented.change);
    let expected = json!({
        "approval_id": approval.id,
        "decision": "pending",
        "action": approval.card.proposal.action,
        "context": {"customer": "c1", "session_id": "[REDACTED]"},
        "agent": {"id": approval.card.requester.agent, "name": approval.card.requester.name},
        "params": {"amount": 45, "api_key": "[REDACTED]"},
        "digest": approval.digest(),
        "revision": 2,
        "risk": approval.card.risk,
        "reason_code": approval.card.reason_code,
        "reason": approval.card.reason,
        "answered_by": null,
        "execution": null,
    });
    assert_eq!(told, Notice { event: Event::ApprovalUpdated, data: expected });
}

#[test]
fn it_says_what_was_decided_and_by_whom() {
    let denied = with_secrets().deny(ana().answering(), "too much".into(), at(2)).unwrap();
    let told = notice(&denied.change);
    assert_eq!((told.event, &told.data["decision"]), (Event::ApprovalDenied, &json!("denied")));
    assert_eq!(told.data["reason"], "too much");
    assert_eq!(told.data["answered_by"], "person:ana@example.com");

    let approved = with_secrets().approve(ana().answering(), None, at(2)).unwrap();
    let told = notice(&approved.change);
    assert_eq!((told.event, &told.data["decision"]), (Event::ApprovalApproved, &json!("approved")));
    assert_eq!((&told.data["reason"], &told.data["execution"]), (&Value::Null, &json!("unused")));
}
