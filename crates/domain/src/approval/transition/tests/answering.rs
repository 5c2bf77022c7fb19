//! Who may answer what, and what an answer does.

use serde_json::json;

use super::super::{Answering, ApprovalError, Remarks, Transition};
use crate::approval::fixtures::*;
use crate::approval::{
    AnsweredBy, Approval, Assurance, Digest, EditError, Means, Proof, Requirements, Risk, Say,
    Stage, Status, Subject,
};
use crate::audit::Kind;
use crate::identity::Role;
use crate::notification::Event;

const OWN: ApprovalError = ApprovalError::OwnRequest("you stand behind this agent or this request");
const EDITOR: ApprovalError =
    ApprovalError::OwnRequest("you made the last edit, another person has to agree to it");

fn status(result: Result<Approval, ApprovalError>) -> Result<Status, ApprovalError> {
    result.map(|approval| approval.state.status())
}

fn not_admitted(whom: &str) -> ApprovalError {
    ApprovalError::NotAdmitted(whom.to_owned())
}

#[test]
fn nobody_answers_their_own_request() {
    for who in [dan(), eve()] {
        assert_eq!(status(fresh().yes(&who, 10)), Err(OWN));
        assert_eq!(status(fresh().yes_if(&who, &json!({"amount": 50}), 10)), Err(OWN));
        assert_eq!(status(fresh().no(&who, 10)), Err(OWN));
        let question = fresh().ask(&who.answering(), "why?".into(), message_id(), at(10));
        assert!(question.is_ok(), "a question is no answer");
    }
    assert_eq!(status(fresh().yes(&ana(), 10)), Ok(Status::Approved));
}

#[test]
fn self_approval_holds_up_to_a_risk_and_is_marked() {
    let cases = [
        (None, Risk::Low, Err(OWN)),
        (Some(Risk::Low), Risk::Low, Ok(Status::Approved)),
        (Some(Risk::Low), Risk::Medium, Err(OWN)),
        (Some(Risk::High), Risk::High, Ok(Status::Approved)),
        (Some(Risk::High), Risk::Critical, Err(OWN)),
    ];
    for (self_approval, risk, expected) in cases {
        let mut approval = fresh_with(Requirements { self_approval, ..requirements() });
        approval.card.risk = risk;
        assert_eq!(status(approval.yes(&dan(), 10)), expected, "{self_approval:?} {risk}");
    }
}

#[test]
fn self_approval_is_marked_in_answer_and_record_and_nobody_elses_is() {
    for (who, marked) in [(dan(), true), (eve(), true), (ana(), false)] {
        let approval =
            fresh_with(Requirements { self_approval: Some(Risk::High), ..requirements() });
        let transition = approval.approve(who.answering(), None, at(10)).unwrap();
        assert_eq!(transition.change.records[0].data["self_approved"], marked);
        assert_eq!(transition.approval.answers[0].self_approved, marked);
    }
}

#[test]
fn only_those_whom_a_stage_admits_answer() {
    let named = Stage { people: vec![ana().person.email, vic().person.email], ..approvers(1) };
    let cases = [
        (approvers(1), ana(), Ok(Status::Approved)),
        (approvers(1), cleo(), Ok(Status::Approved)),
        (approvers(1), vic(), Err(not_admitted("admins and approvers"))),
        (
            approvers(1),
            somebody("aud", Role::Auditor, &[]),
            Err(not_admitted("admins and approvers")),
        ),
        (group("finance", 1), ana(), Ok(Status::Approved)),
        (group("finance", 1), cleo(), Err(not_admitted("finance"))),
        (group("finance", 1), vic(), Err(not_admitted("finance"))),
        (named.clone(), ana(), Ok(Status::Approved)),
        (named.clone(), ben(), Err(not_admitted("ana@example.com, vic@example.com"))),
        (named, vic(), Err(not_admitted("ana@example.com, vic@example.com"))),
    ];
    for (stage, who, expected) in cases {
        let question =
            staged(vec![stage.clone()]).ask(&who.answering(), "why?".into(), message_id(), at(9));
        assert_eq!(question.map(|_| ()), expected.clone().map(|_| ()), "{stage:?} {who:?}");
        assert_eq!(status(staged(vec![stage.clone()]).no(&who, 10)).is_ok(), expected.is_ok());
        assert_eq!(
            status(staged(vec![stage.clone()]).yes(&who, 10)),
            expected,
            "{stage:?} {who:?}"
        );
    }
}

