//! Webhooks of the built binary, with receivers that take, fail and hang.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use countersign_e2e::{Server, asking};
use countersign_wire::webhooks::WebhookRequest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// How many events come at once.
const BURST: usize = 200;
/// How many receivers fail at every call.
const FAILING: usize = 20;
/// How soon after the burst whoever answers at once has been told everything; a call that hangs holds on for
/// ten seconds.
const SOON: Duration = Duration::from_secs(8);

/// How a receiver answers.
#[derive(Clone, Copy)]
enum Answers {
    With(&'static str),
    Never,
}

/// A receiver on this machine.
struct Receiver {
    url: String,
    calls: Arc<AtomicUsize>,
}

impl Receiver {
    async fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let calls = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&calls);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(converse(stream, answers, Arc::clone(&counted)));
            }
        });
        Self { url, calls }
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

/// Reads one request after the other and answers each.
async fn converse(mut stream: TcpStream, answers: Answers, calls: Arc<AtomicUsize>) {
    let mut bytes = Vec::new();
    while let Some(length) = whole_request(&mut stream, &mut bytes).await {
        bytes.drain(..length);
        calls.fetch_add(1, Ordering::SeqCst);
        match answers {
            Answers::With(status) => {
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
            Answers::Never => std::future::pending().await,
        }
    }
}

/// Reads until a request is whole; gives its length, or `None` where the other side has gone.
async fn whole_request(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<usize> {
    loop {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.split("content-length: ").nth(1).expect("a length");
            let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
            if bytes.len() >= head.len() + 4 + length {
                return Some(head.len() + 4 + length);
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend(&chunk[..read]),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_burst_receivers_that_fail_or_hang_delay_nobody_else() {
    let server = Server::start_with(&[
        "--requests-per-second",
        "1000000",
        "--allow-private-targets",
        "127.0.0.0/8",
    ])
    .await;
    let good = Receiver::start(Answers::With("204 No Content")).await;
    let mut others = vec![Receiver::start(Answers::Never).await];
    for _ in 0..FAILING {
        others.push(Receiver::start(Answers::With("500 Internal Server Error")).await);
    }
    for receiver in others.iter().chain([&good]) {
        let events = vec!["approval.created".to_owned()];
        let webhook = WebhookRequest { url: receiver.url.clone(), events };
        server.admin().create_webhook(&webhook).await.unwrap();
    }
    let agent = server.agent("burst").await;
    let asks = (0..BURST).map(|n| {
        let agent = agent.clone();
        tokio::spawn(async move { agent.ask(&asking(&format!("burst.n{n}")), None).await.unwrap() })
    });
    futures_util::future::join_all(asks).await;
    let start = Instant::now();
    while good.calls() < BURST {
        assert!(start.elapsed() < SOON, "{} of {BURST} came within {SOON:?}", good.calls());
        tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_millis(10)).await;
    }
    println!("the last of {BURST} came {:?} after the burst", start.elapsed());
    assert_eq!(others[0].calls(), 4, "of one that hangs at most four calls are under way");
    assert!(others[1..].iter().all(|failing| failing.calls() > 0), "those that fail are told too");
}
