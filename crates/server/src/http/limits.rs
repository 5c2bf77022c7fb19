//! How often a key may call.

use std::num::NonZeroU32;

use countersign_wire::Code;
use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::app::{Device, Error, OnTheLine};

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
        let caller = caller.caller();
        self.admit_key(&caller.id, &caller.name)
    }

    /// Fails if someone who is not signed in comes too often from there.
    pub fn admit_visitor(&self, from: &Device) -> Result<(), Error> {
        let address = from.ip.map_or_else(|| "an unknown address".to_owned(), |ip| ip.to_string());
        self.admit_key(&format!("address {address}"), &address)
    }

    fn admit_key(&self, key: &str, name: &str) -> Result<(), Error> {
        self.limiter.check_key(&key.to_owned()).map_err(|early| {
            let wait = early.wait_time_from(self.clock.now()).as_secs() + 1;
            let detail = format!("`{name}` calls too often");
            let retry_after = u32::try_from(wait).ok();
            Error { retry_after, ..Error::new(Code::RateLimited, detail) }
        })
    }
}