#[test]
fn an_answer_is_as_sure_as_the_rule_demands() {
    use Assurance::{Channel, Relayed, Session, StepUp};
    for (index, needed) in [Relayed, Channel, Session, StepUp].into_iter().enumerate() {
        for (place, given) in [Relayed, Channel, Session, StepUp].into_iter().enumerate() {
            let approval = fresh_with(Requirements { assurance: needed, ..requirements() });
            let expected = if place < index {
                Err(ApprovalError::AssuranceTooLow { needed, given })
            } else {
                Ok(())
            };
            let yes = approval.clone().approve(ana().answering_by(given), None, at(10));
            assert_eq!(yes.map(|_| ()), expected, "{needed:?} {given:?}");
            let no = approval.deny(ana().answering_by(given), "no".into(), at(10));
            assert_eq!(no.map(|_| ()), expected, "{needed:?} {given:?}");
        }
    }
}

#[test]
fn a_relayed_answer_is_refused_for_high_risk_whatever_the_rule_says() {
    let refused =
        ApprovalError::AssuranceTooLow { needed: Assurance::Channel, given: Assurance::Relayed };
    let cases = [
        (Risk::Low, Ok(())),
        (Risk::Medium, Ok(())),
        (Risk::High, Err(refused.clone())),
        (Risk::Critical, Err(refused)),
    ];
    for (risk, expected) in cases {
        let mut approval =
            fresh_with(Requirements { assurance: Assurance::Relayed, ..requirements() });
        approval.card.risk = risk;
        let relayed =
            approval.clone().approve(ana().answering_by(Assurance::Relayed), None, at(10));
        assert_eq!(relayed.map(|_| ()), expected, "{risk}");
        let channel = approval.approve(ana().answering_by(Assurance::Channel), None, at(10));
        assert!(channel.is_ok(), "{risk}");
    }
}

#[test]
fn an_answer_to_another_version_is_stale() {
    let (first, approval) = {
        let approval = staged(vec![approvers(2)]);
        (approval.digest(), approval.yes_if(&ana(), &json!({"amount": 50}), 10).unwrap())
    };
    let now = approval.digest();
    assert_ne!(now, first);
    let stale = Err(ApprovalError::Stale { now });
    assert_eq!(approval.clone().approve(ben().having_seen(first), None, at(11)).map(|_| ()), stale);
    assert_eq!(
        approval.clone().deny(ben().having_seen(first), "no".into(), at(11)).map(|_| ()),
        stale
    );
    assert!(approval.approve(ben().having_seen(now), None, at(11)).is_ok());
}

#[test]
fn a_denial_needs_a_reason() {
    for blank in ["", "  ", "\n\t"] {
        let denied = fresh().deny(ana().answering(), blank.to_owned(), at(10));
        assert_eq!(denied.map(|_| ()), Err(ApprovalError::TextMissing("a reason")));
        let asked = fresh().ask(&ana().answering(), blank.to_owned(), message_id(), at(10));
        assert_eq!(asked.map(|_| ()), Err(ApprovalError::TextMissing("a question")));
        let commented = fresh().comment(blank.to_owned(), message_id(), &agent(), at(10));
        assert_eq!(commented.map(|_| ()), Err(ApprovalError::TextMissing("a comment")));
        let asked =
            fresh().ask(&ana().answering(), "why?".into(), message_id(), at(10)).unwrap().next();
        let replied = asked.reply(blank.to_owned(), message_id(), &agent(), at(11));
        assert_eq!(replied.map(|_| ()), Err(ApprovalError::TextMissing("an answer")));
    }
}

#[test]
fn a_question_stays_open_until_it_is_answered() {
    let asked =
        fresh().ask(&ana().answering(), "why?".into(), message_id(), at(10)).unwrap().next();
    let asked = asked.comment("hm".into(), message_id(), &ana().caller, at(11)).unwrap().next();
    assert_eq!(asked.open_question().map(|q| q.body.as_str()), Some("why?"));
    let replied = asked.reply("because".into(), message_id(), &agent(), at(12)).unwrap().next();
    assert_eq!(replied.open_question(), None);
    let again = replied.clone().reply("and".into(), message_id(), &agent(), at(13));
    assert_eq!(again.map(|_| ()), Err(ApprovalError::NoQuestion));
    assert_eq!(status(replied.yes(&ana(), 14)), Ok(Status::Approved));
}

#[test]
fn the_yes_of_one_editor_is_enough_where_one_is_needed() {
    let approval = fresh().yes_if(&ana(), &json!({"amount": 50}), 10).unwrap();
    assert_eq!(approval.state.status(), Status::Approved);
    assert!(approval.answers[0].counts && !approval.answers[0].self_approved);
    assert_eq!(approval.answers[0].digest, approval.digest());
    assert_eq!(approval.answers[0].presented, approval.presented());
}

