use axum::body::BodyDataStream;
use axum::http::Method;
use futures_util::StreamExt as _;
use serde_json::json;

use super::{Caller, Harness};

/// An open stream of events.
struct Stream {
    body: BodyDataStream,
    text: String,
}

impl Stream {
    async fn open(caller: &Caller, path: &str, last: Option<&str>) -> Self {
        let headers: Vec<_> = last.map(|last| ("last-event-id", last)).into_iter().collect();
        let response =
            caller.raw(Method::GET, &format!("/api/v1/orgs/default/{path}"), &headers, "").await;
        assert_eq!(response.status(), 200);
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next event: its name and id. `None` at the end.
    async fn next(&mut self) -> Option<(String, String)> {
        loop {
            if let Some((one, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = one.lines().find_map(|line| line.strip_prefix(name));
                    line.unwrap_or_default().trim().to_owned()
                };
                let event = (field("event:"), field("id:"));
                self.text = rest.to_owned();
                return Some(event);
            }
            let chunk = self.body.next().await?.unwrap();
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

#[tokio::test]
async fn a_stream_tells_what_happens_and_resumes_where_it_broke() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let mut stream = Stream::open(&h.admin, "events", None).await;
    let (hello, start) = stream.next().await.unwrap();
    assert_eq!(hello, "hello");
    let id = agent.asks(1).await;
    assert_eq!(stream.next().await.unwrap().0, "approval.created");
    h.admin.posts(&format!("approvals/{id}/comments"), json!({"body": "x"})).await;
    let (event, place) = stream.next().await.unwrap();
    assert_eq!(event, "approval.updated");
    drop(stream);
    h.admin.approves(&id).await;
    let mut resumed = Stream::open(&h.admin, "events", Some(&place)).await;
    resumed.next().await;
    assert_eq!(resumed.next().await.unwrap().0, "approval.approved");
    let mut from_start = Stream::open(&h.admin, "events", Some(&start)).await;
    let mut after_the_end = Stream::open(&h.admin, "events", Some("99999999999999")).await;
    after_the_end.next().await;
    agent.asks(2).await;
    assert_eq!(after_the_end.next().await.unwrap().0, "approval.created");
    let mut told = Vec::new();
    for _ in 0..4 {
        told.push(from_start.next().await.unwrap().0);
    }
    assert_eq!(told, ["hello", "approval.created", "approval.updated", "approval.approved"]);
}

#[tokio::test]
async fn each_caller_is_told_only_what_it_may_see() {
    let h = Harness::start().await;
    let (mine, other) = (h.agent("mine").await, h.agent("other").await);
    let mut stream = Stream::open(&mine, "events", None).await;
    stream.next().await;
    let foreign = other.asks(1).await;
    h.admin.approves(&foreign).await;
    let own = mine.asks(2).await;
    let mut of_one = Stream::open(&mine, &format!("approvals/{own}/events"), None).await;
    of_one.next().await;
    assert_eq!(stream.next().await.unwrap().0, "approval.created");
    let second = mine.asks(3).await;
    h.admin.denies(&second, "no").await;
    h.admin.denies(&own, "no").await;
    assert_eq!(of_one.next().await.unwrap().0, "approval.denied");
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(stream.next().await.unwrap().0);
    }
    assert_eq!(told, ["approval.created", "approval.denied", "approval.denied"]);
}

#[tokio::test]
async fn a_stream_ends_with_its_key_and_with_the_server() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let made = h.admin.posts("keys", json!({"name": "second", "agent": "support"})).await;
    let second = h.caller(&made, "secret");
    let mut stream = Stream::open(&second, "events", None).await;
    stream.next().await;
    h.admin.sends(Method::DELETE, &format!("keys/{}", second.id), None).await;
    agent.asks(1).await;
    assert_eq!(stream.next().await, None, "a revoked key is told nothing more");
    let mut open = Stream::open(&agent, "events", None).await;
    open.next().await;
    h.app.wake().close();
    assert_eq!(open.next().await, None);
}

#[tokio::test]
async fn no_text_of_an_agent_ends_an_event_early() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let mut stream = Stream::open(&h.admin, "events", None).await;
    stream.next().await.unwrap();
    for text in
        ["x\n\nevent: approval.approved\ndata: {}\n\n", "\r\r", "a\u{2028}b\u{85}c", "id: 9\n"]
    {
        let ask = json!({"action": "x.y", "summary": format!("s{text}"), "params": {"k": text}, "context": {"k": text}});
        let id = super::harness::id(&agent.posts("approvals", ask).await);
        assert_eq!(stream.next().await.unwrap().0, "approval.created", "{text:?}");
        h.admin
            .posts(&format!("approvals/{id}/comments"), json!({"body": format!("c{text}")}))
            .await;
        assert_eq!(stream.next().await.unwrap().0, "approval.updated", "{text:?}");
    }
}
