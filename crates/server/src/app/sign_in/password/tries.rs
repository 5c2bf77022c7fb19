//! Wrong guesses, by account and by address. They are kept in memory only: whoever guesses cannot restart
//! the server.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use countersign_domain::identity::KeyHash;
use countersign_domain::identity::sign_in::Throttle;
use countersign_wire::Code;
use jiff::Timestamp;

use crate::app::Error;

/// How many accounts and addresses are remembered.
const MOST: usize = 20_000;
/// How many wrong guesses of one account cost nothing.
const FREE_ACCOUNT: u32 = 5;
/// And from one address, which may stand for a whole office.
const FREE_ADDRESS: u32 = 50;

/// The wrong guesses of a while.
#[derive(Default)]
pub struct Tries(Mutex<HashMap<KeyHash, Throttle>>);

impl Tries {
    /// Lets a try in and counts it as a failure until it is forgiven; fails if it comes too early. Known
    /// and unknown accounts are counted alike, and tries that are made at once do not slip through.
    pub fn admit(&self, account: &str, ip: Option<IpAddr>, now: Timestamp) -> Result<(), Error> {
        let mut known = self.known();
        let keys = keys(account, ip);
        let waits = keys.iter().filter_map(|(key, _)| known.get(key)?.wait(now));
        if let Some(wait) = waits.max() {
            let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX - 1) + 1;
            let s = if seconds == 1 { "" } else { "s" };
            let detail = format!("too many wrong tries; wait {seconds} second{s}");
            let error = Error::new(Code::RateLimited, detail);
            return Err(Error { retry_after: Some(seconds), ..error });
        }
        for (key, free) in keys {
            let throttle = known.get(&key).copied().unwrap_or_else(|| Throttle::fresh(free, now));
            known.insert(key, throttle.failed(now));
        }
        make_room(&mut known, now);
        Ok(())
    }

    /// The last try was right: the account starts anew, and the address is not charged.
    pub fn forgive(&self, account: &str, ip: Option<IpAddr>) {
        let mut known = self.known();
        for (key, free) in keys(account, ip) {
            if free == FREE_ACCOUNT {
                known.remove(&key);
            } else if let Some(throttle) = known.get_mut(&key) {
                *throttle = throttle.forgiven();
            }
        }
    }

    /// The last try was right, but more has to be told: it is not counted, and the failures before are.
    pub fn undo(&self, account: &str, ip: Option<IpAddr>) {
        let mut known = self.known();
        for (key, _) in keys(account, ip) {
            if let Some(throttle) = known.get_mut(&key) {
                *throttle = throttle.forgiven();
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<KeyHash, Throttle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a try is counted under, and how many failures cost nothing there.
fn keys(account: &str, ip: Option<IpAddr>) -> Vec<(KeyHash, u32)> {
    let account = (KeyHash::of(&format!("account\n{account}")), FREE_ACCOUNT);
    let address = ip.map(|ip| (KeyHash::of(&format!("address\n{ip}")), FREE_ADDRESS));
    std::iter::once(account).chain(address).collect()
}

/// The account of a person who is signed in already, as their guesses are counted: apart from those of whoever
/// tries to sign in, so that neither keeps the other out.
pub(in crate::app::sign_in) fn within(account: &str) -> String {
    format!("signed in\n{account}")
}

fn make_room(known: &mut HashMap<KeyHash, Throttle>, now: Timestamp) {
    if known.len() > MOST {
        known.retain(|_, throttle| !throttle.is_forgotten(now));
    }
    if known.len() > MOST {
        let oldest = known.iter().min_by_key(|(_, throttle)| throttle.opens_at());
        if let Some(oldest) = oldest.map(|(key, _)| *key) {
            known.remove(&oldest);
        }
    }
}
