//! What holds whoever lends their place to whom, and whoever answers in which order.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use ulid::Ulid;

use crate::DelegationId;
use crate::approval::fixtures::*;
use crate::approval::transition::Answering;
use crate::approval::{Answer, Approval, Requirements, Risk, Stage, StandIn, Status};
use crate::identity::delegation::Terms;
use crate::identity::{Delegation, PersonStatus, Role};

/// Dan owns the agent, Eve is whom it acts for; Lou is locked, and Out is in no group.
fn people() -> Vec<Who> {
    let mut lou = somebody("lou", Role::Approver, &["finance", "security"]);
    lou.person.status = PersonStatus::Locked;
    let out = somebody("out", Role::Approver, &[]);
    vec![ana(), ben(), cleo(), dan(), eve(), lou, out]
}

/// From whom, to whom, and whether its time has come.
type Lent = (usize, usize, bool);

/// Who answers, and whether with an edit.
type Said = (usize, bool);

fn delegation(n: usize, (from, to, holds): Lent) -> Arc<Delegation> {
    let all = people();
    let terms = Terms {
        from: at(if holds { 0 } else { 10_000 }),
        until: None,
        groups: Vec::new(),
        actions: Vec::new(),
        reason: "away".to_owned(),
    };
    Arc::new(Delegation {
        id: DelegationId::new(Ulid(n as u128)),
        revision: crate::Revision::FIRST,
        delegator: all[from].person.id,
        delegate: all[to].person.id,
        terms,
        made_by: all[from].person.email.clone(),
        made_at: at(0),
        ended_at: None,
    })
}

fn stands_in(who: &Who, lent: &[Lent]) -> Vec<StandIn> {
    let all = people();
    let made = lent.iter().enumerate().filter(|(_, (from, to, _))| from != to);
    made.filter_map(|(n, terms)| {
        let delegator = Arc::new(all[terms.0].person.clone());
        StandIn::of(&delegation(n, *terms), &delegator, who.person.id, at(20))
    })
    .collect()
}

/// Lets them all answer, one after the other; those who may not are refused.
fn answered(opened: Approval, lent: &[Lent], said: &[Said]) -> Approval {
    let all = people();
    let locked = |who: &Who| who.person.status == PersonStatus::Locked;
    said.iter().fold(opened, |approval, (who, edits)| {
        let who = &all[*who];
        if locked(who) {
            return approval;
        }
        let stands_in = stands_in(who, lent);
        let by = Answering { stands_in: &stands_in, ..who.answering() };
        let amount = json!({"amount": approval.edits.len() + 1});
        let edited = edits.then(|| approval.edit(object(&amount)).unwrap());
        let next = approval.clone().approve(by, edited, at(20));
        next.map_or(approval, crate::approval::Transition::next)
    })
}

fn whose(answer: &Answer) -> Who {
    people().into_iter().find(|who| who.person.id == answer.voice()).unwrap()
}

/// Whether distinct people from distinct places, each of which could answer by itself, fill everything.
fn fills(stages: &[Stage], answers: &[&Answer]) -> bool {
    let Some(place) = stages.iter().position(|stage| stage.need > 0) else { return true };
    let mut fewer = stages.to_vec();
    fewer[place].need -= 1;
    answers.iter().any(|answer| {
        let apart =
            |other: &&&Answer| other.by.id != answer.by.id && other.voice() != answer.voice();
        let others: Vec<&Answer> = answers.iter().filter(apart).copied().collect();
        stages[place].admits(&whose(answer).person) && fills(&fewer, &others)
    })
}

fn some_stages() -> impl Strategy<Value = Vec<Stage>> {
    let stage = prop_oneof![
        1 => (1..3_usize).prop_map(approvers),
        2 => (1..3_usize).prop_map(|need| group("finance", need)),
        2 => (1..3_usize).prop_map(|need| group("security", need)),
    ];
    prop::collection::vec(stage, 1..3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_place_that_is_lent_leads_around_a_rule(
        stages in some_stages(),
        lent in prop::collection::vec((0..7_usize, 0..7_usize, any::<bool>()), 0..8),
        said in prop::collection::vec((0..7_usize, prop::bool::weighted(0.1)), 0..12),
        alone in prop::option::of(prop::sample::select(Risk::ALL.to_vec())),
    ) {
        let opened = fresh_with(Requirements { stages, self_approval: alone, ..requirements() });
        let after = answered(opened, &lent, &said);
        for answer in &after.answers {
            let (by, of) = (&answer.by, whose(answer));
            let own = answer.in_place_of.is_none();
            let behind = |email| after.card.requester.is(email);
            prop_assert!(own || !(behind(&by.email) || behind(&of.person.email)), "{:?}", answer);
            prop_assert!(!behind(&by.email) || answer.self_approved, "{:?}", answer);
            prop_assert!(of.person.answers(), "a locked place: {:?}", answer);
            let all = people();
            let direct = |(from, to, holds): &Lent| {
                *holds && all[*from].person.id == of.person.id && all[*to].person.id == by.id
            };
            prop_assert!(own || lent.iter().any(direct), "nobody lent it: {:?}", answer);
            let admitted = |stage: &usize| after.requirements.stages[*stage].admits(&of.person);
            prop_assert!(answer.stages.iter().all(admitted), "{:?}", answer);
            // Whoever edited before this answer, and anyone in whose place they could sit, said no more about it.
            let editor = answer.version.checked_sub(1).and_then(|n| after.edits.get(n));
            let made_it = editor.is_some_and(|edit| edit.at == answer.at && edit.by == answer.by);
            let edited = editor.is_some_and(|edit| [by.id, of.person.id].contains(&edit.by.id));
            prop_assert!(own || made_it || !edited, "around the editor: {:?}", answer);
        }
        let counted: Vec<&Answer> = after.counting_answers().collect();
        let met = fills(&after.requirements.stages, &counted);
        prop_assert_eq!(after.state.status() == Status::Approved, met, "{:?}", after.answers);
    }
}
