//! The only source of chance: ids and secrets.

use std::fmt;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::identity::{Ending, KeyHash, KeyHolder};
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use ulid::Ulid;
use zeroize::Zeroizing;

/// Draws ids and secrets from a generator that the operating system seeded.
pub struct Ids(Mutex<StdRng>);

impl Ids {
    /// A generator with a seed of the operating system.
    pub fn from_system() -> Self {
        Self(Mutex::new(StdRng::from_os_rng()))
    }

    /// A generator that always draws the same; for tests.
    pub fn fixed(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    /// A fresh ULID: the time, then 80 random bits.
    pub fn ulid(&self, now: Timestamp) -> Ulid {
        let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
        Ulid::from_parts(millis, self.rng().random())
    }

    /// A fresh secret of 256 random bits for a holder.
    pub fn secret(&self, holder: KeyHolder) -> Secret {
        self.token(holder.prefix())
    }

    /// A fresh secret of 256 random bits that starts with a prefix.
    pub fn token(&self, prefix: &str) -> Secret {
        let bytes = self.seed();
        Secret(Zeroizing::new(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(*bytes))))
    }

    /// 32 fresh random bytes.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        let mut bytes = Zeroizing::new([0; 32]);
        self.rng().fill_bytes(bytes.as_mut());
        bytes
    }

    fn rng(&self) -> std::sync::MutexGuard<'_, StdRng> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A secret that was just made, to be shown once. It cannot be printed, logged or serialised.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A text that is secret from now on.
    pub fn of(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// What is kept of it.
    pub fn hash(&self) -> KeyHash {
        KeyHash::of(&self.0)
    }

    /// How it ends, which is kept as well.
    pub fn ending(&self) -> Ending {
        Ending::of(&self.0)
    }

    /// The secret itself, for the one who asked for it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
