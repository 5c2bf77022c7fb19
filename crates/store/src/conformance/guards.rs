//! What stands in the way of a change, and that nothing of it is left then.

use countersign_domain::approval::Origin;
use countersign_domain::audit::Kind;
use countersign_domain::identity::{Agent, Person};
use countersign_domain::policy::{Charge, Counter, Effect, FreezeScope, Permission, Quantity};
use countersign_domain::{Change, ExternalId, Idempotency, Revision, Seq, Settings, Write};

use super::Fresh;
use super::fixtures::{
    agent, approve, apr, at, change, delegation, deny, elsewhere, fact, id, keep, kept, key, open,
    open_with, org, person, refuse, started,
};
use super::round_trip::{freeze, idempotency};
use crate::{Kept, RecordQuery};

/// An older version is refused together with everything that came with it.
pub async fn a_stale_revision_leaves_nothing(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let opened = kept(&*store, open(1)).await;
    let approved = kept(&*store, approve(&opened, at(10))).await;

    let mut stale = deny(&opened, at(11)).change;
    stale.writes.insert(0, Write::Idempotency(idempotency("stale")));
    stale.writes.push(Write::Agent(agent(7)));
    refuse(&*store, stale).await;
    assert_eq!(store.approval(&org(), apr(1)).await, Ok(Some(approved)));
    assert_eq!(store.idempotency(&org(), "caller", "stale").await, Ok(None));

    keep(&*store, change(vec![Write::Agent(agent(1)), Write::Person(person(1))])).await;
    keep(&*store, change(vec![Write::Settings(Settings::default())])).await;
    let third = Revision(3);
    refuse(&*store, change(vec![Write::Agent(Agent { revision: third, ..agent(1) })])).await;
    refuse(&*store, change(vec![Write::Person(Person { revision: third, ..person(1) })])).await;
    refuse(
        &*store,
        change(vec![Write::Settings(Settings { revision: third, ..Settings::default() })]),
    )
    .await;
}

/// What is made twice under one id is made once.
pub async fn a_new_row_under_a_taken_id_is_a_conflict(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, open(1).change).await;
    let rows =
        [Write::Agent(agent(1)), Write::Person(person(1)), Write::Settings(Settings::default())];
    keep(&*store, change(rows.to_vec())).await;
    for row in rows {
        refuse(&*store, change(vec![row])).await;
    }
    refuse(&*store, change(vec![Write::Organization])).await;
    let other = open_with(1, |card, _| card.origin = Origin::Ask);
    refuse(&*store, other.change).await;
}

/// The changes of a batch stand and fall one by one.
pub async fn one_bad_change_does_not_hurt_the_others(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let opened = kept(&*store, open(1)).await;
    let late = deny(&opened, at(9)).change;
    let batch =
        vec![open(2).change, approve(&opened, at(8)).change, late, open(3).change, open(2).change];
    let kept = store.keep(batch).await.unwrap();
    let done: Vec<bool> = kept.iter().map(|kept| *kept != Kept::Conflict).collect();
    assert_eq!(done, [true, true, false, true, false]);
    let seqs: Vec<_> = kept
        .iter()
        .flat_map(|kept| match kept {
            Kept::Done(hints) => hints.iter().map(|hint| hint.seq.0).collect(),
            Kept::Conflict => vec![],
        })
        .collect();
    assert_eq!(seqs, [3, 4, 5]);
    let records =
        store.records(&org(), &RecordQuery { limit: 100, ..RecordQuery::default() }).await.unwrap();
    assert_eq!(records.len(), 5);
}

/// Rows and records need an organization that is there, or comes with them.
pub async fn nothing_is_kept_for_an_unknown_organization(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    for lost in [
        change(vec![Write::Agent(agent(1))]),
        Change::facts(org(), vec![fact(Kind::CheckAllowed, at(1))]),
    ] {
        refuse(&*store, elsewhere("other", lost)).await;
    }
    assert_eq!(store.configuration(&"other".parse().unwrap()).await, Ok(None));
    let founding = change(vec![Write::Organization, Write::Agent(agent(1))]);
    let announced = keep(&*store, elsewhere("other", founding)).await;
    assert_eq!(announced.first().map(|a| a.seq), Some(Seq(1)));
    assert_eq!(store.organizations().await, Ok(vec![org(), "other".parse().unwrap()]));
}

/// Two equal checks share one approval; an explicit ask always opens another.
pub async fn one_check_is_pending_at_a_time(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let same = |n| open_with(n, |card, _| card.proposal.params.clear());
    let first = kept(&*store, same(1)).await;
    refuse(&*store, same(2).change).await;
    let ask = |n| {
        open_with(n, |card, _| {
            card.proposal.params.clear();
            card.origin = Origin::Ask;
        })
    };
    keep(&*store, ask(3).change).await;
    keep(&*store, ask(4).change).await;
    let of_another = open_with(5, |card, _| {
        card.proposal.params.clear();
        card.requester.agent = agent(2).id;
        card.proposal.agent = agent(2).id;
    });
    keep(&*store, of_another.change).await;
    keep(&*store, deny(&first, at(20)).change).await;
    keep(&*store, same(6).change).await;
}

