//! A yes that was given under an earlier rule, held against what policy demands now.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::super::{Demanded, Opening};
use crate::PersonId;
use crate::approval::fixtures::*;
use crate::approval::{
    Approval, Assurance, Level, OnTimeout, Requirements, Risk, Stage, State, Status,
};
use crate::identity::{Person, Role};
use crate::policy::AutoBy;

fn mia() -> Who {
    somebody("mia", Role::Approver, &["managers"])
}

fn people() -> Vec<Who> {
    vec![ana(), ben(), cleo(), dan(), eve(), vic(), mia()]
}

/// What is short under these requirements and this floor, with people as they are now.
fn short_among(
    people: &[Who],
    approval: &Approval,
    (requirements, risk): (&Requirements, Option<Risk>),
    seconds: i64,
) -> Option<String> {
    let known: Vec<&Person> = people.iter().map(|who| &who.person).collect();
    let find = |id: PersonId| known.iter().find(|person| person.id == id).copied();
    approval.falls_short(Demanded { requirements, risk }, find, at(seconds))
}

fn short(approval: &Approval, requirements: &Requirements) -> Option<String> {
    short_among(&people(), approval, (requirements, None), 10)
}

fn with(stages: Vec<Stage>) -> Requirements {
    Requirements { stages, ..requirements() }
}

fn sure(assurance: Assurance) -> Requirements {
    Requirements { assurance, ..requirements() }
}

#[test]
fn what_was_enough_then_has_to_be_enough_now() {
    let anas = || fresh().yes(&ana(), 5).unwrap();
    let two = || staged(vec![approvers(2)]).yes(&ana(), 5).unwrap().yes(&ben(), 6).unwrap();
    let cases = vec![
        ("the same", anas(), requirements(), None),
        ("fewer", two(), requirements(), None),
        ("the same two", two(), with(vec![approvers(2)]), None),
        ("her own group", anas(), with(vec![group("finance", 1)]), None),
        (
            "more people",
            anas(),
            with(vec![approvers(2)]),
            Some("policy now demands 2 of `approvers`, and 1 of the yeses counts"),
        ),
        (
            "another group",
            anas(),
            with(vec![group("security", 1)]),
            Some("policy now demands 1 of `security`, and 0 of the yeses counts"),
        ),
        (
            "one more stage that another fills",
            two(),
            with(vec![group("finance", 1), group("security", 1)]),
            None,
        ),
        (
            "nobody fills two stages",
            fresh().yes(&ben(), 5).unwrap(),
            with(vec![group("finance", 1), group("security", 1)]),
            Some("policy now demands 1 of `security`, and 0 of the yeses counts"),
        ),
        (
            "a surer answer",
            anas(),
            sure(Assurance::StepUp),
            Some(
                "policy now demands 1 of `approvers`, and 0 of the yeses counts; ana@example.com answered by signing in, and a passkey or one-time code for this very answer is demanded now",
            ),
        ),
        ("a less sure answer", anas(), sure(Assurance::Channel), None),
        (
            "a shorter time",
            anas(),
            Requirements { use_within: SignedDuration::from_secs(5), ..requirements() },
            Some("policy now gives 5s to use a yes, and that time is over"),
        ),
        (
            "a longer time",
            anas(),
            Requirements { use_within: SignedDuration::from_secs(2 * USE), ..requirements() },
            None,
        ),
    ];
    for (name, approval, demanded, expected) in cases {
        assert_eq!(approval.state.status(), Status::Approved, "{name}");
        assert_eq!(short(&approval, &demanded).as_deref(), expected, "{name}");
    }
}