#[test]
fn the_last_editor_does_not_answer_where_another_yes_is_needed() {
    for stages in [vec![approvers(2)], vec![approvers(1), group("finance", 1)]] {
        let edited = staged(stages).yes_if(&ana(), &json!({"amount": 50}), 10).unwrap();
        assert_eq!(status(Ok(edited.clone())), Ok(Status::Pending));
        assert_eq!(status(edited.clone().yes(&ana(), 11)), Err(EDITOR));
        assert_eq!(status(edited.clone().yes_if(&ana(), &json!({"amount": 40}), 11)), Err(EDITOR));
        assert_eq!(status(edited.clone().no(&ana(), 11)), Err(EDITOR));
        let one = edited.yes(&ben(), 11).unwrap();
        assert_eq!(status(Ok(one.clone())), Ok(Status::Pending), "the editor's yes does not count");
        assert_eq!(status(one.yes(&cleo(), 12)), Ok(Status::Approved));
    }
}

#[test]
fn an_earlier_editor_may_agree_to_the_edit_of_another() {
    let approval = staged(vec![approvers(2)]).yes_if(&ana(), &json!({"amount": 50}), 10).unwrap();
    let approval = approval.yes_if(&ben(), &json!({"amount": 40}), 11).unwrap();
    let approval = approval.yes(&ana(), 12).unwrap();
    assert_eq!(status(Ok(approval.clone())), Ok(Status::Pending));
    assert_eq!(status(approval.yes(&cleo(), 13)), Ok(Status::Approved));
}

#[test]
fn the_edit_of_a_person_working_alone_is_no_second_yes() {
    let alone = Requirements {
        stages: vec![approvers(2)],
        self_approval: Some(Risk::High),
        ..requirements()
    };
    let approval = fresh_with(alone).yes_if(&dan(), &json!({"amount": 50}), 10).unwrap();
    assert_eq!(status(approval.clone().yes(&dan(), 11)), Err(ApprovalError::AlreadyApproved));
    let approval = approval.yes_if(&dan(), &json!({"amount": 40}), 12).unwrap();
    assert_eq!(approval.tally().have, [0]);
}

#[test]
fn an_edit_voids_the_yeses_before_it_and_keeps_both_versions() {
    let approval = staged(vec![approvers(2)]).yes(&ana(), 10).unwrap();
    let (first, before) = (approval.digest(), approval.proposal().clone());
    assert_eq!(approval.tally().have, [1]);
    let approval = approval.yes_if(&ben(), &json!({"amount": 50}), 11).unwrap();
    assert_eq!(approval.tally().have, [0]);
    assert_ne!(approval.digest(), first);
    assert_eq!((&approval.card.proposal, approval.card.digest), (&before, first));
    assert_eq!(approval.proposal(), &refund(&json!({"amount": 50, "customer": "cus_1"})));
    assert_eq!(approval.digest(), approval.proposal().digest());
    assert_eq!(
        approval.answers.iter().map(|a| a.digest).collect::<Vec<_>>(),
        [first, approval.digest()]
    );
    let approval = approval.yes(&ana(), 12).unwrap();
    assert_eq!(
        status(Ok(approval.clone())),
        Ok(Status::Pending),
        "her first yes was to another version"
    );
    assert_eq!(status(approval.yes(&cleo(), 13)), Ok(Status::Approved));
}

#[test]
fn an_edit_must_be_one() {
    let nothing = fresh().yes_if(&ana(), &json!({"amount": 500}), 10);
    assert_eq!(status(nothing), Err(ApprovalError::Edit(EditError::Empty)));
}

#[test]
fn a_quorum_is_of_distinct_people() {
    let one = staged(vec![approvers(3)]).yes(&ana(), 10).unwrap();
    assert_eq!(status(one.clone().yes(&ana(), 11)), Err(ApprovalError::AlreadyApproved));
    let two = one.yes(&ben(), 12).unwrap();
    assert_eq!((status(Ok(two.clone())), two.tally().have), (Ok(Status::Pending), vec![2]));
    let three = two.yes(&cleo(), 13).unwrap();
    let by = AnsweredBy::Person(three.answers[2].by.clone());
    assert_eq!((status(Ok(three.clone())), three.answered_by()), (Ok(Status::Approved), Some(by)));
    assert_eq!(three.use_by(), Some(at(13 + USE)), "the clock starts with the last yes");
}

#[test]
fn every_stage_is_filled_by_people_of_its_own() {
    let stages = || vec![group("finance", 1), group("security", 1)];
    let both = staged(stages()).yes(&ben(), 10).unwrap();
    assert_eq!(status(Ok(both.clone())), Ok(Status::Pending), "one person is never two");
    assert_eq!(status(both.clone().yes(&ana(), 11)), Ok(Status::Approved));
    assert_eq!(status(both.yes(&cleo(), 11)), Ok(Status::Approved));
    let nobody = staged(Vec::new()).yes(&ana(), 10);
    assert_eq!(status(nobody), Err(not_admitted("")), "without a stage nobody can say yes");
    let zero = staged(vec![approvers(0)]).yes(&ana(), 10);
    assert_eq!(status(zero), Ok(Status::Approved), "a stage that needs none still needs a person");
}

