//! Questions with an answer of their own: texts, digests, what is due, figures.

use countersign_domain::approval::statistics::{Marks, Sample};
use countersign_domain::approval::{
    Approval, Card, OnTimeout, Origin, Proposal, Risk, Stage, Standing, Status, ToolRef, Wanted,
};
use countersign_domain::identity::Caller;
use countersign_domain::policy::ReasonCode;
use serde_json::json;

use super::Fresh;
use super::fixtures::{
    agent, answered, approve, apr, at, deny, keep, kept, object, open, open_with, org, person,
    started,
};
use crate::{ApprovalQuery, Store, Texts};

async fn search(store: &dyn Store, text: &str) -> Vec<usize> {
    let query =
        ApprovalQuery { text: Some(text.to_owned()), limit: 100, ..ApprovalQuery::default() };
    let mut found = store.approvals(&org(), &query).await.unwrap().items;
    found.sort_by_key(|approval| approval.id);
    found.iter().map(number).collect()
}

fn number(approval: &Approval) -> usize {
    (0..100).find(|n| apr(*n) == approval.id).unwrap()
}

/// In summary, action, reasoning, task and parameters, in any case, each word somewhere.
pub async fn a_text_is_found_wherever_it_stands(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, open_with(1, |card, _| card.summary = "Erstattung für Größe".into()).change)
        .await;
    keep(
        &*store,
        open_with(2, |card, _| card.proposal.action = "crm.Merge".parse().unwrap()).change,
    )
    .await;
    keep(
        &*store,
        open_with(3, |card, _| card.reasoning = Some("She asked TWICE".to_owned())).change,
    )
    .await;
    keep(&*store, open_with(4, |card, _| card.task_id = Some("Task-17".to_owned())).change).await;
    let nested = object(json!({"to": [{"name": "Zoë \"Z\" Quill"}], "sum": 12.75, "sure": true}));
    keep(&*store, open_with(5, |card, _| card.proposal.params = nested).change).await;
    for (text, expected) in [
        ("GRÖSSE", vec![]),
        ("größe ERSTATT", vec![1]),
        ("CRM.merge", vec![2]),
        ("twice asked", vec![3]),
        ("task-17", vec![4]),
        ("  \"z\"\tquill ", vec![5]),
        ("12.75", vec![5]),
        ("twice quill", vec![]),
        ("", vec![1, 2, 3, 4, 5]),
    ] {
        assert_eq!(search(&*store, text).await, expected, "{text}");
    }
}

