use std::sync::Arc;

use serde_json::json;
use ulid::Ulid;

use crate::DelegationId;
use crate::approval::fixtures::*;
use crate::approval::transition::Answering;
use crate::approval::{
    Approval, ApprovalError, InPlaceOf, PersonRef, Requirements, Reviewer, Risk, Seat, Stage,
    StandIn, Status,
};
use crate::identity::delegation::Terms;
use crate::identity::{Delegation, Person, PersonStatus, Role};

/// From 0 up to 1000 seconds, everywhere.
fn terms() -> Terms {
    Terms {
        from: at(0),
        until: Some(at(1000)),
        groups: Vec::new(),
        actions: Vec::new(),
        reason: "on holiday".to_owned(),
    }
}

/// What the delegator lends to the delegate at 10 seconds.
fn lent_as(of: &Who, to: &Who, terms: Terms) -> Option<StandIn> {
    lent_at(of, to, terms, 10)
}

fn lent_at(of: &Who, to: &Who, terms: Terms, seconds: i64) -> Option<StandIn> {
    let able = |who: &Who| Person {
        role: Role::Approver,
        status: PersonStatus::Active,
        ..who.person.clone()
    };
    let id = DelegationId::new(Ulid(1));
    let by = (&of.person.email, at(0));
    let made = Delegation::agreed(id, (&able(of), &able(to)), terms, by).unwrap();
    StandIn::of(&Arc::new(made), &Arc::new(of.person.clone()), to.person.id, at(seconds))
}

fn lent(of: &Who, to: &Who) -> Vec<StandIn> {
    lent_as(of, to, terms()).into_iter().collect()
}

/// The seat of someone who is away.
fn seat_of(who: &Who, stages: &[usize]) -> Seat {
    let person = PersonRef { id: who.person.id, email: who.person.email.clone() };
    let in_place_of = Some(InPlaceOf { person, delegation: DelegationId::new(Ulid(1)) });
    Seat { in_place_of, stages: stages.to_vec() }
}

fn own(stages: &[usize]) -> Seat {
    Seat { in_place_of: None, stages: stages.to_vec() }
}

/// Everything from which someone may answer.
fn seats(a: &Approval, who: &Who, stands_in: &[StandIn]) -> Result<Vec<Seat>, ApprovalError> {
    let found = a.admits(Reviewer { person: &who.person, stands_in })?;
    Ok(std::iter::once(found.first).chain(found.others).collect())
}

fn gil() -> Who {
    somebody("gil", Role::Approver, &["security"])
}

impl Approval {
    /// They say yes, also in the place of others.
    fn yes_for(
        self,
        who: &Who,
        stands_in: &[StandIn],
        seconds: i64,
    ) -> Result<Self, ApprovalError> {
        let by = Answering { stands_in, ..who.answering() };
        self.approve(by, None, at(seconds)).map(crate::approval::Transition::next)
    }
}

const BEHIND: ApprovalError =
    ApprovalError::OwnRequest("whoever you stand in for stands behind it, or made the last edit");
const OWN: ApprovalError = ApprovalError::OwnRequest("you stand behind this agent or this request");
const EDITOR: ApprovalError =
    ApprovalError::OwnRequest("you made the last edit, another person has to agree to it");

#[test]
fn a_seat_is_lent_while_the_delegation_holds_and_its_delegator_could_answer() {
    let locked = Who { person: Person { status: PersonStatus::Locked, ..ana().person }, ..ana() };
    let demoted = Who { person: Person { role: Role::Auditor, ..ana().person }, ..ana() };
    for (of, seconds, stands) in [
        (&ana(), -1, false),
        (&ana(), 0, true),
        (&ana(), 999, true),
        (&ana(), 1000, false),
        (&locked, 10, false),
        (&demoted, 10, false),
    ] {
        let found = lent_at(of, &gil(), terms(), seconds);
        assert_eq!(found.is_some(), stands, "{:?} at {seconds}", of.person);
    }
    let made = lent_as(&ana(), &gil(), terms()).unwrap();
    let (delegation, ana_now) = (Arc::new(made.delegation().clone()), Arc::new(ana().person));
    let to = |who: &Who| StandIn::of(&delegation, &ana_now, who.person.id, at(10));
    assert!(to(&gil()).is_some() && to(&ben()).is_none(), "lent to one, not to another");
    let others = StandIn::of(&delegation, &Arc::new(ben().person), gil().person.id, at(10));
    assert_eq!(others, None, "a delegation of one is none of another");
}

