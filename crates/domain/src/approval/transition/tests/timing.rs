//! What the clock does.

use jiff::SignedDuration;
use serde_json::json;

use super::super::ApprovalError;
use crate::approval::fixtures::*;
use crate::approval::{AnsweredBy, Approval, Level, OnTimeout, Requirements, State, Status};
use crate::audit::Kind;
use crate::notification::Event;

fn on_timeout(on_timeout: OnTimeout) -> Approval {
    fresh_with(Requirements { stages: vec![group("finance", 1)], on_timeout, ..requirements() })
}

fn level(hours: i64, groups: &[&str]) -> Level {
    Level {
        after: SignedDuration::from_hours(hours),
        groups: groups.iter().map(ToString::to_string).collect(),
        people: Vec::new(),
    }
}

#[test]
fn silence_is_no() {
    let approval = on_timeout(OnTimeout::Deny);
    assert_eq!(approval.expires_at(), Some(at(END)));
    let transition = approval.expire(at(END)).unwrap();
    let record = &transition.change.records[0];
    assert_eq!(
        (record.kind, record.announces.as_ref().map(|notice| notice.event)),
        (Kind::ApprovalExpired, Some(Event::ApprovalExpired))
    );
    let expired = transition.next();
    assert_eq!(expired.state, State::Expired { at: at(END) });
    assert_eq!(expired.answered_by(), Some(AnsweredBy::Timeout));
}

#[test]
fn the_clock_is_compared_at_every_answer_without_a_sweeper() {
    let late = || on_timeout(OnTimeout::Deny);
    assert!(late().yes(&ana(), END - 1).is_ok());
    for seconds in [END, END + 1, END * 1000] {
        assert_eq!(late().yes(&ana(), seconds), Err(ApprovalError::TimeRanOut));
        assert_eq!(late().no(&ana(), seconds), Err(ApprovalError::TimeRanOut));
    }
}

#[test]
fn what_is_kept_never_expires_and_can_be_answered_at_any_time() {
    let kept = on_timeout(OnTimeout::Keep);
    assert_eq!(kept.expires_at(), None);
    let years = 10 * 365 * 24 * 3600;
    assert_eq!(kept.clone().expire(at(years)), Err(ApprovalError::StillOpen));
    assert_eq!(kept.yes(&ana(), years).map(|a| a.state.status()), Ok(Status::Approved));
}

#[test]
fn every_level_adds_its_people_once_and_then_it_expires() {
    let levels = vec![level(2, &["security"]), level(1, &["managers"])];
    let approval = on_timeout(OnTimeout::Escalate(levels));
    assert!(approval.clone().yes(&cleo(), 10).is_err(), "security is not asked yet");

    let transition = approval.expire(at(END)).unwrap();
    let record = &transition.change.records[0];
    assert_eq!(
        (record.kind, record.announces.as_ref().map(|notice| notice.event)),
        (Kind::ApprovalEscalated, Some(Event::ApprovalUpdated))
    );
    assert_eq!(record.data["groups"], json!(["security"]));
    let first = transition.next();
    let end = END + 2 * 3600;
    assert_eq!(first.state, State::Pending { expires_at: Some(at(end)), levels_used: 1 });
    assert_eq!(first.requirements.stages[0].groups, ["finance", "security"]);
    assert_eq!(first.requirements.stages[0].need, 1, "the quorum is frozen");
    assert_eq!(first.clone().expire(at(end - 1)), Err(ApprovalError::StillOpen));
    assert!(first.clone().yes(&cleo(), end - 1).is_ok());
    assert!(first.clone().yes(&ana(), end - 1).is_ok(), "who was asked first may still answer");

    // A sweeper that comes late gives the next level its whole time.
    let second = first.expire(at(end + 600)).unwrap().next();
    let end = end + 600 + 3600;
    assert_eq!(second.state, State::Pending { expires_at: Some(at(end)), levels_used: 2 });
    assert_eq!(second.requirements.stages[0].groups, ["finance", "security", "managers"]);
    let last = second.expire(at(end)).unwrap().next();
    assert_eq!(last.state, State::Expired { at: at(end) });
}

#[test]
fn levels_do_not_close_a_stage_that_was_open_to_every_approver() {
    let on_timeout = OnTimeout::Escalate(vec![level(2, &["managers"])]);
    let approval = fresh_with(Requirements { on_timeout, ..requirements() });
    let escalated = approval.expire(at(END)).unwrap().next();
    assert_eq!(escalated.requirements.stages, [approvers(1)]);
    assert!(escalated.yes(&ana(), END + 1).is_ok());
}

#[test]
fn those_behind_a_request_gain_nothing_from_escalation() {
    let on_timeout =
        OnTimeout::Escalate(vec![Level { people: vec![dan().person.email], ..level(2, &[]) }]);
    let stages = vec![group("managers", 1)];
    let approval = fresh_with(Requirements { stages, on_timeout, ..requirements() });
    let escalated = approval.expire(at(END)).unwrap().next();
    let refused = escalated.yes(&dan(), END + 1).unwrap_err();
    assert!(matches!(refused, ApprovalError::OwnRequest(_)), "{refused:?}");
}

#[test]
fn no_levels_is_the_same_as_deny() {
    let expired = on_timeout(OnTimeout::Escalate(Vec::new())).expire(at(END)).unwrap().next();
    assert_eq!(expired.state.status(), Status::Expired);
}
