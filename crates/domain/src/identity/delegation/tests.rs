use ulid::Ulid;

use super::*;
use crate::approval::fixtures::{ana, at, ben, vic};
use crate::identity::{PersonStatus, Role};

fn terms(from: i64, until: Option<i64>) -> Terms {
    Terms {
        from: at(from),
        until: until.map(at),
        groups: Vec::new(),
        actions: Vec::new(),
        reason: "on holiday".to_owned(),
    }
}

fn agreed(between: (&Person, &Person), terms: Terms) -> Result<Delegation, DelegationError> {
    let by = between.0.email.clone();
    Delegation::agreed(DelegationId::new(Ulid(1)), between, terms, (&by, at(0)))
}

#[test]
fn it_holds_from_its_first_moment_up_to_its_last() {
    use Phase::{Holds, Over, Planned};
    let (ana, ben) = (ana().person, ben().person);
    let made = |from, until| agreed((&ana, &ben), terms(from, until)).unwrap();
    let ended = made(10, Some(20)).ended(at(15)).unwrap();
    let never = made(10, Some(20)).ended(at(5)).unwrap();
    for (delegation, seconds, phase) in [
        (&made(10, Some(20)), 9, Planned),
        (&made(10, Some(20)), 10, Holds),
        (&made(10, Some(20)), 19, Holds),
        (&made(10, Some(20)), 20, Over),
        (&made(10, None), 1_000_000, Holds),
        (&ended, 14, Holds),
        (&ended, 15, Over),
        (&never, 12, Over),
    ] {
        assert_eq!(delegation.phase(at(seconds)), phase, "{delegation:?} at {seconds}");
    }
    assert_eq!(ended.revision, Revision(2));
    assert_eq!(ended.ended(at(16)), Err(DelegationError::Over));
    assert_eq!(made(10, Some(20)).ended(at(20)), Err(DelegationError::Over));
}

#[test]
fn it_never_held_before_it_was_made() {
    let made = agreed((&ana().person, &ben().person), terms(-500, None)).unwrap();
    assert_eq!((made.terms.from, made.made_at), (at(0), at(0)));
}

#[test]
fn it_takes_two_who_answer_an_end_after_its_beginning_and_a_reason() {
    let (ana, ben) = (ana().person, ben().person);
    let locked = Person { status: PersonStatus::Locked, ..ben.clone() };
    let audits = Person { role: Role::Auditor, ..ben.clone() };
    let within = |group: &str| Terms { groups: vec![group.to_owned()], ..terms(0, None) };
    let because = |reason: String| Terms { reason, ..terms(0, None) };
    let delegate = |who: &Person| DelegationError::DelegateAnswersNothing(who.email.clone());
    let delegator = |who: &Person| DelegationError::DelegatorAnswersNothing(who.email.clone());
    let stranger = DelegationError::NotInGroup(ana.email.clone(), "security".to_owned());
    for (between, terms, expected) in [
        ((&ana, &ana), terms(0, None), DelegationError::ToThemselves),
        ((&ana, &locked), terms(0, None), delegate(&locked)),
        ((&ana, &audits), terms(0, None), delegate(&audits)),
        ((&ana, &vic().person), terms(0, None), delegate(&vic().person)),
        ((&locked, &ana), terms(0, None), delegator(&locked)),
        ((&vic().person, &ana), terms(0, None), delegator(&vic().person)),
        ((&ana, &ben), terms(10, Some(10)), DelegationError::EndsTooEarly),
        ((&ana, &ben), terms(-20, Some(-10)), DelegationError::EndsTooEarly),
        ((&ana, &ben), terms(-20, Some(0)), DelegationError::EndsTooEarly),
        ((&ana, &ben), within("security"), stranger),
        ((&ana, &ben), because(" \u{200b}".to_owned()), DelegationError::Reason),
        ((&ana, &ben), because("x".repeat(501)), DelegationError::Reason),
    ] {
        assert_eq!(agreed(between, terms.clone()), Err(expected), "{terms:?}");
    }
    assert!(agreed((&ana, &ben), within("finance")).is_ok());
    assert!(agreed((&ana, &ben), because("x".repeat(500))).is_ok());
}
