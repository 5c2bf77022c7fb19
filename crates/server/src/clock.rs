//! The only source of time.

use jiff::Timestamp;

/// Tells the time. Expiry and the record go by it; waits use the monotonic clock of the runtime.
pub trait Clock: Send + Sync {
    /// Now, in whole milliseconds.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock of the machine"
    )]
    fn now(&self) -> Timestamp {
        countersign_domain::time::to_millis(Timestamp::now())
    }
}

/// A clock that stands still until it is moved; for tests.
#[derive(Debug)]
pub struct ManualClock(std::sync::Mutex<Timestamp>);

impl ManualClock {
    /// A clock that shows this time.
    pub const fn at(start: Timestamp) -> Self {
        Self(std::sync::Mutex::new(start))
    }

    /// Moves it on.
    pub fn advance(&self, length: jiff::SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = countersign_domain::time::after(*now, length);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
