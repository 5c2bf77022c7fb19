use countersign_domain::Seq;
use countersign_domain::notification::Retention;

use super::*;

#[tokio::test]
async fn what_was_delivered_is_kept_for_a_month_and_what_was_not_for_three() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(200, "")).await;
    let good = Hook::add_for(&h, &receiver.url(), &["approval.created"]).await;
    let dead = Hook::add_for(&h, "http://127.0.0.1:1/", &["approval.created"]).await;
    let agent = h.agent("support").await;
    agent.asks(1).await;
    receiver.gets().await;
    good.all(|d| d["state"] == "delivered").await;
    let mut tried = 1;
    while let Some(length) = countersign_domain::notification::pause(tried) {
        dead.attempted(tried).await;
        h.passes(&length.to_string()).await;
        tried += 1;
    }
    let failed = dead.all(|d| d["state"] == "failed").await;
    let org = "default".parse().unwrap();
    let events = async || h.app.announcements(&org, Seq(0), 10).await.unwrap().len();
    let forget = async || h.app.forget(Retention::default()).await.unwrap();
    let records = h.admin.gets("audit?limit=1000").await["items"].clone();
    // The request was made three days ago, and expired two days ago.
    for (passed, expected) in
        [("624h", (1, 1, 2)), ("48h", (0, 1, 1)), ("1464h", (0, 1, 0)), ("48h", (0, 0, 0))]
    {
        h.passes(passed).await;
        forget().await;
        let (arrived, given_up) = (good.deliveries("").await, dead.deliveries("").await);
        let left = (arrived.len(), given_up.len(), events().await);
        assert_eq!(left, expected, "after {passed}");
    }
    assert_eq!(failed.len(), 1);
    assert_eq!(h.admin.gets("audit?limit=1000").await["items"], records, "the record is whole");
    // A stream that resumes at what is gone goes on with what comes.
    agent.asks(2).await;
    receiver.gets().await;
    assert_eq!(events().await, 1);
}

#[tokio::test]
async fn more_than_a_batch_goes_and_what_is_not_told_yet_stays() {
    let h = Harness::start().await;
    // Nobody is told of anything while the worker stands.
    h.teller.abort();
    let hook = Hook::add(&h, "http://127.0.0.1:1/").await;
    let agent = h.agent("support").await;
    for n in 0..250 {
        agent.asks(n).await;
    }
    let org = "default".parse().unwrap();
    let left = async || h.app.announcements(&org, Seq(0), 1_000).await.unwrap().len();
    h.passes("744h").await;
    assert_eq!(left().await, 500, "each was made, and expired just now");
    h.app.forget(Retention::default()).await.unwrap();
    assert_eq!(left().await, 500);
    hook.changes(json!({"status": "disabled"})).await;
    h.app.forget(Retention::default()).await.unwrap();
    assert_eq!(left().await, 250);
}