/// Patterns of the database have no power.
pub async fn no_character_of_a_text_means_another(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let texts = ["100%_done", "100 done", r"a\b", "a'b", "a*b?[c]", "semi;--"];
    for (n, text) in texts.into_iter().enumerate() {
        keep(&*store, open_with(n + 1, |card, _| card.summary = text.into()).change).await;
    }
    for (text, expected) in [
        ("100%", vec![1]),
        ("%", vec![1]),
        ("100%done", vec![]),
        ("100_done", vec![]),
        ("_", vec![1]),
        (r"a\b", vec![3]),
        (r"\", vec![3]),
        ("a'b", vec![4]),
        ("*b?[", vec![5]),
        (";--", vec![6]),
        ("a?b", vec![]),
    ] {
        assert_eq!(search(&*store, text).await, expected, "{text}");
    }
}

/// What is redacted for people cannot be guessed by searching.
pub async fn secrets_are_not_found(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let params = object(json!({"password": "hunter2", "deep": [{"note": "ghp_0123456789abcdef"}]}));
    keep(&*store, open_with(1, |card, _| card.proposal.params = params).change).await;
    assert_eq!(search(&*store, "hunter2").await, [0; 0]);
    assert_eq!(search(&*store, "ghp_01").await, [0; 0]);
    assert_eq!(search(&*store, "password").await, [1]);
}

/// A text is found alike whether its approval is in the index of texts or came after it.
pub async fn texts_are_found_before_and_after_they_are_indexed(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let odd = "na\u{ef}ve \"quoted\" caf\u{e9}s ab\0cd \u{1f44d}\u{1f44d}\u{1f44d} x_y%z";
    let note = |n, text: &str| {
        let params = object(json!({"note": text, "n": n}));
        open_with(n, |card, _| card.proposal.params = params).change
    };
    let others = (100..1_200).map(|n| note(n, "plain")).collect();
    keep(&*store, note(1, odd)).await;
    assert!(store.keep(others).await.unwrap().iter().all(|kept| *kept != crate::Kept::Conflict));
    let words = ["na\u{ef}ve", "\"quoted\"", "QUOTED", "s ab", "cd", "ab\0cd", "x_y%z", "f\u{e9}s"];
    let thumbs = ["\u{1f44d}\u{1f44d}\u{1f44d}", "quo na\u{ef}"];
    for indexed in [None, Some(600), Some(0)] {
        if let Some(indexed) = indexed {
            assert_eq!(store.index_texts(Texts::Approvals, 600).await, Ok(indexed));
        }
        for text in words.iter().chain(&thumbs) {
            assert_eq!(search(&*store, text).await, [1], "{text:?}");
        }
        assert_eq!(search(&*store, "na\u{ef}ve plain").await, [0; 0]);
        let all = ApprovalQuery {
            text: Some("refund plain".to_owned()),
            limit: 2_000,
            ..ApprovalQuery::default()
        };
        assert_eq!(store.approvals(&org(), &all).await.unwrap().items.len(), 1_100);
    }
}

/// The digest that was asked for and the one that stands after edits; newest first, 20 at most.
pub async fn approvals_are_found_by_either_digest(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let opened = kept(&*store, open(1)).await;
    let edited = opened.edit(object(json!({"params.amount": 7.5}))).unwrap();
    let edited = answered(|by| opened.clone().approve(by, Some(edited), at(7)).unwrap());
    let edited = kept(&*store, edited).await;
    assert_ne!(opened.digest(), edited.digest());
    for wanted in [opened.proposal().into(), edited.proposal().into()] {
        let found = store.approvals_related(&org(), agent(1).id, wanted).await;
        assert_eq!(found, Ok(vec![edited.clone()]));
        assert_eq!(store.approvals_related(&org(), agent(2).id, wanted).await, Ok(vec![]));
    }
    let same = |n| {
        open_with(n, |card, _| {
            card.proposal.params = object(json!({"n": 1, "amount": 12.5}));
            card.origin = Origin::Ask;
        })
    };
    for n in 2..=24 {
        keep(&*store, same(n).change).await;
    }
    let found =
        store.approvals_related(&org(), agent(1).id, opened.proposal().into()).await.unwrap();
    assert_eq!(found.iter().map(number).collect::<Vec<_>>(), (5..=24).rev().collect::<Vec<_>>());
}

/// A denial is found by whatever is alike; what waits or was agreed to only by its own digest.
pub async fn denials_are_found_by_what_is_alike(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let of = |n, action: &str, tool: Option<&str>| {
        let tool = tool.map(|name| ToolRef { name: name.into(), schema_version: None });
        let action = action.parse().unwrap();
        open_with(n, |card, _| {
            card.proposal = Proposal { action, tool, ..super::fixtures::card(1).proposal };
            card.origin = Origin::Ask;
        })
    };
    let pending = kept(&*store, of(1, "stripe.refund", None)).await;
    let wanted = Wanted::from(pending.proposal());
    let _other_spelling_waits = kept(&*store, of(2, "Stripe:Refund", None)).await;
    let related = async || store.approvals_related(&org(), agent(1).id, wanted).await.unwrap();
    assert_eq!(related().await, vec![pending.clone()]);
    let alike = kept(&*store, of(3, "Stripe:Refund", Some("refund"))).await;
    let denied = kept(&*store, deny(&alike, at(9))).await;
    let other_tool = open_with(4, |card, _| card.proposal.params = object(json!({"n": 5})));
    keep(&*store, deny(&kept(&*store, other_tool).await, at(9)).change).await;
    assert_eq!(related().await, vec![denied.clone(), pending]);
    assert_eq!(store.approvals_related(&org(), agent(2).id, wanted).await, Ok(vec![]));
    let own = Wanted::from(denied.proposal());
    assert_eq!(store.approvals_related(&org(), agent(1).id, own).await, Ok(vec![denied]));
}

/// What is pending, unused, or denied since; not what is used or over.
pub async fn what_stands_is_found(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let pending = kept(&*store, open(1)).await;
    let edited = pending.edit(object(json!({"params.amount": 7.5}))).unwrap();
    let unused = answered(|by| pending.clone().approve(by, Some(edited), at(7)).unwrap());
    let unused = kept(&*store, unused).await;
    let used = kept(&*store, approve(&kept(&*store, open(2)).await, at(8))).await;
    let (receipt, caller) =
        (super::fixtures::id("rcp_", 1), countersign_domain::identity::Caller::system());
    let asked = used.digest();
    keep(&*store, used.redeem(asked, receipt, &caller, at(9)).unwrap().change).await;
    let early = kept(&*store, deny(&kept(&*store, open(3)).await, at(10))).await;
    let late = kept(&*store, deny(&kept(&*store, open(4)).await, at(11))).await;
    let pending = kept(&*store, open(5)).await;
    for (since, expected) in
        [(10, vec![&unused, &early, &late, &pending]), (11, vec![&unused, &late, &pending])]
    {
        let mut found = store.standing(at(since)).await.unwrap();
        found.sort_by_key(|standing| standing.id);
        let expected: Vec<_> = expected.into_iter().filter_map(Standing::of).collect();
        assert_eq!(found, expected);
    }
}

/// Only pending ones, only of that agent.
pub async fn pending_ones_are_counted_per_agent(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let first = kept(&*store, open(1)).await;
    keep(&*store, open(2).change).await;
    keep(&*store, open_with(3, |card, _| card.requester.agent = agent(2).id).change).await;
    assert_eq!(store.pending_count(&org(), agent(1).id).await, Ok(2));
    keep(&*store, deny(&first, at(9)).change).await;
    assert_eq!(store.pending_count(&org(), agent(1).id).await, Ok(1));
    assert_eq!(store.pending_count(&org(), agent(3).id).await, Ok(0));
}

/// Time to answer over, or time to be used over; nothing else, and what is longest due comes first.
pub async fn what_is_due_is_found_oldest_first(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let (hour, digest) = (3_600, |approval: &Approval| approval.digest());
    let pending = kept(&*store, open(5)).await;
    let unused = kept(&*store, approve(&kept(&*store, open(1)).await, at(2))).await;
    let used = kept(&*store, approve(&kept(&*store, open(3)).await, at(4))).await;
    let (receipt, caller) =
        (super::fixtures::id("rcp_", 1), countersign_domain::identity::Caller::system());
    let asked = digest(&used);
    keep(&*store, used.redeem(asked, receipt, &caller, at(5)).unwrap().change).await;
    keep(&*store, deny(&kept(&*store, open(6)).await, at(7)).change).await;
    keep(&*store, open_with(7, |_, demands| demands.on_timeout = OnTimeout::Keep).change).await;
    assert_eq!(store.overdue(at(hour + 1), 10).await, Ok(vec![]));
    assert_eq!(store.overdue(at(hour + 2), 10).await, Ok(vec![unused.clone()]));
    assert_eq!(store.overdue(at(hour + 5), 10).await, Ok(vec![unused.clone(), pending]));
    assert_eq!(store.overdue(at(hour + 5), 1).await, Ok(vec![unused.clone()]));
    keep(&*store, unused.lapse(at(hour + 6)).unwrap().change).await;
    assert_eq!(store.overdue(at(9 * hour), 10).await.unwrap().len(), 1);
}

/// What is out of the ordinary about answers is told, also where somebody else decided.
pub async fn samples_say_what_is_out_of_the_ordinary(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let opened = open_with(1, |card, demands| {
        card.requester.owner = Some(person(1).email);
        demands.self_approval = Some(Risk::Critical);
        demands.stages = vec![Stage { need: 2, ..Stage::any_approver() }];
    });
    let opened = kept(&*store, opened).await;
    keep(
        &*store,
        kept(&*store, open(2)).await.cancel(None, &Caller::system(), at(9)).unwrap().change,
    )
    .await;
    let marks = || async {
        let samples = store.samples(&org(), at(0), at(9)).await.unwrap();
        samples.iter().map(|sample| sample.marks).collect::<Vec<_>>()
    };
    assert_eq!(marks().await, [Marks::default(), Marks::default()]);
    keep(&*store, approve(&opened, at(10)).change).await;
    let own = Marks { self_approved: true, ..Marks::default() };
    assert_eq!(marks().await, [own, Marks::default()]);
}

/// From the first moment of the period, up to its last, oldest first.
pub async fn samples_are_those_of_the_period(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    for n in 1..=4 {
        let medium = |card: &mut Card| card.risk = if n == 2 { Risk::Medium } else { Risk::High };
        let opened = kept(&*store, open_with(n, |card, _| medium(card))).await;
        if n == 2 {
            keep(&*store, approve(&opened, at(30)).change).await;
        }
    }
    let sample = |n, status, decided_at| Sample {
        agent: "agent-1".into(),
        action: "stripe.refund".into(),
        reason_code: ReasonCode::RequiresApproval,
        risk: if n == 2 { Risk::Medium } else { Risk::High },
        status,
        created_at: at(n),
        decided_at,
        automatic: None,
        marks: Marks::default(),
        approver: decided_at.map(|_| person(1).email.as_str().into()),
    };
    let expected =
        vec![sample(2, Status::Approved, Some(at(30))), sample(3, Status::Pending, None)];
    assert_eq!(store.samples(&org(), at(2), at(4)).await, Ok(expected));
}