/// A request asks what was demanded when it was opened; whoever answers is told what has been added since.
#[test]
fn a_request_that_waits_is_held_against_what_is_demanded_now() {
    let cases = vec![
        ("the same", fresh(), requirements(), None, None),
        ("fewer", staged(vec![approvers(2)]), requirements(), None, None),
        ("a less sure answer", fresh(), sure(Assurance::Channel), None, None),
        (
            "anyone beside a group",
            staged(vec![group("finance", 1)]),
            with(vec![approvers(1)]),
            None,
            None,
        ),
        (
            "more people",
            fresh(),
            with(vec![approvers(3)]),
            None,
            Some(
                "2 more people have to agree now; 3 of `approvers` have to agree, and 1 are asked",
            ),
        ),
        (
            "another group",
            fresh(),
            with(vec![group("finance", 1)]),
            None,
            Some("1 of `finance` have to agree, and 0 are asked"),
        ),
        (
            "one more stage",
            staged(vec![group("finance", 1)]),
            with(vec![group("finance", 1), approvers(1)]),
            None,
            Some("1 more person has to agree now"),
        ),
        (
            "a surer answer",
            fresh(),
            sure(Assurance::StepUp),
            None,
            Some("answers take a passkey or one-time code for this very answer now"),
        ),
        (
            "a higher risk",
            fresh(),
            requirements(),
            Some(Risk::Critical),
            Some("it is rated critical now, and asked as medium"),
        ),
    ];
    for (name, approval, requirements, risk, expected) in cases {
        let demanded = Demanded { requirements: &requirements, risk };
        let expected = expected.map(|why| format!("policy demands more by now: {why}"));
        assert_eq!(approval.asks_less_than(demanded), expected, "{name}");
    }
}

#[test]
fn the_time_to_use_it_is_shortened_to_the_second() {
    let anas = fresh().yes(&ana(), 5).unwrap();
    let shorter = Requirements { use_within: SignedDuration::from_secs(60), ..requirements() };
    let at_second = |second| short_among(&people(), &anas, (&shorter, None), second);
    assert_eq!(at_second(64), None);
    assert!(at_second(65).is_some());
}

#[test]
fn a_higher_risk_is_another_question() {
    let anas = fresh().yes(&ana(), 5).unwrap();
    for (floor, expected) in [
        (Some(Risk::Low), None),
        (Some(Risk::Medium), None),
        (Some(Risk::High), Some("policy now rates it high, and people said yes to it as medium")),
    ] {
        let said = short_among(&people(), &anas, (&requirements(), floor), 10);
        assert_eq!(said.as_deref(), expected, "{floor:?}");
    }
}

#[test]
fn ones_own_request_is_answered_only_while_that_is_permitted() {
    let permitting = |most| Requirements { self_approval: most, ..requirements() };
    let dans = fresh_with(permitting(Some(Risk::Medium))).yes(&dan(), 5).unwrap();
    assert_eq!(short(&dans, &permitting(Some(Risk::High))), None);
    for most in [None, Some(Risk::Low)] {
        let said = short(&dans, &permitting(most)).unwrap();
        assert!(said.contains("dan@example.com stands behind the request"), "{said}");
    }
}

#[test]
fn what_an_agent_reported_counts_only_while_reports_do() {
    let permitted = Requirements { relayed: true, ..requirements() };
    let told = super::relaying::relayed(fresh_with(permitted.clone()), &ana());
    assert_eq!(told.state.status(), Status::Approved);
    assert_eq!(short(&told, &permitted), None);
    for demanded in [requirements(), Requirements { assurance: Assurance::StepUp, ..permitted }] {
        let said = short(&told, &demanded).unwrap();
        assert!(said.contains("`chat` reported the yes of ana@example.com"), "{said}");
    }
}

#[test]
fn people_count_as_who_they_are_now() {
    let finance = with(vec![group("finance", 1)]);
    let anas = staged(vec![group("finance", 1)]).yes(&ana(), 5).unwrap();
    let moved = [somebody("ana", Role::Approver, &["security"])];
    for now in [&moved[..], &[]] {
        assert!(short_among(now, &anas, (&finance, None), 10).is_some());
    }
    assert!(short_among(&[ana()], &anas, (&finance, None), 10).is_none());
}

