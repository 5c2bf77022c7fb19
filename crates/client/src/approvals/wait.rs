//! Waiting for people: bounded long polls, taken up again by id when a connection is lost.
//!
//! Nothing is lost between two polls, because each asks where the approval stands and not what happened
//! since.

use std::time::Duration;

use countersign_domain::approval::OutcomeKind;
use countersign_wire::approvals::ApprovalView;
use reqwest::Method;
use tokio::time::Instant;

use crate::{Client, ClientError};

/// The longest single poll.
const POLL: Duration = Duration::from_secs(55);
/// How much longer than the poll its answer may take.
const GRACE: Duration = Duration::from_secs(15);
/// The first pause after a poll that failed; each further one is twice as long, up to [`MAX_PAUSE`].
const MIN_PAUSE: Duration = Duration::from_millis(200);
const MAX_PAUSE: Duration = Duration::from_secs(10);
/// How long a server may be out of reach before a wait without an end gives up.
const PATIENCE: Duration = Duration::from_mins(5);

/// The longest wait that a server takes in one call.
const LONGEST: Duration = Duration::from_mins(2);

impl Client {
    /// One poll: the approval as soon as there is something to tell the caller, or as it stands after
    /// `wait`, at most two minutes.
    pub async fn poll(&self, id: &str, wait: Duration) -> Result<ApprovalView, ClientError> {
        let wait = wait.min(LONGEST);
        let request = self.request(Method::GET, &["approvals", id])?;
        let request = request.query(&[("wait", seconds(wait))]).timeout(wait + GRACE);
        self.read(request).await
    }

    /// Waits until the outcome is something else than `pending` (a question counts), or `total` is over;
    /// then the approval comes back as it stands, still pending. Broken connections and a busy server are
    /// waited out until `total` is over, without a `total` for five minutes at a time.
    pub async fn wait(
        &self,
        id: &str,
        total: Option<Duration>,
    ) -> Result<ApprovalView, ClientError> {
        let end = total.map(|total| Instant::now() + total);
        let mut pauses = Pauses::start();
        loop {
            let started = Instant::now();
            let poll = end.map_or(POLL, |end| POLL.min(end.saturating_duration_since(started)));
            let answer =
                if poll.is_zero() { self.approval(id).await } else { self.poll(id, poll).await };
            match answer {
                Ok(view) if view.outcome != OutcomeKind::Pending || is_over(end) => {
                    return Ok(view);
                }
                Ok(_) if started.elapsed() + MIN_PAUSE >= poll => pauses = Pauses::start(),
                // A server that shuts down answers early.
                Ok(_) => {
                    pauses.reached();
                    pauses.pause(end).await;
                }
                Err(error) if error.is_passing() && !pauses.is_too_long(end) => {
                    pauses.pause(end).await;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

fn is_over(end: Option<Instant>) -> bool {
    end.is_some_and(|end| Instant::now() >= end)
}

/// A length of time as the API takes it, in whole milliseconds.
fn seconds(wait: Duration) -> String {
    if wait.subsec_millis() == 0 && wait.as_secs() > 0 {
        format!("{}s", wait.as_secs())
    } else {
        format!("{}ms", wait.as_millis().max(1))
    }
}

/// Growing pauses between polls that failed.
struct Pauses {
    next: Duration,
    reached: Instant,
}

impl Pauses {
    fn start() -> Self {
        Self { next: MIN_PAUSE, reached: Instant::now() }
    }

    /// The server was heard.
    fn reached(&mut self) {
        self.reached = Instant::now();
    }

    /// Whether waiting on is of no use.
    fn is_too_long(&self, end: Option<Instant>) -> bool {
        end.map_or_else(|| self.reached.elapsed() >= PATIENCE, |end| Instant::now() >= end)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a client has no event to wait for while it reaches no server"
    )]
    async fn pause(&mut self, end: Option<Instant>) {
        let left = end.map_or(MAX_PAUSE, |end| end.saturating_duration_since(Instant::now()));
        tokio::time::sleep(self.next.min(left)).await;
        self.next = (self.next * 2).min(MAX_PAUSE);
    }
}

#[cfg(test)]
mod tests;
