//! Many at once. Whatever the order, one wins and the others learn of it.

use std::sync::Arc;

use countersign_domain::approval::Status;
use countersign_domain::audit::Kind;
use countersign_domain::identity::Caller;
use countersign_domain::policy::{Charge, Counter, Quantity};
use countersign_domain::{Change, OrgId, Seq, Write};
use tokio::sync::Barrier;

use super::Fresh;
use super::fixtures::{
    approve, apr, at, change, deny, elsewhere, fact, keep, kept, open, org, started,
};
use super::records::verified;
use super::round_trip::idempotency;
use crate::{Kept, Store};

const ROUNDS: usize = 200;

/// Commits each change from a task of its own, all let go at the same moment.
async fn at_once(store: &Arc<dyn Store>, changes: Vec<Change>) -> Vec<Kept> {
    let start = Arc::new(Barrier::new(changes.len()));
    let tasks: Vec<_> = changes
        .into_iter()
        .map(|change| {
            let (store, start) = (Arc::clone(store), Arc::clone(&start));
            tokio::spawn(async move {
                start.wait().await;
                store.keep(vec![change]).await.unwrap().remove(0)
            })
        })
        .collect();
    let mut kept = Vec::new();
    for task in tasks {
        kept.push(task.await.unwrap());
    }
    kept
}

fn done(kept: &[Kept]) -> usize {
    kept.iter().filter(|kept| **kept != Kept::Conflict).count()
}

/// A yes and a no to the same version.
pub async fn yes_and_no_at_once_leave_one(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    for n in 0..ROUNDS {
        let opened = kept(&*store, open(n)).await;
        let (yes, no) = (approve(&opened, at(500)).change, deny(&opened, at(500)).change);
        let kept = at_once(&store, vec![yes, no]).await;
        assert_eq!(done(&kept), 1, "round {n}");
        let status =
            store.approval(&org(), apr(n)).await.unwrap().map(|approval| approval.state.status());
        let winner = if kept[0] == Kept::Conflict { Status::Denied } else { Status::Approved };
        assert_eq!(status, Some(winner), "round {n}");
    }
    assert_eq!(verified(&*store, &org()).await.len(), 1 + 2 * ROUNDS);
}

/// A yes while the agent withdraws.
pub async fn yes_and_cancel_at_once_leave_one(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    for n in 0..ROUNDS {
        let opened = kept(&*store, open(n)).await;
        let yes = approve(&opened, at(500)).change;
        let withdrawn = opened.cancel(None, &Caller::system(), at(500)).unwrap().change;
        assert_eq!(done(&at_once(&store, vec![withdrawn, yes]).await), 1, "round {n}");
    }
    assert_eq!(verified(&*store, &org()).await.len(), 1 + 2 * ROUNDS);
}

/// The same key from many callers that were cut off and try again.
pub async fn one_idempotency_key_at_once_is_taken_once(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let changes = (0..ROUNDS).map(|n| open(n).change.under(Some(idempotency("once")))).collect();
    assert_eq!(done(&at_once(&store, changes).await), 1);
    let there = store
        .approvals(&org(), &crate::ApprovalQuery { limit: 10, ..Default::default() })
        .await
        .unwrap();
    assert_eq!(there.total, Some(1));
    assert_eq!(verified(&*store, &org()).await.len(), 2);
}

/// Many spend of one limit: what is kept is exactly what fits, and the rest leaves nothing.
pub async fn of_many_charges_at_once_as_many_pass_as_the_limit_permits(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let counter = Counter { name: "budget:runs".to_owned(), since: at(0) };
    let limit = Some(Quantity::whole(50).unwrap());
    let charge = Charge::new(counter.clone(), Quantity::ONE).within(limit);
    let spending =
        || Change::facts(org(), vec![fact(Kind::CheckAllowed, at(1))]).counting([charge.clone()]);
    let kept = at_once(&store, (0..ROUNDS).map(|_| spending()).collect()).await;
    assert_eq!(done(&kept), 50);
    let used = store.counters(&org(), std::slice::from_ref(&counter)).await.unwrap();
    assert_eq!(used.get(&counter), limit.as_ref());
    assert_eq!(verified(&*store, &org()).await.len(), 1 + 50);
}

/// What was judged by a counter is kept only while that stands where it stood: of many that saw the same, one passes.
pub async fn of_many_that_judged_by_the_same_count_one_passes(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let counter = Counter { name: "history:runs".to_owned(), since: at(0) };
    let used = || async {
        let found = store.counters(&org(), std::slice::from_ref(&counter)).await.unwrap();
        found.get(&counter).copied().unwrap_or_default()
    };
    for round in 0..3 {
        let seen = used().await;
        assert_eq!(seen, Quantity::whole(round).unwrap());
        let charge = Charge::new(counter.clone(), Quantity::ONE).seen_at(Some(seen));
        let judged = || {
            Change::facts(org(), vec![fact(Kind::CheckAllowed, at(1))]).counting([charge.clone()])
        };
        assert_eq!(done(&at_once(&store, (0..ROUNDS).map(|_| judged()).collect()).await), 1);
    }
}

/// Two organizations, many writers, some of whom fail: no place is left out or taken twice.
pub async fn the_log_is_whole_after_many_writers(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let other: OrgId = "other".parse().unwrap();
    keep(&*store, elsewhere("other", change(vec![Write::Organization]))).await;
    let changes: Vec<_> = (0..ROUNDS)
        .flat_map(|n| {
            let facts = Change::facts(org(), vec![fact(Kind::CheckAllowed, at(1)); n % 3]);
            // Every second one is asked twice.
            [open(n / 2).change, elsewhere("other", open(n).change), facts]
        })
        .collect();
    let (of_one, of_other) =
        (1 + ROUNDS / 2 + (0..ROUNDS).map(|n| n % 3).sum::<usize>(), 1 + ROUNDS);
    let kept = at_once(&store, changes).await;
    assert_eq!(done(&kept), ROUNDS / 2 + ROUNDS + ROUNDS);
    for (org, length) in [(org(), of_one), (other, of_other)] {
        assert_eq!(verified(&*store, &org).await.len(), length);
        let told = store.announcements(&org, Seq(0), 10_000).await.unwrap();
        assert_eq!(
            told.iter().map(|a| a.seq.0).collect::<Vec<_>>(),
            (1..=length as u64).collect::<Vec<_>>()
        );
    }
}
