use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::Harness;

/// Waits until so many requests are parked.
async fn parked(h: &Harness, count: usize) {
    while h.app.wake().parked() < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_answer_wakes_the_waiting_agent_at_once() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    let waiting = tokio::spawn({
        let (agent, path) = (agent.clone(), format!("approvals/{id}?wait=100s"));
        async move { agent.gets(&path).await }
    });
    parked(&h, 1).await;
    h.admin.posts(&format!("approvals/{id}/comments"), json!({"body": "hm"})).await;
    let start = Instant::now();
    h.admin.approves(&id).await;
    assert_eq!(waiting.await.unwrap()["outcome"], "approved");
    assert!(start.elapsed() < Duration::from_secs(5), "woken by the answer, not by the clock");
    assert_eq!(h.app.wake().parked(), 0);
}

#[tokio::test]
async fn a_question_and_the_end_of_time_wake_as_well() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    let wait = |agent: super::Caller| {
        let path = format!("approvals/{id}?wait=100s");
        tokio::spawn(async move { agent.gets(&path).await })
    };
    let first = wait(agent.clone());
    parked(&h, 1).await;
    h.admin.posts(&format!("approvals/{id}/ask"), json!({"question": "why?"})).await;
    assert_eq!(first.await.unwrap()["outcome"], "asked_question");
    agent.posts(&format!("approvals/{id}/answer"), json!({"answer": "so"})).await;
    let second = wait(agent.clone());
    parked(&h, 1).await;
    h.passes("PT24H").await;
    let told = second.await.unwrap();
    assert_eq!(
        (&told["outcome"], &told["answered_by"]),
        (&json!("expired"), &json!("auto:timeout"))
    );
}

#[tokio::test]
async fn a_wait_that_ends_says_pending_and_what_to_do() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    let told = agent.gets(&format!("approvals/{id}?wait=50ms")).await;
    assert_eq!(told["outcome"], "pending");
    assert!(told["next"].as_str().unwrap().contains("wait again"));
    let known = told["revision"].as_u64().unwrap();
    let waiting = tokio::spawn({
        let (admin, path) =
            (h.admin.clone(), format!("approvals/{id}?wait=100s&after_revision={known}"));
        async move { admin.gets(&path).await }
    });
    parked(&h, 1).await;
    agent.posts(&format!("approvals/{id}/comments"), json!({"body": "news"})).await;
    assert_eq!(waiting.await.unwrap()["revision"], known + 1);
}

#[tokio::test]
async fn a_server_that_stops_answers_everyone_who_waits() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    let waiting: Vec<_> = (0..50)
        .map(|_| {
            let (agent, path) = (agent.clone(), format!("approvals/{id}?wait=100s"));
            tokio::spawn(async move { agent.gets(&path).await })
        })
        .collect();
    parked(&h, 50).await;
    h.app.wake().close();
    for one in waiting {
        assert_eq!(one.await.unwrap()["outcome"], "pending");
    }
}

#[tokio::test]
async fn whoever_goes_away_leaves_nothing_behind() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let id = agent.asks(50).await;
    let waiting = tokio::spawn({
        let (agent, path) = (agent.clone(), format!("approvals/{id}?wait=100s"));
        async move { agent.gets(&path).await }
    });
    parked(&h, 1).await;
    waiting.abort();
    drop(waiting.await);
    assert_eq!(h.app.wake().parked(), 0);
}
