//! The threads that read, each with its own connection, from one queue.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::connection;
use crate::StoreError;

const THREADS: usize = 4;

/// How many reads may wait; more wait to be queued.
const QUEUE: usize = 1_024;

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// The threads that read.
pub(crate) struct Readers {
    jobs: Option<mpsc::Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Starts them.
    pub(crate) fn start(path: &Path) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel::<Job>(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        let mut readers = Self { jobs: Some(jobs), threads: Vec::new() };
        for _ in 0..THREADS {
            let conn = connection::reading(path)?;
            let queue = Arc::clone(&queue);
            let thread = Builder::new().name("store-read".to_owned());
            let thread = thread.spawn(move || {
                while let Some(job) = next(&queue) {
                    job(&conn);
                }
            });
            readers.threads.push(thread.map_err(|error| StoreError::Failed(error.to_string()))?);
        }
        Ok(readers)
    }

    /// Runs `job` in one read transaction, so that all it reads is of one moment.
    pub(crate) async fn read<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            // Nobody waits any more when this fails.
            let _ = reply.send(at_one_moment(conn, job));
        });
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(job).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            // A thread that panicked is as gone as one that ended.
            let _ = thread.join();
        }
    }
}

fn next(queue: &Mutex<mpsc::Receiver<Job>>) -> Option<Job> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv()
}

fn at_one_moment<T>(
    conn: &Connection,
    job: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let tx = conn.unchecked_transaction()?;
    let found = job(&tx)?;
    tx.finish()?;
    Ok(found)
}
