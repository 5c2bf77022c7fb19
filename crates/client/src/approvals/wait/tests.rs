use std::collections::VecDeque;

use countersign_domain::OrgId;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// What the server does with one connection.
enum Turn {
    HangUp,
    Busy,
    Tell(&'static str),
}

fn approval(outcome: &str) -> Value {
    let status = if outcome == "asked_question" { "pending" } else { outcome };
    json!({
        "id": "apr_1", "org": "default", "status": status, "outcome": outcome,
        "agent": {"id": "agt_1", "name": "bot", "version": ""}, "action": "a", "summary": "a",
        "params": {}, "context": {}, "digest": "sha256:0", "presented": "sha256:0", "revision": 1,
        "cost": {"usd": "0", "tokens": 0, "estimate": false, "note": null}, "side_effects": [],
        "risk": "high", "reason_code": "DEFAULT_POLICY", "reason": "", "asked_because": "",
        "policy_trace": [], "risk_snapshot": {}, "stages": [], "assurance": "session",
        "on_timeout": {"then": "deny"}, "relayed": false, "notify": [], "answers": [], "thread": [],
        "execution": {"mode": "agent", "state": "unused"}, "links": [], "responses": [],
        "created_at": "2026-01-01T00:00:00Z", "next": "", "url": ""
    })
}

/// Serves one connection per turn, then stays silent; gives back the client and what will have been asked.
async fn server(turns: Vec<Turn>) -> (Client, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let mut asked = Vec::new();
        let mut turns = VecDeque::from(turns);
        while let Some(turn) = turns.pop_front() {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = vec![0; 4096];
            let length = stream.read(&mut buffer).await.unwrap();
            let head = String::from_utf8_lossy(&buffer[..length]).into_owned();
            asked.push(head.lines().next().unwrap_or_default().to_owned());
            let (status, body) = match turn {
                Turn::HangUp => continue,
                Turn::Busy => ("503 Busy", String::new()),
                Turn::Tell(outcome) => ("200 OK", approval(outcome).to_string()),
            };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
            );
            stream.write_all((head + &body).as_bytes()).await.unwrap();
        }
        asked
    });
    (Client::new(&url, "csa_x", &OrgId::first()).unwrap(), asked)
}

#[tokio::test]
async fn a_wait_goes_on_after_broken_connections_until_there_is_an_answer() {
    let turns = vec![Turn::Tell("pending"), Turn::HangUp, Turn::Busy, Turn::Tell("approved")];
    let (client, asked) = server(turns).await;
    let view = client.wait("apr_1", None).await.unwrap();
    assert_eq!(view.outcome, OutcomeKind::Approved);
    let poll = "GET /api/v1/orgs/default/approvals/apr_1?wait=55s HTTP/1.1";
    assert_eq!(asked.await.unwrap(), [poll; 4]);
}

#[tokio::test]
async fn a_question_ends_the_wait() {
    let (client, _) = server(vec![Turn::Tell("asked_question")]).await;
    assert_eq!(client.wait("apr_1", None).await.unwrap().outcome, OutcomeKind::AskedQuestion);
}

#[tokio::test]
async fn a_wait_that_is_over_gives_what_stands() {
    let (client, asked) = server(vec![Turn::Tell("pending")]).await;
    let view = client.wait("apr_1", Some(Duration::ZERO)).await.unwrap();
    assert_eq!(view.outcome, OutcomeKind::Pending);
    assert_eq!(asked.await.unwrap(), ["GET /api/v1/orgs/default/approvals/apr_1 HTTP/1.1"]);
}

#[tokio::test]
async fn a_server_that_is_gone_ends_the_wait_with_its_time() {
    let (client, asked) = server(vec![]).await;
    asked.await.unwrap();
    let answer = client.wait("apr_1", Some(Duration::from_millis(300))).await;
    assert!(matches!(answer, Err(ClientError::Unreachable(_))), "{answer:?}");
}

#[tokio::test]
async fn filters_that_are_absent_are_not_sent() {
    let (client, asked) = server(vec![Turn::Busy, Turn::Busy]).await;
    let from = "2026-01-01T00:00:00Z".parse().ok();
    assert!(client.statistics(from, None).await.is_err());
    let query = crate::approvals::ApprovalQuery {
        status: Some(countersign_domain::approval::Status::Pending),
        limit: Some(2),
        ..Default::default()
    };
    assert!(client.approvals(&query).await.is_err());
    let root = "GET /api/v1/orgs/default/approvals";
    let stats = format!("{root}/stats?from=2026-01-01T00%3A00%3A00Z HTTP/1.1");
    assert_eq!(asked.await.unwrap(), [stats, format!("{root}?status=pending&limit=2 HTTP/1.1")]);
}

#[test]
fn lengths_are_written_as_the_api_reads_them() {
    for (wait, text) in [(55_000, "55s"), (1_500, "1500ms"), (20, "20ms"), (0, "1ms")] {
        assert_eq!(seconds(Duration::from_millis(wait)), text);
        let read = countersign_domain::time::parse_duration(text);
        assert!(read.is_ok(), "{text}");
    }
}
