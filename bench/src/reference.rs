//! The reference: bare axum over SQLite with the same settings and group commit. No keys, no policy, no
//! record, no events: what the work costs at least.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use anyhow::Result;
use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use axum::{Json, Router};
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The most writes that share one transaction.
const BATCH: usize = 512;

enum Write {
    Create(u64, String),
    Decide(u64),
}

type Job = (Write, oneshot::Sender<()>);

struct Server {
    jobs: mpsc::Sender<Job>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    next: u64,
    decided: HashMap<u64, bool>,
    parked: HashMap<u64, Vec<oneshot::Sender<()>>>,
}

/// Serves until the process is killed.
pub async fn serve(dir: &str, address: &str) -> Result<()> {
    let connection = Connection::open(std::path::Path::new(dir).join("reference.db"))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(
        "CREATE TABLE requests (id INTEGER PRIMARY KEY, body TEXT NOT NULL, decided INTEGER NOT NULL DEFAULT 0)",
    )?;
    let (jobs, queue) = mpsc::channel();
    std::thread::spawn(move || write(connection, &queue));
    let server = Arc::new(Server { jobs, waiting: Mutex::default() });
    let router = Router::new()
        .route("/healthz", get(|| async { Json(json!({})) }))
        .route("/bare", post(|Json(_): Json<Value>| async { Json(json!({"ok": true})) }))
        .route("/requests", post(create))
        .route("/requests/{id}", get(wait))
        .route("/requests/{id}/decide", post(decide))
        .with_state(server);
    let listener =
        TcpListener::bind(address).await?.tap_io(|stream| drop(stream.set_nodelay(true)));
    Ok(axum::serve(listener, router).await?)
}

/// One writer: everything that waits shares the next transaction.
fn write(mut connection: Connection, queue: &mpsc::Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        batch.extend(queue.try_iter().take(BATCH - 1));
        let Ok(transaction) = connection.transaction() else { return };
        for (write, _) in &batch {
            let written = match write {
                Write::Create(id, body) => transaction
                    .prepare_cached("INSERT INTO requests (id, body) VALUES (?1, ?2)")
                    .and_then(|mut insert| insert.execute(params![id.cast_signed(), body])),
                Write::Decide(id) => transaction
                    .prepare_cached("UPDATE requests SET decided = 1 WHERE id = ?1 AND decided = 0")
                    .and_then(|mut update| update.execute(params![id.cast_signed()])),
            };
            if written.is_err() {
                return;
            }
        }
        if transaction.commit().is_err() {
            return;
        }
        for (_, reply) in batch {
            let _gone: Result<(), ()> = reply.send(());
        }
    }
}

async fn create(State(server): State<Arc<Server>>, Json(body): Json<Value>) -> Json<Value> {
    let id = {
        let mut waiting = server.waiting();
        waiting.next += 1;
        waiting.next
    };
    server.commit(Write::Create(id, body.to_string())).await;
    Json(json!({"id": id.to_string()}))
}

async fn decide(State(server): State<Arc<Server>>, Path(id): Path<u64>) -> Json<Value> {
    server.commit(Write::Decide(id)).await;
    let parked = {
        let mut waiting = server.waiting();
        waiting.decided.insert(id, true);
        waiting.parked.remove(&id)
    };
    for one in parked.into_iter().flatten() {
        let _gone: Result<(), ()> = one.send(());
    }
    Json(json!({"id": id.to_string(), "status": "approved"}))
}

async fn wait(State(server): State<Arc<Server>>, Path(id): Path<u64>) -> Json<Value> {
    let parked = {
        let mut waiting = server.waiting();
        if waiting.decided.contains_key(&id) {
            None
        } else {
            let (sender, receiver) = oneshot::channel();
            waiting.parked.entry(id).or_default().push(sender);
            Some(receiver)
        }
    };
    if let Some(parked) = parked {
        drop(parked.await);
    }
    Json(json!({"id": id.to_string(), "status": "approved"}))
}

impl Server {
    async fn commit(&self, write: Write) {
        let (reply, done) = oneshot::channel();
        if self.jobs.send((write, reply)).is_ok() {
            drop(done.await);
        }
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
