//! Many at once, slow ones, hostile ones: the others go on unharmed.

use std::time::{Duration, Instant};

use countersign_client::ClientError;
use countersign_domain::approval::OutcomeKind;
use countersign_e2e::{Raw, Server, asking};
use countersign_wire::Code;
use countersign_wire::approvals::ApproveRequest;

const APPROVALS: &str = "/api/v1/orgs/default/approvals";

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
async fn hostile_bodies_are_refused_and_the_server_stays_up() {
    let server = Server::start().await;
    let (agent, key) = server.agent_with_key("hostile").await;
    let deep = [b"[".repeat(1_000_000), b"]".repeat(10)].concat();
    let huge = vec![b'x'; 3 << 20];
    let many = [b"[1".to_vec(), b",1".repeat(400_000), b"]".to_vec()].concat();
    let cases: [(&[u8], &str); 6] = [
        (&deep, "invalid_json"),
        (&huge, "body_too_large"),
        (&many, "body_too_large"),
        (b"{\"action\":\"\xff\xfe\"}", "invalid_json"),
        (b"{\"action\":\"x.y\",\"action\":\"x.z\"}", "invalid_json"),
        (b"\0\0\0", "invalid_json"),
    ];
    for (body, code) in cases {
        let mut raw = Raw::open(&server.url).await;
        raw.send("POST", APPROVALS, &key, body).await;
        let answer = raw.rest(Duration::from_secs(10)).await;
        assert!(answer.contains(code), "{code}: {answer}");
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
    let (flood, calm) = (server.agent("flood").await, server.agent("calm").await);
    let calls = (0..400).map(|_| {
        let flood = flood.clone();
        tokio::spawn(async move { flood.me().await })
    });
    let answers = futures_util::future::join_all(calls).await;
    let slowed = answers.into_iter().filter(|answer| match answer {
        Ok(Err(ClientError::Problem(problem))) => problem.code == Code::RateLimited,
        _ => false,
    });
    assert!(slowed.count() > 200);
    let id = calm.ask(&asking("calm.work"), None).await.unwrap().id;
    server.admin().approve(&id, &ApproveRequest::default()).await.unwrap();
    assert_eq!(calm.approval(&id).await.unwrap().outcome, OutcomeKind::Approved);
}