#[test]
fn a_seat_is_where_the_delegator_is_admitted_and_the_terms_reach() {
    let two = staged(vec![group("finance", 1), group("security", 1)]);
    let named = Stage { people: vec![ana().person.email], ..group("managers", 1) };
    let within = |name: &str| Terms { groups: vec![name.to_owned()], ..terms() };
    let only = |pattern: &str| Terms { actions: vec![pattern.parse().unwrap()], ..terms() };
    let sec = somebody("sec", Role::Approver, &["security"]);
    let out = somebody("out", Role::Approver, &[]);
    let to_out = |of: &Who, terms| lent_as(of, &out, terms).into_iter().collect::<Vec<_>>();
    let finance = vec![seat_of(&ana(), &[0])];
    for (approval, who, stands_in, expected, why) in [
        (&two, &out, to_out(&ana(), terms()), Some(finance.clone()), "by group"),
        (
            &staged(vec![named.clone()]),
            &out,
            to_out(&ana(), terms()),
            Some(finance.clone()),
            "by name",
        ),
        (
            &fresh(),
            &out,
            to_out(&ana(), terms()),
            Some(vec![own(&[0]), seat_of(&ana(), &[0])]),
            "both",
        ),
        (
            &two,
            &sec,
            lent(&ana(), &sec),
            Some(vec![own(&[1]), seat_of(&ana(), &[0])]),
            "beside their own",
        ),
        (
            &two,
            &out,
            to_out(&ben(), within("security")),
            Some(vec![seat_of(&ben(), &[1])]),
            "one group only",
        ),
        (&two, &out, to_out(&ben(), terms()), Some(vec![seat_of(&ben(), &[0, 1])]), "both groups"),
        (
            &staged(vec![named]),
            &out,
            to_out(&ana(), within("finance")),
            None,
            "by name is not by group",
        ),
        (&two, &out, to_out(&ana(), only("stripe.*")), Some(finance), "the action is in it"),
        (&two, &out, to_out(&ana(), only("mail.**")), None, "another action"),
        (&two, &out, Vec::new(), None, "nobody lends them anything"),
        (&two, &vic(), to_out(&ana(), terms()), None, "whoever may not answer gets no seat"),
    ] {
        assert_eq!(seats(approval, who, &stands_in).ok(), expected, "{why}");
    }
}

#[test]
fn no_seat_leads_around_the_rule_that_nobody_answers_their_own_request() {
    let finance = || staged(vec![group("finance", 1)]);
    let alone = |most| {
        let stages = vec![group("finance", 1)];
        fresh_with(Requirements { stages, self_approval: Some(most), ..requirements() })
    };
    let edited =
        |by: &Who| staged(vec![group("finance", 2)]).yes_if(by, &json!({"amount": 1}), 1).unwrap();
    let out = somebody("out", Role::Approver, &[]);
    let eve_out = Who { person: Person { groups: Vec::new(), ..eve().person }, ..eve() };
    for (approval, who, stands_in, expected, why) in [
        (finance(), &out, lent(&dan(), &out), Err(BEHIND), "the delegator owns the agent"),
        (finance(), &out, lent(&eve(), &out), Err(BEHIND), "it acts for the delegator"),
        (finance(), &dan(), lent(&ana(), &dan()), Err(OWN), "the delegate owns the agent"),
        (finance(), &eve_out, lent(&ana(), &eve_out), Err(OWN), "it acts for the delegate"),
        (
            alone(Risk::High),
            &out,
            lent(&dan(), &out),
            Err(BEHIND),
            "not even where alone is enough",
        ),
        (alone(Risk::High), &eve_out, lent(&ana(), &eve_out), Err(OWN), "nor for oneself"),
        (
            alone(Risk::High),
            &dan(),
            lent(&ana(), &dan()),
            Ok(vec![own(&[0])]),
            "one's own seat, marked",
        ),
        (edited(&ana()), &out, lent(&ana(), &out), Err(BEHIND), "the delegator made the edit"),
        (edited(&ben()), &ben(), lent(&ana(), &ben()), Err(EDITOR), "the delegate made the edit"),
        (
            finance(),
            &ben(),
            lent(&dan(), &ben()),
            Ok(vec![own(&[0])]),
            "their own place stays theirs",
        ),
    ] {
        assert_eq!(seats(&approval, who, &stands_in), expected, "{why}");
    }
}

