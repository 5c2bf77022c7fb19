use serde_json::json;

use super::*;
use crate::approval::Requirements;
use crate::approval::fixtures::*;
use crate::approval::transition::{Remarks, Resolution, RunEnd};

fn approved() -> Approval {
    let who = ana();
    let mut answering = who.answering();
    answering.remarks = Remarks { notes: Some("fine".into()), ..Remarks::default() };
    fresh().approve(answering, None, at(5)).unwrap().next()
}

fn edited() -> Approval {
    fresh().yes_if(&ana(), &json!({"amount": 50, "cost.usd": "3"}), 5).unwrap()
}

#[test]
fn pending() {
    insta::assert_debug_snapshot!(fresh().outcome(), @r#"
    Outcome {
        kind: Pending,
        answered_by: None,
        answered_at: None,
        reason: None,
        notes: None,
        edits: None,
        effective: None,
        question: None,
        next: "wait again with GET /api/v1/orgs/default/approvals/apr_00000000000000000000000001?wait=55s",
    }
    "#);
}

#[test]
fn asked_question() {
    let asked =
        fresh().ask(&ana().answering(), "which order?".into(), message_id(), at(5)).unwrap();
    insta::assert_debug_snapshot!(asked.approval.outcome(), @r#"
    Outcome {
        kind: AskedQuestion,
        answered_by: None,
        answered_at: None,
        reason: None,
        notes: None,
        edits: None,
        effective: None,
        question: Some(
            "which order?",
        ),
        next: "answer the question with POST /api/v1/orgs/default/approvals/apr_00000000000000000000000001/answer, then wait again",
    }
    "#);
}

#[test]
fn an_answered_question_is_not_told_again() {
    let asked =
        fresh().ask(&ana().answering(), "which?".into(), message_id(), at(5)).unwrap().next();
    let replied = asked.reply("the last".into(), message_id(), &agent(), at(6)).unwrap().next();
    assert_eq!(replied.outcome(), fresh().outcome());
}

#[test]
fn approved_as_asked() {
    insta::assert_debug_snapshot!(approved().outcome(), @r#"
    Outcome {
        kind: Approved,
        answered_by: Some(
            "person:ana@example.com",
        ),
        answered_at: Some(
            2026-03-01T08:00:05Z,
        ),
        reason: None,
        notes: Some(
            "fine",
        ),
        edits: None,
        effective: None,
        question: None,
        next: "redeem it once with POST /api/v1/orgs/default/approvals/apr_00000000000000000000000001/redeem, then run exactly what was approved",
    }
    "#);
}

#[test]
fn approved_with_edits() {
    insta::assert_debug_snapshot!(edited().outcome(), @r#"
    Outcome {
        kind: Edited,
        answered_by: Some(
            "person:ana@example.com",
        ),
        answered_at: Some(
            2026-03-01T08:00:05Z,
        ),
        reason: None,
        notes: None,
        edits: Some(
            {
                "amount": Number(50),
                "cost.usd": String("3"),
            },
        ),
        effective: Some(
            Effective {
                action: Action(
                    "stripe.refund",
                ),
                tool: None,
                resource: None,
                params: {
                    "amount": Number(50),
                    "customer": String("cus_1"),
                },
                cost: Cost {
                    usd: Money(
                        3,
                    ),
                    tokens: 1000,
                    estimate: false,
                    note: None,
                },
                side_effects: [
                    "the customer gets a mail",
                ],
            },
        ),
        question: None,
        next: "redeem it once with POST /api/v1/orgs/default/approvals/apr_00000000000000000000000001/redeem and the edited parameters, which replace your request",
    }
    "#);
}

#[test]
fn denied() {
    insta::assert_debug_snapshot!(fresh().no(&ana(), 5).unwrap().outcome(), @r#"
    Outcome {
        kind: Denied,
        answered_by: Some(
            "person:ana@example.com",
        ),
        answered_at: Some(
            2026-03-01T08:00:05Z,
        ),
        reason: Some(
            "too much",
        ),
        notes: None,
        edits: None,
        effective: None,
        question: None,
        next: "do not run it; tell your user why, or ask for something else",
    }
    "#);
}

#[test]
fn expired() {
    insta::assert_debug_snapshot!(fresh().expire(at(END)).unwrap().approval.outcome(), @r#"
    Outcome {
        kind: Expired,
        answered_by: Some(
            "auto:timeout",
        ),
        answered_at: Some(
            2026-03-01T12:00:00Z,
        ),
        reason: Some(
            "nobody answered in time",
        ),
        notes: None,
        edits: None,
        effective: None,
        question: None,
        next: "do not run it; nobody answered in time, ask again if it is still wanted",
    }
    "#);
}

#[test]
fn canceled() {
    let canceled = fresh().cancel(Some("not needed any more".into()), &agent(), at(5)).unwrap();
    insta::assert_debug_snapshot!(canceled.approval.outcome(), @r#"
    Outcome {
        kind: Canceled,
        answered_by: None,
        answered_at: Some(
            2026-03-01T08:00:05Z,
        ),
        reason: Some(
            "not needed any more",
        ),
        notes: None,
        edits: None,
        effective: None,
        question: None,
        next: "do not run it; the request was withdrawn",
    }
    "#);
}

#[test]
fn several_edits_are_told_as_one() {
    let twice = fresh_with(Requirements { stages: vec![approvers(2)], ..requirements() })
        .yes_if(&ana(), &json!({"amount": 50, "customer": "cus_2"}), 5)
        .and_then(|a| a.yes_if(&ben(), &json!({"amount": 40}), 6))
        .unwrap();
    assert_eq!(twice.outcome().kind, OutcomeKind::Pending, "an edit is not enough");
    let approved = twice.yes(&ana(), 7).and_then(|a| a.yes(&cleo(), 8)).unwrap();
    let outcome = approved.outcome();
    assert_eq!(outcome.kind, OutcomeKind::Edited);
    assert_eq!(outcome.edits, Some(object(&json!({"amount": 40, "customer": "cus_2"}))));
    assert_eq!(
        outcome.effective.unwrap().params,
        object(&json!({"amount": 40, "customer": "cus_2"}))
    );
    assert_eq!(outcome.answered_by.as_deref(), Some("person:cleo@example.com"));
}

#[test]
fn every_use_of_a_yes_has_its_next_step() {
    let running = || approved().used(6).unwrap();
    let end = |end| running().finish(end, &agent(), at(7)).unwrap().next();
    let unknown = || running().lose_sight(at(7)).unwrap().next();
    let steps = [
        ("unused", approved()),
        ("unused, edited", edited()),
        ("running", running()),
        ("succeeded", end(RunEnd::Succeeded { result: None, cost: None })),
        ("failed", end(RunEnd::Failed { error: None, cost: None })),
        ("unknown", unknown()),
        (
            "retry",
            unknown().resolve(Resolution::Retry, None, &cleo().caller, at(8)).unwrap().next(),
        ),
        ("lapsed", approved().lapse(at(5 + USE)).unwrap().next()),
        ("revoked", approved().revoke("frozen".into(), &cleo().caller, at(6)).unwrap().next()),
    ]
    .map(|(name, approval)| format!("{name}: {}", approval.outcome().next));
    insta::assert_snapshot!(steps.join("\n"), @r#"
    unused: redeem it once with POST /api/v1/orgs/default/approvals/apr_00000000000000000000000001/redeem, then run exactly what was approved
    unused, edited: redeem it once with POST /api/v1/orgs/default/approvals/apr_00000000000000000000000001/redeem and the edited parameters, which replace your request
    running: it was redeemed; report the end with POST /api/v1/orgs/default/approvals/apr_00000000000000000000000001/result
    succeeded: nothing; it ran and succeeded
    failed: it ran and failed; ask again if it is still wanted
    unknown: do not run it again; we do not know whether it ran, a person has to resolve this
    retry: redeem it once with POST /api/v1/orgs/default/approvals/apr_00000000000000000000000001/redeem, then run exactly what was approved
    lapsed: do not run it; the yes was not used in time, ask again
    revoked: do not run it; the yes was taken back, ask again if it is still wanted
    "#);
}

#[test]
fn a_yes_that_was_taken_back_says_why() {
    let revoked = approved().revoke("frozen".into(), &cleo().caller, at(6)).unwrap().next();
    assert_eq!(revoked.outcome().reason.as_deref(), Some("frozen"));
}
