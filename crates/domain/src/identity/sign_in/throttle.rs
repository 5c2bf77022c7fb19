//! How long to wait after wrong guesses: the first few cost nothing, then each doubles the pause.

use jiff::{SignedDuration, Timestamp};

use crate::time;

/// The longest pause.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);
/// After how long without a failure all are forgotten.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

/// The failures of one account, or from one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    free: u32,
    failures: u32,
    last: Timestamp,
}

impl Throttle {
    /// Nothing has failed yet; so many failures cost nothing.
    pub const fn fresh(free: u32, now: Timestamp) -> Self {
        Self { free, failures: 0, last: now }
    }

    /// When the next try is let in.
    pub fn opens_at(&self) -> Timestamp {
        let Some(over) = self.failures.checked_sub(self.free) else { return self.last };
        let seconds = (1_i64 << over.min(20)).min(LONGEST.as_secs());
        time::after(self.last, SignedDuration::from_secs(seconds))
    }

    /// How long to wait before the next try; `None` if it may be made now.
    pub fn wait(&self, now: Timestamp) -> Option<SignedDuration> {
        let opens = self.opens_at();
        (now < opens).then(|| opens.duration_since(now))
    }

    /// After one more failure.
    pub fn failed(self, now: Timestamp) -> Self {
        let failures = if self.is_forgotten(now) { 0 } else { self.failures };
        Self { failures: failures.saturating_add(1), last: now, ..self }
    }

    /// After it turned out that the last failure was none.
    pub fn forgiven(self) -> Self {
        Self { failures: self.failures.saturating_sub(1), ..self }
    }

    /// Whether everything that failed is too long ago to matter.
    pub fn is_forgotten(&self, now: Timestamp) -> bool {
        time::after(self.last, FORGOTTEN) <= now
    }
}
