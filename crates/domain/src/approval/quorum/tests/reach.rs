use ulid::Ulid;

use crate::PersonId;
use crate::approval::fixtures::*;
use crate::approval::quorum::{Shortfall, Yes, reachable};
use crate::approval::{Approval, Level, OnTimeout, Requirements, Reviewer, Stage};
use crate::identity::Role;

fn stage(need: usize) -> Stage {
    Stage { need, ..Stage::any_approver() }
}

fn yes(n: u128, of: u128, stages: &[usize]) -> Yes<'_> {
    let person = |n| PersonId::new(Ulid(n));
    Yes { person: person(n), voice: person(of), stages }
}

fn short(stage: usize, need: usize, can: usize) -> Result<(), Vec<Shortfall>> {
    Err(vec![Shortfall { stage, need, can }])
}

#[test]
fn enough_people_and_enough_places_are_needed() {
    let all: &[usize] = &[0];
    for (possible, expected, why) in [
        (vec![yes(1, 1, all), yes(2, 2, all)], Ok(()), "two people"),
        (vec![yes(1, 1, all)], short(0, 2, 1), "one person"),
        (vec![], short(0, 2, 0), "nobody"),
        (vec![yes(1, 1, all), yes(1, 2, all)], short(0, 2, 1), "one person from two places"),
        (vec![yes(1, 1, all), yes(2, 1, all)], short(0, 2, 1), "two people for one place"),
        (vec![yes(3, 1, all), yes(3, 3, all), yes(2, 2, all)], Ok(()), "another person beside"),
    ] {
        assert_eq!(reachable(&[stage(2)], &possible), expected, "{why}");
    }
    let (first, second): (&[usize], &[usize]) = (&[0], &[1]);
    let stages = [stage(1), stage(1)];
    assert_eq!(reachable(&stages, &[yes(1, 1, first), yes(2, 2, first)]), short(1, 1, 0));
    assert_eq!(reachable(&stages, &[yes(1, 1, first), yes(2, 2, second)]), Ok(()));
}

fn of_finance(need: usize, on_timeout: OnTimeout) -> Approval {
    let mut approval = fresh();
    let groups = vec!["finance".to_owned()];
    approval.requirements = Requirements {
        stages: vec![Stage { name: "finance".to_owned(), need, groups, people: Vec::new() }],
        on_timeout,
        ..approval.requirements
    };
    approval
}

#[test]
fn a_request_knows_whether_the_people_there_are_can_meet_it() {
    let fay = somebody("fay", Role::Approver, &["finance"]);
    let (gil, out) =
        (somebody("gil", Role::Approver, &["finance"]), somebody("out", Role::Approver, &[]));
    let among = |approval: &Approval, people: &[&Who]| {
        let people: Vec<_> = people.iter().map(|who| Reviewer::alone(&who.person)).collect();
        approval.reachable(&people)
    };
    let two = of_finance(2, OnTimeout::Deny);
    assert_eq!(among(&two, &[&fay, &out]), short(0, 2, 1));
    assert_eq!(among(&two, &[&fay, &gil]), Ok(()));
    let later = Level {
        after: jiff::SignedDuration::from_hours(1),
        groups: Vec::new(),
        people: vec![out.person.email.clone()],
    };
    assert_eq!(among(&of_finance(2, OnTimeout::Escalate(vec![later])), &[&fay, &out]), Ok(()));
    let begun = two.yes(&fay, 5).unwrap();
    assert_eq!(among(&begun, &[&fay]), short(0, 2, 1), "who said yes counts once");
    assert_eq!(among(&begun, &[&gil]), Ok(()), "what was said stays said");
}