/// A key stands for the first thing that was done under it.
pub async fn an_idempotency_key_is_taken_once(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let entry = idempotency("k");
    keep(&*store, open(1).change.under(Some(entry.clone()))).await;
    refuse(&*store, open(2).change.under(Some(entry.clone()))).await;
    assert_eq!(store.approval(&org(), apr(2)).await, Ok(None));
    let of_another = Idempotency { caller: "another".to_owned(), ..entry.clone() };
    keep(&*store, open(2).change.under(Some(of_another))).await;
    assert_eq!(store.idempotency(&org(), "caller", "k").await, Ok(Some(entry)));
}

/// A client's own id stands for the first approval it named.
pub async fn an_external_id_is_taken_once(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let external = |key, kind: &str| ExternalId {
        key: id("key_", key),
        kind: kind.to_owned(),
        id: "1".to_owned(),
    };
    let named = |key, kind, n| change(vec![Write::External(external(key, kind), apr(n))]);
    keep(&*store, named(1, "call", 1)).await;
    refuse(&*store, named(1, "call", 2)).await;
    keep(&*store, named(2, "call", 3)).await;
    keep(&*store, named(1, "contact", 4)).await;
    assert_eq!(store.external(&org(), &external(1, "call")).await, Ok(Some(apr(1))));
    assert_eq!(store.external(&org(), &external(3, "call")).await, Ok(None));
}

/// The time at which a key stopped working does not move.
pub async fn a_key_is_revoked_once(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, change(vec![Write::Key(key(1)), Write::Key(key(2))])).await;
    let revoked = |seconds| {
        let mut key = key(1);
        key.revoked_at = Some(at(seconds));
        key
    };
    keep(&*store, change(vec![Write::KeyRevoked(revoked(5))])).await;
    refuse(&*store, change(vec![Write::KeyRevoked(revoked(6))])).await;
    refuse(&*store, change(vec![Write::KeyRevoked(key(9))])).await;
    let keys = store.configuration(&org()).await.unwrap().unwrap().keys;
    assert_eq!(keys, [revoked(5), key(2)]);
}

/// One name, one address, one secret: each belongs to one.
pub async fn names_addresses_and_secrets_are_unique(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, elsewhere("other", change(vec![Write::Organization]))).await;
    keep(
        &*store,
        change(vec![Write::Agent(agent(1)), Write::Person(person(1)), Write::Key(key(1))]),
    )
    .await;
    let (mut twin, mut double, mut copy) = (agent(2), person(2), key(2));
    twin.name = agent(1).name;
    double.email = person(1).email;
    copy.hash = key(1).hash;
    for row in [Write::Agent(twin.clone()), Write::Person(double.clone()), Write::Key(copy.clone())]
    {
        refuse(&*store, change(vec![row])).await;
    }
    keep(&*store, elsewhere("other", change(vec![Write::Agent(twin), Write::Person(double)])))
        .await;
    refuse(&*store, elsewhere("other", change(vec![Write::Key(copy)]))).await;
}

/// Each charge of a change holds to its own limit and window, all of them or none are counted, and nothing is
/// counted below zero.
pub async fn what_is_counted_never_passes_its_limit(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let counter = |name: &str, since| Counter { name: name.to_owned(), since: at(since) };
    let charge = |name: &str, amount, limit: Option<i64>| {
        let limit = limit.map(Quantity);
        Write::Charge(Charge::new(counter(name, 0), Quantity(amount)).within(limit))
    };
    let used = |name: &'static str, since| {
        let (store, counter) = (&store, counter(name, since));
        async move {
            let found = store.counters(&org(), std::slice::from_ref(&counter)).await.unwrap();
            found.get(&counter).map(|quantity| quantity.0)
        }
    };
    keep(&*store, change(vec![charge("a", 6, Some(10)), charge("b", 1, None)])).await;
    refuse(&*store, change(vec![charge("b", 1, None), charge("a", 5, Some(10))])).await;
    assert_eq!((used("a", 0).await, used("b", 0).await), (Some(6), Some(1)));
    keep(&*store, change(vec![charge("a", 4, Some(10)), charge("b", 100, None)])).await;
    refuse(&*store, change(vec![charge("c", 11, Some(10))])).await;
    refuse(&*store, change(vec![charge("c", 6, Some(10)), charge("c", 6, Some(10))])).await;
    keep(&*store, change(vec![charge("a", -3, None), charge("b", -1_000, None)])).await;
    keep(&*store, change(vec![charge("d", -5, None)])).await;
    let counts = (used("a", 0).await, used("b", 0).await, used("d", 0).await);
    assert_eq!(counts, (Some(7), Some(0), Some(0)));
    assert_eq!((used("a", 3_600).await, used("c", 0).await), (None, None));
    let other = Charge::new(counter("a", 3_600), Quantity(9)).within(Some(Quantity(10)));
    keep(&*store, change(vec![Write::Charge(other)])).await;
    keep(
        &*store,
        change(vec![charge("a/x", 2, None), charge("a/y", 9, None), charge("ab", 1, None)]),
    )
    .await;
    let parts = store.counters_of(&org(), &counter("a", 0), 10).await.unwrap();
    let parts: Vec<_> =
        parts.iter().map(|(counter, used)| (counter.name.as_str(), used.0)).collect();
    assert_eq!(parts, [("a/y", 9), ("a", 7), ("a/x", 2)]);
}