#[test]
fn one_denial_is_final() {
    let denied = staged(vec![approvers(2)]).yes(&ana(), 10).unwrap().no(&ben(), 11).unwrap();
    assert_eq!(status(Ok(denied.clone())), Ok(Status::Denied));
    assert_eq!(
        status(denied.clone().yes(&cleo(), 12)),
        Err(ApprovalError::Decided(Status::Denied))
    );
    assert_eq!(status(denied.no(&cleo(), 12)), Err(ApprovalError::Decided(Status::Denied)));
}

#[test]
fn whoever_said_yes_may_still_say_no() {
    let approval = staged(vec![approvers(2)]).yes(&ana(), 10).unwrap();
    assert_eq!(status(approval.no(&ana(), 11)), Ok(Status::Denied));
}

#[test]
fn what_a_person_adds_is_kept_and_recorded() {
    let who = ana();
    let remarks = Remarks {
        notes: Some("fine".into()),
        evidence: Some("ticket 7".into()),
        operator: Some("ana at the desk".into()),
    };
    let approval = fresh();
    let (digest, presented) = (approval.digest(), approval.presented());
    let mut answering = who.answering_by(Assurance::StepUp);
    answering.remarks = remarks;
    let Transition { approval, change } = approval.approve(answering, None, at(10)).unwrap();
    let answer = &approval.answers[0];
    assert_eq!((answer.digest, answer.presented, &answer.say), (digest, presented, &Say::Approve));
    let record = &change.records[0];
    assert_eq!(
        (record.kind, record.announces.as_ref().map(|notice| notice.event)),
        (Kind::ApprovalApproved, Some(Event::ApprovalApproved))
    );
    assert_eq!((record.digest, &record.caller, record.at), (Some(digest), &who.caller, at(10)));
    let expected = json!({
        "answer": {"say": "approve"},
        "notes": "fine",
        "evidence": "ticket 7",
        "operator": "ana at the desk",
        "assurance": "step_up",
        "person": {"id": who.person.id, "email": who.person.email},
        "in_place_of": null,
        "relayed_by": null,
        "proof": null,
        "self_approved": false,
        "presented": presented,
        "edits": null,
        "status": "approved",
        "revision": 2,
    });
    assert_eq!(record.data, expected);
}

#[test]
fn the_record_of_an_edit_hides_secrets() {
    let mut approval = fresh();
    approval.card.proposal.params.insert("api_key".into(), "old".into());
    let edited = approval.edit(object(&json!({"api_key": "new", "amount": 50}))).unwrap();
    let transition = approval.approve(ana().answering(), Some(edited), at(10)).unwrap();
    let edits = &transition.change.records[0].data["edits"];
    assert_eq!(edits, &json!({"api_key": "[REDACTED]", "amount": 50}));
}

#[test]
fn what_was_presented_changes_with_the_cost() {
    let approval = staged(vec![approvers(2)]);
    let (digest, presented): (Digest, Digest) = (approval.digest(), approval.presented());
    let approval = approval.yes_if(&ana(), &json!({"cost.usd": "31"}), 10).unwrap();
    assert_eq!(approval.digest(), digest, "the cost stands outside the digest");
    assert_ne!(approval.presented(), presented);
}

#[test]
fn a_step_up_counts_for_the_answer_it_was_given_for() {
    let approval = fresh_with(Requirements { assurance: Assurance::StepUp, ..requirements() });
    let subject = Subject {
        org: approval.card.proposal.org.clone(),
        approval: approval.id,
        digest: approval.digest(),
        presented: approval.presented(),
        nonce: "00".into(),
    };
    let other = Subject { digest: Digest::of_bytes(b"another"), ..subject.clone() };
    let elsewhere =
        Subject { approval: "apr_00000000000000000000000099".parse().unwrap(), ..subject.clone() };
    for (subject, counts) in [(subject, true), (other, false), (elsewhere, false)] {
        let proof = Proof { subject, means: Means::Code };
        let who = ana();
        let by = Answering { proof: Some(&proof), ..who.answering_by(Assurance::StepUp) };
        match approval.clone().approve(by, None, at(10)) {
            Ok(yes) => {
                assert!(counts);
                assert_eq!(yes.approval.answers[0].proof.as_deref(), Some(&proof));
                assert!(!yes.change.records[0].data["proof"].is_null());
            }
            Err(error) => {
                let (needed, given) = (Assurance::StepUp, Assurance::Session);
                assert_eq!(
                    (counts, error),
                    (false, ApprovalError::AssuranceTooLow { needed, given })
                );
            }
        }
    }
}
