use std::time::Duration;

use countersign_domain::notification::pause;

use super::*;
use crate::delivery::{Bounds, Egress, Names};

#[tokio::test]
async fn a_failure_is_tried_again_after_growing_pauses_then_kept_for_replay() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(503, "later")).await;
    let hook = Hook::add_for(&h, &receiver.url(), &["approval.denied"]).await;
    let agent = h.agent("support").await;
    h.admin.denies(&agent.asks(1).await, "no").await;
    let first = receiver.gets().await;
    let mut tried = 1;
    while let Some(length) = pause(tried) {
        let waiting = hook.attempted(tried).await;
        assert_eq!(waiting["state"], "pending");
        h.passes(&(length - jiff::SignedDuration::from_secs(1)).to_string()).await;
        assert_eq!(hook.attempted(tried).await, waiting, "not before its time");
        h.passes("PT1S").await;
        let again = receiver.gets().await;
        assert_eq!((&again.id, &again.body), (&first.id, &first.body));
        assert_ne!(again.header("webhook-timestamp"), first.header("webhook-timestamp"));
        assert!(again.is_signed_with(&hook.secret));
        tried += 1;
    }
    let failed = hook.attempted(tried).await;
    assert_eq!((&failed["state"], tried), (&json!("failed"), 12));
    assert_eq!(failed["attempts"][11]["answer"], "later");
    h.passes("PT100H").await;
    assert_eq!(receiver.calls(), 12, "nothing more by itself");
    assert_eq!(hook.deliveries("?state=failed").await, std::slice::from_ref(&failed));

    let mut mended = Receiver::start(Answers::With(200, "at last")).await;
    hook.changes(json!({"url": mended.url()})).await;
    let replayed = hook.replays(&failed).await;
    assert_eq!(replayed["state"], "pending");
    let late = mended.gets().await;
    assert_eq!((late.id, late.body), (first.id, first.body));
    let done = hook.attempted(13).await;
    assert_eq!(done["state"], "delivered");
    assert_eq!(done["attempts"][12]["status"], 200);
    let record = h.admin.gets("audit?kind=webhook.replayed").await;
    assert_eq!(record["items"][0]["data"]["delivery_id"], done["id"]);
    assert!(hook.deliveries("?state=pending").await.is_empty());
}

#[tokio::test]
async fn a_slow_or_dead_receiver_delays_nobody_else() {
    let h = Harness::with_egress(patient()).await;
    let slow = Receiver::start(Answers::Never).await;
    Hook::add(&h, &slow.url()).await;
    let dead = Hook::add(&h, "http://127.0.0.1:1/").await;
    let mut good = Receiver::start(Answers::With(200, "")).await;
    Hook::add(&h, &good.url()).await;
    let agent = h.agent("support").await;
    for n in 0..10 {
        agent.asks(n).await;
        good.gets().await;
    }
    while slow.calls() < 4 {
        tokio::task::yield_now().await;
    }
    for n in 10..20 {
        agent.asks(n).await;
        good.gets().await;
    }
    assert_eq!(slow.calls(), 4, "at most four at once, and none of them has ended");
    let refused = dead.all(|d| d["attempts"] != json!([])).await;
    assert_eq!(refused.len(), 20);
    for delivery in refused {
        assert_eq!(
            (&delivery["state"], &delivery["attempts"][0]["status"]),
            (&json!("pending"), &Value::Null)
        );
    }
}

/// A way out that waits for an answer longer than the test takes.
fn patient() -> Egress {
    let bounds = Bounds { time: Duration::from_mins(10), answer: 1_000 };
    Egress::with(&["127.0.0.0/8".parse().unwrap()], Names::default(), bounds)
}

#[tokio::test]
async fn deliveries_are_listed_page_by_page() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(200, "")).await;
    let hook = Hook::add_for(&h, &receiver.url(), &["approval.created"]).await;
    let agent = h.agent("support").await;
    let mut asked = Vec::new();
    for n in 0..5 {
        asked.push(json!(agent.asks(n).await));
        receiver.gets().await;
        h.passes("PT1S").await;
    }
    hook.all(|d| d["state"] == "delivered").await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = hook.path(&format!("/deliveries?limit=2{cursor}"));
        let page = h.admin.gets(&path).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|d| d["approval_id"].clone()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    asked.reverse();
    assert_eq!(seen, asked);
    for query in ["?limit=0", "?limit=201", "?state=lost", "?cursor=x", "?page=2"] {
        let refused = error(
            h.admin.sends(Method::GET, &hook.path(&format!("/deliveries{query}")), None).await,
        );
        assert_eq!(refused, (422, "invalid".into()), "{query}");
    }
}