/// A scope is frozen once; what is not frozen cannot be let go.
pub async fn a_scope_is_frozen_and_let_go_once(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let scopes = [
        FreezeScope::All,
        FreezeScope::Agent(agent(1).id),
        FreezeScope::Action("stripe.**".parse().unwrap()),
    ];
    for scope in &scopes {
        keep(&*store, change(vec![Write::Freeze(freeze(scope.clone(), "first"))])).await;
        keep(&*store, change(vec![Write::Freeze(freeze(scope.clone(), "again"))])).await;
    }
    let frozen = store.configuration(&org()).await.unwrap().unwrap().freezes;
    assert_eq!(frozen.len(), 3);
    assert!(frozen.iter().all(|freeze| freeze.reason == "again"));
    for scope in scopes {
        keep(&*store, change(vec![Write::Unfreeze(scope.clone())])).await;
        refuse(&*store, change(vec![Write::Unfreeze(scope)])).await;
    }
    assert_eq!(store.configuration(&org()).await.unwrap().unwrap().freezes, []);
}

/// A delegation is ended once, and what was decided before it ended is not kept after.
pub async fn a_delegation_is_ended_once(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, change(vec![Write::Delegation(delegation(1))])).await;
    refuse(&*store, change(vec![Write::Delegation(delegation(1))])).await;
    let before = store.version(&org()).await.unwrap().unwrap();
    let ended = delegation(1).ended(at(15)).unwrap();
    let end = || change(vec![Write::Delegation(ended.clone())]);
    keep(&*store, end()).await;
    refuse(&*store, end()).await;
    refuse(&*store, open(1).change.guarded_by(before)).await;
    let others = vec![Write::Organization, Write::Delegation(delegation(1))];
    keep(&*store, elsewhere("other", change(others))).await;
    assert_eq!(store.configuration(&org()).await.unwrap().unwrap().delegations, [ended]);
}

/// What was decided under an older configuration is not kept; what changes no configuration leaves its version.
pub async fn what_was_decided_under_an_older_configuration_is_refused(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let version = || async { store.version(&org()).await.unwrap().unwrap() };
    let before = version().await;
    keep(&*store, open(1).change.guarded_by(before)).await;
    keep(&*store, Change::facts(org(), vec![fact(Kind::CheckAllowed, at(1))])).await;
    assert_eq!(version().await, before);
    let frozen = change(vec![Write::Freeze(freeze(FreezeScope::All, "stop"))]);
    let batch = vec![frozen, open(2).change.guarded_by(before), open(3).change];
    let kept = store.keep(batch).await.unwrap();
    let done: Vec<bool> = kept.iter().map(|kept| *kept != Kept::Conflict).collect();
    assert_eq!(done, [true, false, true]);
    assert_eq!(version().await, before + 1);
    keep(&*store, open(2).change.guarded_by(before + 1)).await;
    assert_eq!(store.version(&"other".parse().unwrap()).await, Ok(None));
}

/// A permission has no revision: the last one counts, and what is not there cannot be removed.
pub async fn a_permission_is_replaced_and_removed_once(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let permission = |effect| Permission {
        agent: agent(1).id,
        pattern: "stripe.**".parse().unwrap(),
        effect,
        max_amount: None,
    };
    keep(&*store, change(vec![Write::Permission(permission(Effect::Allow))])).await;
    keep(&*store, change(vec![Write::Permission(permission(Effect::Deny))])).await;
    let permissions = store.configuration(&org()).await.unwrap().unwrap().permissions;
    assert_eq!(permissions, [permission(Effect::Deny)]);
    let removed =
        || change(vec![Write::PermissionRemoved(agent(1).id, "stripe.**".parse().unwrap())]);
    keep(&*store, removed()).await;
    refuse(&*store, removed()).await;
    assert_eq!(store.configuration(&org()).await.unwrap().unwrap().permissions, []);
}
