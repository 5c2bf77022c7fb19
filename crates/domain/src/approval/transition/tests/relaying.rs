//! What an agent may report that a person said, and what that counts for.

use super::super::{ApprovalError, Attesting, Transition};
use crate::approval::fixtures::*;
use crate::approval::{
    Approval, Assurance, OnTimeout, Requirements, Risk, Say, Stage, State, Status,
};
use crate::identity::{Agent, AgentStatus, Caller, CallerKind, Email, Trust};
use crate::{AgentId, Revision};
use ulid::Ulid;

/// A chat bot that is not the agent that asks.
fn relay() -> Agent {
    Agent {
        id: AgentId::new(Ulid(70)),
        revision: Revision::FIRST,
        name: "chat".to_owned(),
        version: String::new(),
        status: AgentStatus::Active,
        trust: Trust::Standard,
        owner: None,
        created_at: at(-1000),
    }
}

fn relays(
    approval: Approval,
    agent: &Agent,
    who: &Who,
    say: Say,
) -> Result<Transition, ApprovalError> {
    let caller = Caller {
        kind: CallerKind::Agent,
        id: agent.id.to_string(),
        name: agent.name.clone(),
        ip: None,
        assurance: None,
    };
    let evidence = "msg 17: \"yes, go\"".to_owned();
    let by = Attesting { agent, caller: &caller, person: &who.person, say, evidence };
    approval.attest(by, at(10))
}

fn yes(approval: Approval, who: &Who) -> Result<Approval, ApprovalError> {
    relays(approval, &relay(), who, Say::Approve).map(Transition::next)
}

/// The same request after another agent reported their yes.
pub(super) fn relayed(approval: Approval, who: &Who) -> Approval {
    yes(approval, who).unwrap()
}

fn permitted(stages: Vec<Stage>) -> Approval {
    fresh_with(Requirements { stages, relayed: true, ..requirements() })
}

const fn not_relayed(why: &'static str) -> ApprovalError {
    ApprovalError::NotRelayed(why)
}

#[test]
fn it_counts_only_where_the_rules_permit_it_and_little_is_at_stake() {
    let risky = "its risk is high or critical";
    let sure = "it demands a passkey or a one-time code";
    let no_rule = "no rule both permits relayed answers to it and rates its risk below high";
    let cases = [
        (true, Risk::Low, Assurance::Session, None),
        (true, Risk::Medium, Assurance::Session, None),
        (true, Risk::Medium, Assurance::Relayed, None),
        (true, Risk::High, Assurance::Session, Some(not_relayed(risky))),
        (true, Risk::Critical, Assurance::Relayed, Some(not_relayed(risky))),
        (true, Risk::Low, Assurance::StepUp, Some(not_relayed(sure))),
        (false, Risk::Low, Assurance::Session, Some(not_relayed(no_rule))),
        (false, Risk::Low, Assurance::Relayed, Some(not_relayed(no_rule))),
    ];
    for (relayed, risk, assurance, expected) in cases {
        let mut approval = fresh_with(Requirements { assurance, relayed, ..requirements() });
        approval.card.risk = risk;
        for say in [Say::Approve, Say::Deny { reason: "no".into() }] {
            let tried = relays(approval.clone(), &relay(), &ana(), say);
            assert_eq!(tried.err(), expected, "{relayed} {risk} {assurance:?}");
        }
    }
}

#[test]
fn it_is_shown_as_relayed_and_recorded_with_person_agent_and_evidence() {
    let step = relays(permitted(vec![approvers(1)]), &relay(), &ana(), Say::Approve).unwrap();
    assert_eq!(step.approval.outcome().answered_by.as_deref(), Some("relayed:chat"));
    let answer = &step.approval.answers[0];
    assert_eq!(answer.assurance, Assurance::Relayed);
    assert_eq!((answer.by.id, answer.stages.as_slice()), (ana().person.id, &[0][..]));
    let record = &step.change.records[0];
    assert_eq!(record.caller.kind, CallerKind::Agent);
    assert_eq!(record.data["person"]["email"], "ana@example.com");
    assert_eq!(record.data["relayed_by"]["name"], "chat");
    assert_eq!(record.data["evidence"], "msg 17: \"yes, go\"");
    let no = Say::Deny { reason: "too much".into() };
    let denied = relays(permitted(vec![approvers(1)]), &relay(), &ana(), no).unwrap().next();
    assert_eq!(denied.outcome().answered_by.as_deref(), Some("relayed:chat"));
    assert!(matches!(denied.state, State::Denied { ref reason, .. } if reason == "too much"));
}

