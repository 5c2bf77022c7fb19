//! What ended long ago goes; the record stays.

use countersign_domain::notification::{Delivery, DeliveryState, Webhook, WebhookStatus};
use countersign_domain::{Change, DeliveryId, Revision, Seq, Write};

use super::fixtures::{attempt, delivery, due, ids, to, webhook};
use crate::conformance::Fresh;
use crate::conformance::fixtures::{at, change, elsewhere, keep, org, refuse, started};
use crate::conformance::records::verified;
use crate::{Backlog, DeliveryQuery, EndedBefore, Store};

/// Rows without a record.
fn quiet(writes: Vec<Write>) -> Change {
    Change { records: vec![], ..change(writes) }
}

/// The `n`th delivery, ended at a second.
fn ended(n: usize, state: fn(jiff::Timestamp) -> DeliveryState, seconds: i64) -> Delivery {
    let mut delivery = delivery(n, 1, 5).attempted(attempt(Some(200)), at(seconds));
    delivery.state = state(at(seconds));
    delivery
}

fn delivered(at: jiff::Timestamp) -> DeliveryState {
    DeliveryState::Delivered { at }
}

fn failed(at: jiff::Timestamp) -> DeliveryState {
    DeliveryState::Failed { at }
}

/// Keeps these deliveries, each made before it ended.
async fn keep_all(store: &dyn Store, all: &[Delivery]) {
    keep(store, quiet(vec![Write::Webhook(webhook(1))])).await;
    for one in all {
        let n = usize::try_from(one.seq.0).unwrap();
        keep(store, quiet(vec![due(n, 1, 5)])).await;
        keep(store, quiet(vec![Write::Delivery(Box::new(one.clone()))])).await;
    }
}

async fn found(store: &dyn Store, times: (i64, i64), limit: usize) -> Vec<(DeliveryId, Revision)> {
    let before = EndedBefore { delivered: at(times.0), failed: at(times.1) };
    store.ended_deliveries(&org(), before, limit).await.unwrap()
}

/// Each kind before its own time, the oldest first, and never a pending one.
pub async fn what_ended_long_ago_is_found_oldest_first(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let all = [
        ended(1, delivered, 30),
        ended(2, delivered, 10),
        ended(3, failed, 20),
        ended(4, failed, 40),
        ended(5, delivered, 50).replay(at(60)),
    ];
    keep_all(&*store, &all[..4]).await;
    keep(&*store, quiet(vec![due(5, 1, 5)])).await;
    keep(&*store, elsewhere("other", change(vec![Write::Organization]))).await;
    let key = |n: usize| (all[n - 1].id, all[n - 1].revision);
    assert_eq!(found(&*store, (100, 100), 9).await, [key(2), key(3), key(1), key(4)]);
    assert_eq!(found(&*store, (100, 100), 3).await, [key(2), key(3), key(1)]);
    assert_eq!(found(&*store, (30, 21), 9).await, [key(2), key(3)]);
    assert_eq!(found(&*store, (31, 20), 9).await, [key(2), key(1)]);
    assert_eq!(found(&*store, (0, 0), 9).await, []);
    let before = EndedBefore { delivered: at(100), failed: at(100) };
    let other = "other".parse().unwrap();
    assert_eq!(store.ended_deliveries(&other, before, 9).await, Ok(vec![]));
}

/// One that was asked for again in the meantime stays, and with it what was to go beside it.
pub async fn only_what_was_looked_at_is_removed(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let all = [ended(1, delivered, 10), ended(2, failed, 20)];
    keep_all(&*store, &all).await;
    let looked = found(&*store, (100, 100), 9).await;
    let again = all[1].clone().replay(at(30));
    keep(&*store, quiet(vec![Write::Delivery(Box::new(again.clone()))])).await;
    let remove = |(id, revision): &(DeliveryId, Revision)| Write::DeliveryRemoved(*id, *revision);
    refuse(&*store, quiet(looked.iter().map(remove).collect())).await;
    let listed = async || {
        let query = DeliveryQuery { limit: 10, ..to(1) };
        ids(&store.deliveries(&org(), &query).await.unwrap())
    };
    assert_eq!(listed().await, [2, 1]);
    keep(&*store, quiet(vec![remove(&looked[0])])).await;
    assert_eq!(listed().await, [2]);
    assert_eq!(store.delivery(&org(), again.id).await, Ok(Some(again)));
}

/// Announcements go up to a place, in their own organization; what comes later and every record stays.
pub async fn what_is_forgotten_leaves_the_record_whole(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    for _ in 0..4 {
        keep(&*store, change(vec![])).await;
    }
    keep(&*store, elsewhere("other", change(vec![Write::Organization]))).await;
    let records = verified(&*store, &org()).await;
    let head = store.head(&org()).await;
    keep(&*store, quiet(vec![Write::OutboxForgotten(Seq(3))])).await;
    let left = async |org| -> Vec<u64> {
        let left = store.announcements(&org, Seq(0), 10).await.unwrap();
        left.iter().map(|one| one.seq.0).collect()
    };
    assert_eq!(left(org()).await, [4, 5]);
    assert_eq!(left("other".parse().unwrap()).await, [1]);
    assert_eq!((verified(&*store, &org()).await, store.head(&org()).await), (records, head));
    keep(&*store, change(vec![])).await;
    assert_eq!(left(org()).await, [4, 5, 6], "it is numbered on as if nothing had gone");
}

/// Of all webhooks of an organization, and since when the oldest was made.
pub async fn pending_deliveries_are_counted(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    assert_eq!(store.delivery_backlog(&org()).await, Ok(Backlog::default()));
    keep_all(&*store, &[ended(1, delivered, 10)]).await;
    keep(&*store, quiet(vec![Write::Webhook(webhook(2))])).await;
    keep(&*store, quiet(vec![due(2, 1, 9), due(3, 2, 7)])).await;
    let backlog = Backlog { pending: 2, oldest: Some(at(7)) };
    assert_eq!(store.delivery_backlog(&org()).await, Ok(backlog));
    let disabled = Webhook { revision: Revision(2), status: WebhookStatus::Disabled, ..webhook(2) };
    keep(&*store, quiet(vec![Write::Webhook(disabled)])).await;
    let backlog = Backlog { pending: 1, oldest: Some(at(9)) };
    assert_eq!(store.delivery_backlog(&org()).await, Ok(backlog), "nobody is told of the other");
}
