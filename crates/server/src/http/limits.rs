//! How often a key may call.

use std::num::NonZeroU32;

use countersign_wire::Code;
use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::app::{Error, OnTheLine};

/// One bucket for every caller: `per_second` calls, and twice as many at once after a pause.
pub struct Limits {
    limiter: RateLimiter<String, HashMapStateStore<String>, DefaultClock>,
    clock: DefaultClock,
}

impl Limits {
    /// Limits of so many calls per second and caller; zero counts as one.
    pub fn new(per_second: u32) -> Self {
        let rate = NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(rate).allow_burst(rate.saturating_add(rate.get()));
        Self { limiter: RateLimiter::hashmap(quota), clock: DefaultClock::default() }
    }

    /// Fails if this caller calls too often.
    pub fn admit(&self, caller: &OnTheLine) -> Result<(), Error> {
        self.limiter.check_key(&caller.caller().id).map_err(|early| {
            let wait = early.wait_time_from(self.clock.now()).as_secs() + 1;
            let detail = format!("`{}` calls too often", caller.caller().name);
            Error { retry_after: Some(wait), ..Error::new(Code::RateLimited, detail) }
        })
    }
}
