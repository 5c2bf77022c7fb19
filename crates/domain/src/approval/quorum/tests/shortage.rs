use std::sync::Arc;

use ulid::Ulid;

use crate::DelegationId;
use crate::approval::fixtures::*;
use crate::approval::{Level, OnTimeout, Requirements, Reviewer, Shortage, StandIn};
use crate::identity::delegation::Terms;
use crate::identity::{Delegation, Role};

fn alone(people: &[Who]) -> Vec<Reviewer<'_>> {
    people.iter().map(|who| Reviewer::alone(&who.person)).collect()
}

#[test]
fn it_is_told_when_the_yeses_cannot_come_together() {
    let short = |needed, at_most| Some(Shortage { needed, at_most });
    let two = staged(vec![approvers(2)]);
    let both = staged(vec![group("finance", 1), group("security", 1)]);
    for (approval, people, expected, why) in [
        (&fresh(), vec![ana()], None, "one is enough"),
        (&fresh(), vec![], short(1, 0), "nobody is there"),
        (&fresh(), vec![dan(), eve(), vic()], short(1, 0), "owner, beneficiary, viewer"),
        (&two, vec![ana()], short(2, 1), "two are needed"),
        (&two, vec![ana(), vic()], short(2, 1), "a viewer is none of them"),
        (&two, vec![ana(), ben()], None, "two are there"),
        (
            &both,
            vec![ana(), somebody("gil", Role::Approver, &["finance"])],
            short(2, 1),
            "one stage",
        ),
        (&both, vec![ben()], short(2, 1), "nobody counts twice"),
        (&both, vec![ana(), ben()], None, "one for each"),
    ] {
        assert_eq!(approval.shortage(&alone(&people)), expected, "{why}");
    }
    let said = two.clone().yes(&ana(), 10).unwrap();
    assert_eq!(said.shortage(&alone(&[ana(), ben()])), None, "one yes is there, one can come");
    assert_eq!(said.shortage(&alone(&[ana()])), short(2, 1), "who said it cannot say it twice");
    assert_eq!(said.shortage(&alone(&[ben()])), short(2, 1), "whoever is gone does not count");
    let over = fresh().yes(&ana(), 10).unwrap();
    assert_eq!(over.shortage(&[]), None, "it is decided");
}

#[test]
fn a_lent_place_is_one_place_and_further_people_may_still_be_asked() {
    let out = somebody("out", Role::Approver, &[]);
    let terms = Terms {
        from: at(0),
        until: None,
        groups: Vec::new(),
        actions: Vec::new(),
        reason: "on holiday".to_owned(),
    };
    let by = (&ana().person.email, at(0));
    let made =
        Delegation::agreed(DelegationId::new(Ulid(1)), (&ana().person, &out.person), terms, by);
    let lent = StandIn::of(&Arc::new(made.unwrap()), &Arc::new(ana().person), out.person.id, at(1));
    let lent: Vec<StandIn> = lent.into_iter().collect();
    let finance = staged(vec![group("finance", 2)]);
    let (mine, others) = (ana(), ben());
    let who = |more: &[Reviewer<'_>]| {
        let stand_in = Reviewer { person: &out.person, stands_in: &lent };
        finance.shortage(&[&[Reviewer::alone(&mine.person), stand_in], more].concat())
    };
    assert_eq!(who(&[]), Some(Shortage { needed: 2, at_most: 1 }), "it is one place");
    assert_eq!(who(&[Reviewer::alone(&others.person)]), None);
    let level =
        Level { after: jiff::SignedDuration::from_mins(5), groups: Vec::new(), people: Vec::new() };
    let waits = fresh_with(Requirements {
        stages: vec![approvers(2)],
        on_timeout: OnTimeout::Escalate(vec![level]),
        ..requirements()
    });
    assert_eq!(waits.shortage(&alone(&[ana()])), None, "others may be asked yet");
}
