use super::*;

#[tokio::test]
async fn calls_of_webhooks_are_measured() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(200, "")).await;
    let good = Hook::add(&h, &receiver.url()).await;
    let dead = Hook::add(&h, "http://127.0.0.1:1/").await;
    h.agent("support").await.asks(1).await;
    receiver.gets().await;
    good.all(|d| d["state"] == "delivered").await;
    dead.attempted(1).await;
    h.passes("4s").await;
    let text = after_attempts(&h, 2).await;
    for line in [
        "countersign_delivery_attempts_total{result=\"succeeded\"} 1\n",
        "countersign_delivery_attempts_total{result=\"retried\"} 1\n",
        "countersign_pending_deliveries 1\n",
        "countersign_oldest_pending_delivery_seconds 4\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

/// What is measured once so many attempts are: a moment after each is kept.
async fn after_attempts(h: &Harness, count: usize) -> String {
    let line = format!("countersign_delivery_attempt_seconds_count {count}\n");
    loop {
        let text = h.app.measured().await.unwrap();
        if text.contains(&line) {
            return text;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_waits_for_a_disabled_webhook_is_not_pending() {
    let h = Harness::start().await;
    let dead = Hook::add(&h, "http://127.0.0.1:1/").await;
    h.agent("support").await.asks(1).await;
    dead.attempted(1).await;
    let pending = async || {
        let text = h.app.measured().await.unwrap();
        let line = text.lines().find(|line| line.starts_with("countersign_pending_deliveries "));
        line.unwrap().rsplit(' ').next().unwrap().to_owned()
    };
    assert_eq!(pending().await, "1");
    dead.changes(json!({"status": "disabled"})).await;
    assert_eq!(pending().await, "0");
    dead.changes(json!({"status": "active"})).await;
    assert_eq!(pending().await, "1");
}