#[test]
fn the_agent_that_asked_and_those_behind_it_report_nothing() {
    let (asked, mine) = (agent_of_the_request(), owned_by(&dan()));
    let inactive = Agent { status: AgentStatus::Inactive, ..relay() };
    let own = "the agent that asked cannot report the answer";
    let belongs = "the agent that reports it belongs to the one who stands behind the request";
    let cases = [
        (asked, ana(), Some(ApprovalError::OwnRequest(own))),
        (mine, ana(), Some(ApprovalError::OwnRequest(belongs))),
        (owned_by(&eve()), ana(), Some(ApprovalError::OwnRequest(belongs))),
        (owned_by(&cleo()), ana(), None),
        (inactive, ana(), Some(not_relayed("the agent that reports it is inactive"))),
    ];
    for (agent, who, expected) in cases {
        let tried = relays(permitted(vec![approvers(1)]), &agent, &who, Say::Approve);
        assert_eq!(tried.err(), expected, "{agent:?}");
    }
}

fn agent_of_the_request() -> Agent {
    Agent { id: fresh().card.requester.agent, ..relay() }
}

fn owned_by(who: &Who) -> Agent {
    let owner: Option<Email> = Some(who.person.email.clone());
    Agent { owner, ..relay() }
}

#[test]
fn the_person_it_names_has_to_be_one_who_could_have_answered() {
    let stage = || vec![group("finance", 1)];
    let behind = ApprovalError::OwnRequest("you stand behind this agent or this request");
    let finance = || Some(ApprovalError::NotAdmitted("finance".into()));
    let cases = [
        (ana(), None),
        (cleo(), finance()),
        (vic(), finance()),
        (dan(), Some(behind.clone())),
        (eve(), Some(behind)),
    ];
    for (who, expected) in cases {
        assert_eq!(yes(permitted(stage()), &who).err(), expected, "{who:?}");
        let own = Requirements {
            stages: stage(),
            relayed: true,
            self_approval: Some(Risk::High),
            ..requirements()
        };
        let alone = yes(fresh_with(own), &who);
        assert_eq!(alone.err(), expected, "that one may approve oneself is no licence to relay it");
    }
}

#[test]
fn one_yes_at_most_is_relayed_and_nobody_counts_twice() {
    let first = yes(permitted(vec![approvers(2)]), &ana()).unwrap();
    assert_eq!((first.state.status(), first.tally().have), (Status::Pending, vec![1]));
    assert_eq!(yes(first.clone(), &ana()).err(), Some(ApprovalError::AlreadyApproved));
    let second = "one yes was relayed already; the others have to answer themselves";
    assert_eq!(yes(first.clone(), &ben()).err(), Some(not_relayed(second)));
    assert_eq!(first.clone().yes(&ana(), 20).err(), Some(ApprovalError::AlreadyApproved));
    let approved = first.clone().yes(&ben(), 20).unwrap();
    assert_eq!(approved.outcome().answered_by.as_deref(), Some("person:ben@example.com"));
    assert_eq!(first.no(&ana(), 20).unwrap().state.status(), Status::Denied, "she objects");
    let after = permitted(vec![approvers(2)]).yes(&ana(), 5).unwrap();
    assert_eq!(yes(after.clone(), &ana()).err(), Some(ApprovalError::AlreadyApproved));
    assert_eq!(yes(after, &ben()).unwrap().state.status(), Status::Approved);
}

#[test]
fn it_fills_at_most_one_place_also_where_several_stages_admit_the_person() {
    let both = permitted(vec![group("finance", 1), group("security", 1)]);
    let once = yes(both, &ben()).unwrap();
    assert_eq!(once.state.status(), Status::Pending);
    assert_eq!(once.tally().have.iter().sum::<usize>(), 1);
}

#[test]
fn without_evidence_or_a_reason_and_after_the_end_it_is_refused() {
    let caller = agent();
    let chat = relay();
    for (evidence, say, expected) in [
        (" \n", Say::Approve, ApprovalError::TextMissing("evidence")),
        ("seen", Say::Deny { reason: "\u{200b}".into() }, ApprovalError::TextMissing("a reason")),
    ] {
        let who = ana();
        let by = Attesting {
            agent: &chat,
            caller: &caller,
            person: &who.person,
            say,
            evidence: evidence.to_owned(),
        };
        assert_eq!(permitted(vec![approvers(1)]).attest(by, at(1)).err(), Some(expected));
    }
    let decided = permitted(vec![approvers(1)]).yes(&ben(), 5).unwrap();
    assert_eq!(yes(decided, &ana()).err(), Some(ApprovalError::Decided(Status::Approved)));
    let requirements = Requirements {
        relayed: true,
        on_timeout: OnTimeout::Deny,
        expires_in: jiff::SignedDuration::from_secs(10),
        ..requirements()
    };
    assert_eq!(yes(fresh_with(requirements), &ana()).err(), Some(ApprovalError::TimeRanOut));
}
