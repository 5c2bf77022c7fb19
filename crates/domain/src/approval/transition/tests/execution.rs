//! The one use of a yes.

use serde_json::{Value, json};

use super::super::{ApprovalError, Execution, Resolution, Run, RunEnd};
use crate::approval::fixtures::*;
use crate::approval::{Approval, Cost, State};
use crate::audit::Kind;

fn approved() -> Approval {
    fresh().yes(&ana(), 5).unwrap()
}

/// The run that was started at six.
fn run() -> Run {
    Run { since: at(6), receipt: receipt_id() }
}

fn unknown() -> Approval {
    approved().used(6).unwrap().lose_sight(at(7)).unwrap().next()
}

#[test]
fn only_what_was_approved_is_redeemed() {
    let (approved, given) =
        (approved(), refund(&json!({"amount": 501, "customer": "cus_1"})).digest());
    let digest = approved.digest();
    let refused = approved.clone().redeem(given, receipt_id(), &agent(), at(10));
    assert_eq!(refused.map(|_| ()), Err(ApprovalError::OtherProposal { approved: digest, given }));
    let transition = approved.redeem(digest, receipt_id(), &agent(), at(10)).unwrap();
    let record = &transition.change.records[0];
    assert_eq!((record.kind, record.digest), (Kind::ExecutionStarted, Some(digest)));
    assert_eq!(record.data, json!({"receipt": receipt_id(), "status": "approved", "revision": 3}));
    let execution = Execution::Running { since: at(10), receipt: receipt_id() };
    assert_eq!(transition.approval.execution(), Some(&execution));
}

#[test]
fn after_edits_only_the_edited_proposal_is_redeemed() {
    let edited = fresh().yes_if(&ana(), &json!({"amount": 50}), 5).unwrap();
    let original = edited.card.digest;
    let refused = edited.clone().redeem(original, receipt_id(), &agent(), at(10));
    let expected = ApprovalError::OtherProposal { approved: edited.digest(), given: original };
    assert_eq!(refused.map(|_| ()), Err(expected));
    let digest = refund(&json!({"amount": 50, "customer": "cus_1"})).digest();
    assert!(edited.redeem(digest, receipt_id(), &agent(), at(10)).is_ok());
}

#[test]
fn a_yes_is_used_before_use_by_or_not_at_all() {
    assert!(approved().used(5 + USE - 1).is_ok());
    assert_eq!(approved().used(5 + USE), Err(ApprovalError::Used("lapsed")));
    let lapsed = approved().lapse(at(5 + USE)).unwrap();
    assert_eq!(lapsed.change.records[0].kind, Kind::ExecutionLapsed);
    assert_eq!(lapsed.approval.execution(), Some(&Execution::Lapsed { at: at(5 + USE) }));
    assert_eq!(approved().lapse(at(5 + USE - 1)), Err(ApprovalError::StillOpen));
}

#[test]
fn a_run_that_was_started_in_time_may_end_after_use_by() {
    let running = approved().used(5 + USE - 1).unwrap();
    assert_eq!(running.clone().lapse(at(USE * 9)), Err(ApprovalError::Used("running")));
    let end =
        RunEnd::Succeeded { result: Some(json!({"id": "re_1"})), cost: Some(Cost::default()) };
    assert!(running.finish(end, &agent(), at(USE * 9)).is_ok());
}

#[test]
fn the_end_of_a_run_is_kept_whole_and_recorded_without_secrets() {
    let result = Some(json!({"id": "re_1", "token": "t"}));
    let end = RunEnd::Succeeded { result: result.clone(), cost: None };
    let transition = approved().used(6).unwrap().finish(end, &agent(), at(8)).unwrap();
    assert_eq!(
        transition.approval.execution(),
        Some(&Execution::Succeeded { at: at(8), result, cost: None, run: Some(run()) })
    );
    let recorded = &transition.change.records[0].data["execution"]["result"];
    assert_eq!(recorded, &json!({"id": "re_1", "token": "[REDACTED]"}));
}

#[test]
fn receipt_start_and_end_of_a_run_stay_known() {
    let failed = RunEnd::Failed { error: None, cost: None };
    let failed = approved().used(6).unwrap().finish(failed, &agent(), at(8)).unwrap().next();
    let execution = failed.execution().unwrap();
    assert_eq!((execution.started(), execution.ended_at()), (Some(run()), Some(at(8))));
    assert_eq!(unknown().execution().unwrap().started(), Some(run()));
    let old: Execution = serde_json::from_value(json!({"state": "unknown", "at": at(7)})).unwrap();
    assert_eq!((old.started(), old.ended_at()), (None, None));
}

#[test]
fn a_result_of_null_is_no_result() {
    let end = RunEnd::Succeeded { result: Some(Value::Null), cost: None };
    let ended = approved().used(6).unwrap().finish(end, &agent(), at(8)).unwrap().next();
    let kept: Approval = serde_json::from_value(serde_json::to_value(&ended).unwrap()).unwrap();
    assert_eq!(kept, ended);
}

#[test]
fn a_person_resolves_what_was_not_seen() {
    let notes = Some("the bank says so".to_owned());
    let cases = [
        (
            Resolution::Succeeded,
            Execution::Succeeded { at: at(9), result: None, cost: None, run: Some(run()) },
        ),
        (
            Resolution::Failed,
            Execution::Failed { at: at(9), error: notes.clone(), cost: None, run: Some(run()) },
        ),
        (Resolution::Retry, Execution::Unused),
    ];
    for (resolution, execution) in cases {
        let transition =
            unknown().resolve(resolution, notes.clone(), &cleo().caller, at(9)).unwrap();
        let record = &transition.change.records[0];
        assert_eq!((record.kind, &record.caller), (Kind::ExecutionResolved, &cleo().caller));
        assert_eq!(
            (&record.data["as"], &record.data["notes"]),
            (&json!(resolution), &json!(notes))
        );
        assert_eq!(transition.approval.execution(), Some(&execution));
    }
}

#[test]
fn a_retry_gives_one_more_use_and_no_second() {
    let late = USE * 5;
    let retried =
        unknown().resolve(Resolution::Retry, None, &cleo().caller, at(late)).unwrap().next();
    assert_eq!(retried.use_by(), Some(at(late + USE)), "its clock starts anew");
    let other =
        retried.clone().redeem(refund(&json!({})).digest(), receipt_id(), &agent(), at(late + 1));
    assert!(other.is_err(), "still only what was approved");
    let running = retried.used(late + 1).unwrap();
    assert_eq!(running.clone().used(late + 2), Err(ApprovalError::Used("running")));
    let end = RunEnd::Failed { error: None, cost: None };
    let failed = running.finish(end, &agent(), at(late + 3)).unwrap().next();
    assert_eq!(failed.clone().used(late + 4), Err(ApprovalError::Used("failed")));
    let again = failed.resolve(Resolution::Retry, None, &cleo().caller, at(late + 5));
    assert_eq!(again.map(|_| ()), Err(ApprovalError::NotUnknown("failed")));
}

#[test]
fn a_yes_that_was_taken_back_stays_so() {
    let revoked = approved().revoke("frozen".into(), &cleo().caller, at(6)).unwrap().next();
    assert_eq!(revoked.clone().used(7), Err(ApprovalError::Used("revoked")));
    assert_eq!(revoked.clone().lapse(at(USE * 2)), Err(ApprovalError::Used("revoked")));
    let State::Approved { execution, .. } = revoked.state else { panic!("{revoked:?}") };
    assert_eq!(execution, Execution::Revoked { at: at(6), reason: "frozen".into() });
}
