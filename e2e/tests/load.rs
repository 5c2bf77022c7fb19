//! Many at once, slow ones, hostile ones: the others go on unharmed.

use std::time::{Duration, Instant};

use countersign_client::ClientError;
use countersign_domain::approval::OutcomeKind;
use countersign_e2e::{Raw, Server, asking};
use countersign_wire::Code;
use countersign_wire::approvals::{ApproveRequest, AskRequest};

const APPROVALS: &str = "/api/v1/orgs/default/approvals";
const EXPORT: &str = "/api/v1/orgs/default/audit/export";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_parked_agents_are_all_woken() {
    let server = Server::start().await;
    let (agent, key) = server.agent_with_key("crowd").await;
    let mut ids = Vec::new();
    for n in 0..10 {
        ids.push(agent.ask(&asking(&format!("park.n{n}")), None).await.unwrap().id);
    }
    let mut parked = Vec::new();
    for id in ids.iter().cycle().take(10_000) {
        let mut raw = Raw::open(&server.url).await;
        raw.send("GET", &format!("{APPROVALS}/{id}?wait=100s"), &key, b"").await;
        parked.push(raw);
    }
    // The server is not busy with them: others are answered at once.
    let start = Instant::now();
    agent.ask(&asking("park.other"), None).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(5));
    for id in &ids {
        server.admin().approve(id, &ApproveRequest::default()).await.unwrap();
    }
    for mut raw in parked {
        let answer = raw.rest(Duration::from_secs(20)).await;
        assert!(answer.contains("\"outcome\":\"approved\""), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sends_a_byte_a_second_is_dropped_and_hurts_nobody() {
    let server = Server::start().await;
    let agent = server.agent("quick").await;
    let slow = tokio::spawn({
        let url = server.url.clone();
        async move {
            let mut raw = Raw::open(&url).await;
            let start = Instant::now();
            for byte in format!("GET {APPROVALS} HTTP/1.1\r\nx-slow: {}", "y".repeat(60)).bytes() {
                raw.write(&[byte]).await;
                tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_secs(1))
                    .await;
                if start.elapsed() > Duration::from_secs(12) {
                    break;
                }
            }
            raw.rest(Duration::from_secs(5)).await
        }
    });
    for n in 0..20 {
        agent.ask(&asking(&format!("quick.n{n}")), None).await.unwrap();
    }
    slow.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reads_a_byte_a_second_hurts_nobody_and_does_not_keep_the_server_from_ending() {
    let mut server = Server::start().await;
    let agent = server.agent("writer").await;
    for n in 0..60 {
        let text = serde_json::json!({"text": "x".repeat(250_000)});
        let params = text.as_object().unwrap().clone();
        agent.ask(&AskRequest { params, ..asking(&format!("large.n{n}")) }, None).await.unwrap();
    }
    let before = server.memory();
    let mut slow = Vec::new();
    for _ in 0..20 {
        let mut raw = Raw::open(&server.url).await;
        raw.send("GET", EXPORT, &server.admin_token, b"").await;
        slow.push(raw);
    }
    for _ in 0..3 {
        for raw in &mut slow {
            assert!(raw.byte(Duration::from_secs(5)).await.is_some());
        }
        let start = Instant::now();
        agent.ask(&asking("quick.ask"), None).await.unwrap();
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_secs(1)).await;
    }
    // What nobody reads is not held: twenty times the record would be 300 MB.
    let more = server.memory().saturating_sub(before);
    assert!(more < 200_000_000, "{more} bytes more");
    server.terminate();
    assert_eq!(server.ended_within(Duration::from_secs(15)).await, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_bodies_are_refused_and_the_server_stays_up() {
    let server = Server::start().await;
    let (agent, key) = server.agent_with_key("hostile").await;
    let deep = [b"[".repeat(1_000_000), b"]".repeat(10)].concat();
    let huge = vec![b'x'; 3 << 20];
    let many = [b"[1".to_vec(), b",1".repeat(400_000), b"]".to_vec()].concat();
    let cases: [(&[u8], &str, &str); 6] = [
        (&deep, "invalid_json", "nesting is deeper than is read"),
        (&huge, "body_too_large", ""),
        (&many, "body_too_large", "more than 10000 values are not read"),
        (b"{\"action\":\"\xff\xfe\"}", "invalid_json", "byte 11 is not UTF-8"),
        (
            b"{\"action\":\"x.y\",\"action\":\"x.z\"}",
            "invalid_json",
            "the key `action` stands twice",
        ),
        (b"\0\0\0", "invalid_json", "expected a value at byte 0"),
    ];
    for (body, code, why) in cases {
        let mut raw = Raw::open(&server.url).await;
        raw.send("POST", APPROVALS, &key, body).await;
        let answer = raw.rest(Duration::from_secs(10)).await;
        assert!(answer.contains(code) && answer.contains(why), "{code}, {why}: {answer}");
    }
    let mut chunked = Raw::open(&server.url).await;
    let head = format!(
        "POST {APPROVALS} HTTP/1.1\r\nhost: e2e\r\nauthorization: Bearer {key}\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    chunked.write(head.as_bytes()).await;
    for _ in 0..40 {
        chunked.write(format!("10000\r\n{}\r\n", "z".repeat(0x10000)).as_bytes()).await;
    }
    assert!(chunked.rest(Duration::from_secs(15)).await.contains("body_too_large"));
    agent.ask(&asking("still.alive"), None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_floods_is_slowed_and_the_others_are_not() {
    let server = Server::start_with(&["--requests-per-second", "50"]).await;
    let (flood, key) = server.agent_with_key("flood").await;
    let calm = server.agent("calm").await;
    let calls = (0..400).map(|_| {
        let flood = flood.clone();
        tokio::spawn(async move { flood.me().await })
    });
    let answers = futures_util::future::join_all(calls).await;
    let slowed = answers.into_iter().filter_map(|answer| match answer {
        Ok(Err(ClientError::Problem(problem))) if problem.code == Code::RateLimited => {
            Some(problem)
        }
        _ => None,
    });
    let slowed: Vec<_> = slowed.collect();
    assert!(slowed.len() > 200, "{} were slowed", slowed.len());
    assert!(slowed.iter().all(|problem| problem.retry_after.is_some_and(|seconds| seconds >= 1)));
    let mut answer = String::new();
    for _ in 0..1_000 {
        let mut raw = Raw::open(&server.url).await;
        raw.send("GET", "/api/v1/orgs/default/me", &key, b"").await;
        answer = raw.rest(Duration::from_secs(5)).await.to_lowercase();
        if answer.contains(" 429 ") {
            break;
        }
    }
    assert!(answer.contains(" 429 ") && answer.contains("retry-after: "), "{answer}");
    let id = calm.ask(&asking("calm.work"), None).await.unwrap().id;
    server.admin().approve(&id, &ApproveRequest::default()).await.unwrap();
    assert_eq!(calm.approval(&id).await.unwrap().outcome, OutcomeKind::Approved);
}
