//! A receiver on this machine that keeps what it is sent and answers as it is told.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use countersign_domain::notification::{WebhookSecret, sign};
use futures_util::stream;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// How a receiver answers.
#[derive(Debug, Clone)]
pub(super) enum Answers {
    /// With this status and text.
    With(u16, &'static str),
    /// Never.
    Never,
    /// With a redirect.
    Elsewhere(String),
    /// With 200 and a body of so many bytes.
    Bytes(usize),
    /// With 200 and a body that does not end, as fast as it is read.
    Endless,
    /// With 200 and a body of which nothing comes.
    Silent,
}

/// What it was sent.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) body: Value,
    headers: HeaderMap,
    bytes: Bytes,
}

/// A receiver.
pub(super) struct Receiver {
    address: SocketAddr,
    came: mpsc::UnboundedReceiver<Message>,
    calls: Arc<AtomicUsize>,
}

#[derive(Clone)]
struct Shared {
    answers: Answers,
    sender: mpsc::UnboundedSender<Message>,
    calls: Arc<AtomicUsize>,
}

impl Receiver {
    /// Starts one.
    pub(super) async fn start(answers: Answers) -> Self {
        let (sender, came) = mpsc::unbounded_channel();
        let calls = Arc::<AtomicUsize>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Shared { answers, sender, calls: Arc::clone(&calls) };
        let router = Router::new().fallback(take).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, came, calls }
    }

    /// Where it is called.
    pub(super) fn url(&self) -> String {
        self.url_of("127.0.0.1")
    }

    /// The same, by a name.
    pub(super) fn url_of(&self, host: &str) -> String {
        format!("http://{host}:{}/hook", self.address.port())
    }

    /// The next message; it has to come.
    pub(super) async fn gets(&mut self) -> Message {
        let came = tokio::time::timeout(Duration::from_secs(10), self.came.recv()).await;
        came.expect("a message").unwrap()
    }

    /// How often it was called so far.
    pub(super) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

impl Message {
    /// Its body as it came.
    pub(super) fn raw(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    /// What happened.
    pub(super) fn kind(&self) -> &str {
        self.body["type"].as_str().unwrap()
    }

    /// A field of the data.
    pub(super) fn data(&self, field: &str) -> &Value {
        &self.body["data"][field]
    }

    /// Whether one of its signatures is made with this secret, over what came byte for byte.
    pub(super) fn is_signed_with(&self, secret: &str) -> bool {
        let secret: WebhookSecret = secret.parse().unwrap();
        let text = |name: &str| self.headers[name].to_str().unwrap();
        let seconds: i64 = text("webhook-timestamp").parse().unwrap();
        let at = jiff::Timestamp::from_second(seconds).unwrap();
        let bytes = std::str::from_utf8(&self.bytes).unwrap();
        let expected = sign([&secret], text("webhook-id"), at, bytes);
        text("webhook-signature").split(' ').any(|one| one == expected)
    }

    /// How many signatures it has.
    pub(super) fn signatures(&self) -> usize {
        self.headers["webhook-signature"].to_str().unwrap().split(' ').count()
    }

    /// A header.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

async fn take(State(shared): State<Shared>, headers: HeaderMap, bytes: Bytes) -> Response {
    shared.calls.fetch_add(1, Ordering::SeqCst);
    let id = headers["webhook-id"].to_str().unwrap().to_owned();
    let body = serde_json::from_slice(&bytes).unwrap();
    // Nobody has to look at what came.
    drop(shared.sender.send(Message { id, body, headers, bytes }));
    match shared.answers {
        Answers::With(status, text) => {
            (StatusCode::from_u16(status).unwrap(), text).into_response()
        }
        Answers::Never => std::future::pending().await,
        Answers::Elsewhere(to) => {
            (StatusCode::TEMPORARY_REDIRECT, [("location", to)]).into_response()
        }
        Answers::Bytes(count) => "x".repeat(count).into_response(),
        Answers::Endless => {
            let chunk = || Ok::<_, std::io::Error>(Bytes::from(vec![b'y'; 8 * 1024]));
            Body::from_stream(stream::repeat_with(chunk)).into_response()
        }
        Answers::Silent => {
            Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>()).into_response()
        }
    }
}
