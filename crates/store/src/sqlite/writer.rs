//! The one thread that writes. Calls that arrive while a transaction is being made durable share the next
//! one: the disk is waited for once for all of them, and each is answered for itself.

use std::path::Path;
use std::thread::{Builder, JoinHandle};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::ledger::{Company, Ledger};
use crate::{Kept, Printed, StoreError, Texts};

/// How many calls may wait; more wait to be queued.
const QUEUE: usize = 4_096;

/// A transaction takes no further call once it has this many changes.
const CHANGES: usize = 1_000;

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

enum Job {
    Commit(Call),
    Probe(Reply<()>),
    IndexTexts(Texts, usize, Reply<usize>),
}

struct Call {
    batch: Vec<Printed>,
    reply: Reply<Vec<Kept>>,
}

/// The thread that writes.
pub(crate) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts it on a connection with the right schema.
    pub(crate) fn start(
        conn: Connection,
        path: &Path,
        company: Company,
    ) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let file = path.display().to_string();
        let mut ledger = Ledger::new(conn, company)?;
        let thread = Builder::new()
            .name("store-write".to_owned())
            .spawn(move || run(&mut ledger, queue, &file))
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Keeps a batch.
    pub(crate) async fn commit(&self, batch: Vec<Printed>) -> Result<Vec<Kept>, StoreError> {
        self.ask(|reply| Job::Commit(Call { batch, reply })).await
    }

    /// Makes a transaction durable that changes nothing anyone reads.
    pub(crate) async fn probe(&self) -> Result<(), StoreError> {
        self.ask(Job::Probe).await
    }

    /// Brings an index of texts forward by so many at most.
    pub(crate) async fn index_texts(&self, of: Texts, limit: usize) -> Result<usize, StoreError> {
        self.ask(|reply| Job::IndexTexts(of, limit, reply)).await
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(job(reply)).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

impl Drop for Writer {
    /// Waits until what was queued is written and the file is closed.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked is as gone as one that ended.
            let _ = thread.join();
        }
    }
}

fn run(ledger: &mut Ledger, mut queue: mpsc::Receiver<Job>, file: &str) {
    while let Some(first) = queue.blocking_recv() {
        let Gathered { calls, probes, indexing } = gather(first, &mut queue);
        if !calls.is_empty() {
            keep(ledger, calls, file);
        }
        if !probes.is_empty() {
            probe(ledger, probes);
        }
        for (of, limit, reply) in indexing {
            answer(reply, ledger.index_texts(of, limit));
        }
    }
}

/// What is done before the queue is looked at again.
#[derive(Default)]
struct Gathered {
    calls: Vec<Call>,
    probes: Vec<Reply<()>>,
    indexing: Vec<(Texts, usize, Reply<usize>)>,
}

/// The calls that share a transaction: `first` and those that wait already.
fn gather(first: Job, queue: &mut mpsc::Receiver<Job>) -> Gathered {
    let (mut gathered, mut changes) = (Gathered::default(), 0);
    let mut next = Some(first);
    while let Some(job) = next {
        match job {
            Job::Commit(call) => {
                changes += call.batch.len();
                gathered.calls.push(call);
            }
            Job::Probe(reply) => gathered.probes.push(reply),
            Job::IndexTexts(of, limit, reply) => gathered.indexing.push((of, limit, reply)),
        }
        next = if changes < CHANGES { queue.try_recv().ok() } else { None };
    }
    gathered
}

/// Keeps the calls in one transaction, and answers only once it is durable. If one of them breaks it, each
/// gets its own, so that nobody fails for another's sake.
fn keep(ledger: &mut Ledger, calls: Vec<Call>, file: &str) {
    if let Err(error) = ledger.begin() {
        return refuse(ledger, calls, &error, file);
    }
    let written =
        calls.iter().map(|call| ledger.write_batch(&call.batch)).collect::<Result<Vec<_>, _>>();
    match written {
        Ok(written) => match ledger.commit() {
            Ok(()) => {
                for (call, kept) in calls.into_iter().zip(written) {
                    answer(call.reply, Ok(kept));
                }
            }
            Err(error) => refuse(ledger, calls, &error, file),
        },
        Err(_) if calls.len() > 1 => {
            ledger.abandon();
            for call in calls {
                keep(ledger, vec![call], file);
            }
        }
        Err(error) => refuse(ledger, calls, &error, file),
    }
}

fn refuse(ledger: &mut Ledger, calls: Vec<Call>, error: &StoreError, file: &str) {
    ledger.abandon();
    match error {
        StoreError::Overtaken => tracing::warn!(file, "another program has written"),
        error => tracing::error!(%error, file, "a transaction failed"),
    }
    for call in calls {
        answer(call.reply, Err(error.clone()));
    }
}

fn probe(ledger: &Ledger, replies: Vec<Reply<()>>) {
    let written = ledger.probe();
    for reply in replies {
        answer(reply, written.clone());
    }
}

fn answer<T>(reply: Reply<T>, result: Result<T, StoreError>) {
    // Whoever asked may have gone; what is durable stays so.
    let _ = reply.send(result);
}
