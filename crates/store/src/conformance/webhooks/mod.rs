//! Webhooks and what is on its way to them.

mod fixtures;
pub mod retention;

use std::collections::BTreeSet;

use countersign_domain::notification::{DeliveryState, DeliveryStatus, Webhook, WebhookStatus};
use countersign_domain::{Change, Revision, Seq, Write};

use self::fixtures::{attempt, delivery, due, ids, secret, to, webhook};
use super::Fresh;
use super::fixtures::{at, change, elsewhere, keep, org, refuse, started};
use crate::DeliveryQuery;

/// With their secrets, which stand nowhere else.
pub async fn webhooks_come_back_with_their_secrets(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let first = webhook(1).rotate(secret(7), at(60));
    let first = Webhook { revision: Revision::FIRST, ..first };
    keep(&*store, change(vec![Write::Webhook(webhook(2)), Write::Webhook(first.clone())])).await;
    let configured = async || store.configuration(&org()).await.unwrap().unwrap().webhooks;
    assert_eq!(configured().await, [first.clone(), webhook(2)]);

    let second =
        Webhook { status: WebhookStatus::Disabled, ..webhook(2).rotate(secret(9), at(90)) };
    keep(&*store, change(vec![Write::Webhook(second.clone())])).await;
    assert_eq!(configured().await, [first, second]);
    refuse(&*store, change(vec![Write::Webhook(webhook(1))])).await;
    let ahead = Webhook { revision: Revision(7), ..webhook(2) };
    refuse(&*store, change(vec![Write::Webhook(ahead)])).await;
}

/// A webhook that goes takes its deliveries with it; nothing is delivered to one that is not there.
pub async fn a_webhook_goes_with_its_deliveries(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    refuse(&*store, change(vec![due(1, 1, 5)])).await;
    keep(&*store, change(vec![Write::Webhook(webhook(1)), Write::Webhook(webhook(2))])).await;
    keep(&*store, change(vec![due(1, 1, 5), due(2, 2, 5)])).await;
    keep(&*store, elsewhere("other", change(vec![Write::Organization]))).await;
    refuse(&*store, elsewhere("other", change(vec![Write::WebhookRemoved(webhook(1).id)]))).await;
    let removed = || change(vec![Write::WebhookRemoved(webhook(1).id)]);
    keep(&*store, removed()).await;
    refuse(&*store, removed()).await;
    refuse(&*store, change(vec![due(3, 1, 5)])).await;
    assert_eq!(store.delivery(&org(), delivery(1, 1, 5).id).await, Ok(None));
    assert_eq!(store.delivery(&org(), delivery(2, 2, 5).id).await, Ok(Some(delivery(2, 2, 5))));
}

/// In every state; and an older version is refused.
pub async fn deliveries_come_back_in_every_state(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, change(vec![Write::Webhook(webhook(1)), due(1, 1, 5)])).await;
    let new = delivery(1, 1, 5);
    let failed = new.clone().attempted(attempt(None), at(6));
    let arrived = failed.clone().attempted(attempt(Some(200)), at(7));
    let again = arrived.clone().replay(at(8));
    let mut given_up = again.clone();
    given_up.revision = given_up.revision.next();
    given_up.state = DeliveryState::Failed { at: at(9) };
    for next in [failed.clone(), arrived, again, given_up] {
        let quiet =
            Change { records: vec![], ..change(vec![Write::Delivery(Box::new(next.clone()))]) };
        keep(&*store, quiet).await;
        assert_eq!(store.delivery(&org(), new.id).await, Ok(Some(next)));
    }
    refuse(&*store, change(vec![Write::Delivery(Box::new(failed))])).await;
    refuse(&*store, change(vec![due(1, 1, 5)])).await;
}

/// Only the pending ones of that webhook: the soonest first, then in the order of their events.
pub async fn the_soonest_pending_deliveries_come_first(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, change(vec![Write::Webhook(webhook(1)), Write::Webhook(webhook(2))])).await;
    let all = vec![due(4, 1, 9), due(3, 1, 5), due(2, 1, 5), due(1, 1, 70), due(9, 2, 1)];
    keep(&*store, change(all)).await;
    let done = delivery(3, 1, 5).attempted(attempt(Some(204)), at(6));
    keep(&*store, change(vec![Write::Delivery(Box::new(done))])).await;
    let pending = async |n, limit| {
        ids(&store.pending_deliveries(&org(), webhook(n).id, limit).await.unwrap())
    };
    assert_eq!(pending(1, 10).await, [2, 4, 1]);
    assert_eq!(pending(1, 2).await, [2, 4]);
    assert_eq!(pending(2, 10).await, [9]);
    assert_eq!(pending(3, 10).await, [0; 0]);
}

/// Newest first, by status, page after page, each once.
pub async fn deliveries_are_listed_newest_first(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, change(vec![Write::Webhook(webhook(1)), Write::Webhook(webhook(2))])).await;
    keep(&*store, change((1..=7).map(|n| due(n, 1, 5)).chain([due(8, 2, 5)]).collect())).await;
    for n in [2, 4] {
        let done = delivery(n, 1, 5).attempted(attempt(Some(200)), at(6));
        keep(&*store, change(vec![Write::Delivery(Box::new(done))])).await;
    }
    let listed = async |query| ids(&store.deliveries(&org(), &query).await.unwrap());
    let all = DeliveryQuery { limit: 10, ..to(1) };
    assert_eq!(listed(all).await, [7, 6, 5, 4, 3, 2, 1]);
    for (status, expected) in [
        (DeliveryStatus::Delivered, vec![4, 2]),
        (DeliveryStatus::Pending, vec![7, 6, 5, 3, 1]),
        (DeliveryStatus::Failed, vec![]),
    ] {
        assert_eq!(listed(DeliveryQuery { status: Some(status), ..all }).await, expected);
    }
    let (mut query, mut seen) = (DeliveryQuery { limit: 3, ..to(1) }, Vec::new());
    loop {
        let page = store.deliveries(&org(), &query).await.unwrap();
        seen.extend(ids(&page));
        let Some(last) = page.last() else { break };
        query.before = Some(last.id);
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(BTreeSet::from_iter(seen).len(), 7);
}

/// Whoever looks through the outbox second at the same place keeps nothing.
pub async fn the_outbox_is_looked_through_once(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, change(vec![Write::Webhook(webhook(1))])).await;
    let fan_out = |n, from, to| {
        let moved = Write::DeliveryCursor { from: Seq(from), to: Seq(to) };
        Change { records: vec![], ..change(vec![moved, due(n, 1, 5)]) }
    };
    assert_eq!(store.delivery_cursor(&org()).await, Ok(Seq(0)));
    refuse(&*store, fan_out(1, 1, 2)).await;
    let both = vec![fan_out(1, 0, 2), fan_out(2, 0, 2)];
    let kept = store.keep(both).await.unwrap();
    assert_eq!(kept, [crate::Kept::Done(vec![]), crate::Kept::Conflict]);
    keep(&*store, fan_out(3, 2, 5)).await;
    refuse(&*store, fan_out(4, 2, 5)).await;
    assert_eq!(store.delivery_cursor(&org()).await, Ok(Seq(5)));
    let listed = store.deliveries(&org(), &DeliveryQuery { limit: 10, ..to(1) }).await.unwrap();
    assert_eq!(ids(&listed), [3, 1]);
}