#[test]
fn whom_silence_added_still_counts() {
    let levels = vec![Level {
        after: SignedDuration::from_secs(USE),
        groups: vec!["managers".to_owned()],
        people: Vec::new(),
    }];
    let demanded = Requirements {
        stages: vec![group("finance", 1)],
        on_timeout: OnTimeout::Escalate(levels),
        ..requirements()
    };
    let late = fresh_with(demanded.clone()).expire(at(END)).unwrap().next();
    let mias = late.yes(&mia(), END + 1).unwrap();
    assert_eq!(short_among(&people(), &mias, (&demanded, None), END + 2), None);
    let no_longer = Requirements { on_timeout: OnTimeout::Deny, ..demanded.clone() };
    assert!(short_among(&people(), &mias, (&no_longer, None), END + 2).is_some());
    // Managers who were named from the start were not added by silence, and count only while they are named.
    let named = staged(vec![group("managers", 1)]).yes(&mia(), 5).unwrap();
    let finance = with(vec![group("finance", 1)]);
    assert!(short(&named, &finance).is_some());
}

#[test]
fn what_a_grant_answered_is_no_answer_of_a_person() {
    let by = AutoBy::Grant("images".into());
    let granted = Approval::open_answered(opening(), &by, &agent()).unwrap().next();
    let said = short(&granted, &requirements()).unwrap();
    assert_eq!(said, "policy now demands a person, and it was the grant `images` that approved it");
}

fn some_requirements() -> impl Strategy<Value = Requirements> {
    let stage = prop_oneof![
        2 => (0..4_usize).prop_map(approvers),
        2 => (1..3_usize).prop_map(|need| group("finance", need)),
        2 => (1..3_usize).prop_map(|need| group("security", need)),
    ];
    let assurance = prop::sample::select(vec![
        Assurance::Channel,
        Assurance::Session,
        Assurance::Session,
        Assurance::StepUp,
    ]);
    let self_approval = prop::option::of(prop::sample::select(Risk::ALL.to_vec()));
    let stages = prop::collection::vec(stage, 1..3);
    (stages, assurance, self_approval).prop_map(|(stages, assurance, self_approval)| Requirements {
        stages,
        assurance,
        self_approval,
        ..requirements()
    })
}

fn answers() -> impl Strategy<Value = Vec<(usize, Assurance)>> {
    let assurance =
        prop::sample::select(vec![Assurance::Channel, Assurance::Session, Assurance::StepUp]);
    prop::collection::vec((0..7_usize, assurance), 1..12)
}

/// The request under these requirements, after these yeses; those that are refused leave nothing.
fn answered(opening: Opening, yeses: &[(usize, Assurance)]) -> Approval {
    let people = people();
    let mut approval = Approval::open(opening, &agent()).next();
    for (who, assurance) in yeses {
        let said = approval.clone().approve(people[*who].answering_by(*assurance), None, at(5));
        approval = said.map_or(approval, super::super::Transition::next);
    }
    approval
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    /// It reaches what is demanded now exactly if the same yeses, said to a request that is opened under that,
    /// would be enough.
    #[test]
    fn it_falls_short_exactly_when_the_same_yeses_would_not_do_now(
        then in some_requirements(),
        now in some_requirements(),
        risk in prop::sample::select(Risk::ALL.to_vec()),
        yeses in answers(),
    ) {
        let opened = |requirements| {
            let mut opening = Opening { requirements, ..opening() };
            opening.card.risk = risk;
            opening
        };
        let approved = answered(opened(then), &yeses);
        if !matches!(approved.state, State::Approved { .. }) {
            return Ok(());
        }
        // Only what was really said counts; who was refused then said nothing.
        let said: Vec<_> = approved
            .counting_answers()
            .map(|answer| {
                let who = people().iter().position(|who| who.person.id == answer.by.id);
                (who.unwrap(), answer.assurance)
            })
            .collect();
        let anew = answered(opened(now.clone()), &said);
        let short = short_among(&people(), &approved, (&now, Some(risk)), 10);
        prop_assert_eq!(short.is_none(), anew.state.status() == Status::Approved, "{:?}", short);
    }
}