#[test]
fn what_is_said_in_anothers_place_says_so() {
    let out = somebody("out", Role::Approver, &[]);
    let stands_in = lent(&ana(), &out);
    let by = Answering { stands_in: &stands_in, ..out.answering() };
    let step = staged(vec![group("finance", 1)]).approve(by.clone(), None, at(10)).unwrap();
    let answer = &step.approval.answers[0];
    assert_eq!((&answer.by.email, answer.voice()), (&out.person.email, ana().person.id));
    assert_eq!(answer.in_place_of, seat_of(&ana(), &[]).in_place_of);
    assert!(!answer.self_approved);
    let record = &step.change.records[0];
    assert_eq!(record.caller, out.caller);
    let said = json!({
        "person": {"id": ana().person.id, "email": "ana@example.com"},
        "delegation": DelegationId::new(Ulid(1)),
    });
    assert_eq!(record.data["in_place_of"], said);
    assert_eq!(step.approval.answered_by().unwrap().to_string(), "person:out@example.com");
    let whose = step.approval.decided_in_place_of().map(|who| who.email.to_string());
    assert_eq!(whose.as_deref(), Some("ana@example.com"));

    let no = staged(vec![group("finance", 1)]).deny(by, "too much".into(), at(10)).unwrap();
    assert_eq!(no.approval.answers[0].voice(), ana().person.id);
    assert_eq!(no.approval.state.status(), Status::Denied);
}

#[test]
fn a_person_counts_once_and_so_does_a_place() {
    let (one, two) = (somebody("one", Role::Approver, &[]), somebody("two", Role::Approver, &[]));
    let for_ana = |who: &Who| lent(&ana(), who);
    let fresh = || staged(vec![group("finance", 2)]);
    let taken = Err(ApprovalError::PlaceTaken(ana().person.email));
    let status = |a: Result<Approval, ApprovalError>| a.map(|a| a.state.status());

    let first = fresh().yes_for(&one, &for_ana(&one), 10).unwrap();
    assert_eq!(status(first.clone().yes_for(&two, &for_ana(&two), 20)), taken, "two for one");
    let again = first.clone().yes_for(&one, &for_ana(&one), 20);
    assert_eq!(status(again), Err(ApprovalError::AlreadyApproved));
    let back = first.clone().yes(&ana(), 20).unwrap();
    assert_eq!(
        (back.state.status(), back.tally().have),
        (Status::Pending, vec![1]),
        "both at once"
    );
    assert_eq!(status(first.yes(&ben(), 20)), Ok(Status::Approved), "another place");

    let herself = fresh().yes(&ana(), 10).unwrap();
    assert_eq!(status(herself.clone().yes_for(&one, &for_ana(&one), 20)), taken);
    assert!(!herself.awaits(Reviewer { person: &one.person, stands_in: &for_ana(&one) }));
    let denied = herself.deny(
        Answering { stands_in: &for_ana(&one), ..one.answering() },
        "no".into(),
        at(20),
    );
    assert_eq!(denied.unwrap().approval.state.status(), Status::Denied, "a no is always a no");
}

#[test]
fn a_yes_is_said_from_where_it_helps() {
    let stages = || staged(vec![group("finance", 1), group("security", 1)]);
    let for_ana = lent(&ana(), &gil());
    let own_first = stages().yes_for(&gil(), &for_ana, 10).unwrap();
    assert_eq!(
        (own_first.answers[0].voice(), own_first.tally().have),
        (gil().person.id, vec![0, 1])
    );
    let cleo_first = stages().yes(&cleo(), 10).unwrap();
    assert_eq!(cleo_first.tally().have, [0, 1]);
    let both = cleo_first.yes_for(&gil(), &for_ana, 20).unwrap();
    assert_eq!(both.answers[1].voice(), ana().person.id, "security has its yes");
    assert_eq!(both.state.status(), Status::Approved);
}

#[test]
fn a_seat_that_was_lent_is_not_lent_on() {
    let (one, two) = (somebody("one", Role::Approver, &[]), somebody("two", Role::Approver, &[]));
    // Ana lends to one, and one lends everything they have to two.
    let on = lent(&one, &two);
    let approval = staged(vec![group("finance", 1)]);
    assert!(seats(&approval, &one, &lent(&ana(), &one)).is_ok());
    let refused = seats(&approval, &two, &on);
    assert_eq!(refused, Err(ApprovalError::NotAdmitted("finance".to_owned())));
}

#[test]
fn an_edit_in_anothers_place_counts_as_any_edit() {
    let out = somebody("out", Role::Approver, &[]);
    let stands_in = lent(&ana(), &out);
    let by = || Answering { stands_in: &stands_in, ..out.answering() };
    let edited = |a: &Approval| a.edit(object(&json!({"amount": 1}))).unwrap();
    let one = staged(vec![group("finance", 1)]);
    let change = edited(&one);
    let step = one.approve(by(), Some(change), at(10)).unwrap();
    assert_eq!(step.approval.state.status(), Status::Approved);
    assert_eq!(step.approval.answers[0].voice(), ana().person.id);
    let two = staged(vec![group("finance", 2)]);
    let change = edited(&two);
    let after = two.approve(by(), Some(change), at(10)).unwrap().next();
    assert_eq!((after.state.status(), after.tally().have), (Status::Pending, vec![0]));
    assert_eq!(seats(&after, &out, &stands_in), Err(EDITOR));
}
