//! Reading. What walks over many rows goes to threads, each with its own connection, from one queue. A
//! look-up by key is done where it is asked: it takes microseconds, less than waking a thread and being
//! woken by it.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{connection, row};
use crate::StoreError;

const THREADS: usize = 4;

/// How many reads may wait; more wait to be queued.
const QUEUE: usize = 1_024;

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// The threads that read, and the connections for look-ups that are free.
pub(crate) struct Readers {
    jobs: Option<mpsc::Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
    free: Mutex<Vec<Connection>>,
}

impl Readers {
    /// Starts them.
    pub(crate) fn start(path: &Path) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel::<Job>(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        let free = (0..THREADS).map(|_| connection::reading(path)).collect::<Result<_, _>>()?;
        let mut readers = Self { jobs: Some(jobs), threads: Vec::new(), free: Mutex::new(free) };
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

    /// Runs a look-up by key right here, or on a thread when every connection is taken.
    pub(crate) async fn look_up<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let Some(conn) = self.free().pop() else { return self.read(job).await };
        let found = at_one_moment(&conn, job);
        self.free().push(conn);
        found
    }

    fn free(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
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
        self.free().clear();
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
    row::write(conn, "BEGIN", [])?;
    let found = job(conn);
    row::write(conn, "COMMIT", [])?;
    found
}
