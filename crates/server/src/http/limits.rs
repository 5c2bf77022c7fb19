//! How often a key may call.

use std::num::NonZeroU32;

use countersign_wire::Code;
use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::app::{Device, Error, OnTheLine};

/// One bucket for every caller: `per_second` calls, and twice as many at once after a pause.
pub struct Limits {
    limiter: Limiter,
    starts: Limiter,
    clock: DefaultClock,
}

type Limiter = RateLimiter<String, HashMapStateStore<String>, DefaultClock>;

/// How many sign-ins may be started from one address in a minute. Each leaves a row until its time is over.
const STARTS_PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

impl Limits {
    /// Limits of so many calls per second and caller; zero counts as one.
    pub fn new(per_second: u32) -> Self {
        let rate = NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(rate).allow_burst(rate.saturating_add(rate.get()));
        let starts = RateLimiter::hashmap(Quota::per_minute(STARTS_PER_MINUTE));
        Self { limiter: RateLimiter::hashmap(quota), starts, clock: DefaultClock::default() }
    }

    /// Fails if this caller calls too often.
    pub fn admit(&self, caller: &OnTheLine) -> Result<(), Error> {
        let caller = caller.caller();
        self.admit_key(&self.limiter, &caller.id, &caller.name)
    }

    /// Fails if someone who is not signed in comes too often from there.
    pub fn admit_visitor(&self, from: &Device) -> Result<(), Error> {
        let address = address(from);
        self.admit_key(&self.limiter, &format!("address {address}"), &address)
    }

    /// Fails if too many sign-ins are started from there that wait for someone outside.
    pub fn admit_start(&self, from: &Device) -> Result<(), Error> {
        let address = address(from);
        self.admit_key(&self.starts, &address, &address)
    }

    fn admit_key(&self, limiter: &Limiter, key: &str, name: &str) -> Result<(), Error> {
        limiter.check_key(&key.to_owned()).map_err(|early| {
            let wait = early.wait_time_from(self.clock.now()).as_secs() + 1;
            let detail = format!("`{name}` calls too often");
            let retry_after = u32::try_from(wait).ok();
            Error { retry_after, ..Error::new(Code::RateLimited, detail) }
        })
    }
}

fn address(from: &Device) -> String {
    from.ip.map_or_else(|| "an unknown address".to_owned(), |ip| ip.to_string())
}
