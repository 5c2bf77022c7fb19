//! Fingerprints of secrets, so that people see whether two are equal without seeing either. They are keyed: nobody
//! without the key can try out which secret has one.

use std::fmt;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// How many characters are shown.
const SHOWN: usize = 8;

/// The key of an organization's fingerprints. It cannot be printed.
#[derive(Clone)]
pub struct FingerprintKey(Hmac<Sha256>);

impl FingerprintKey {
    /// A key of its own, drawn from a secret that is used for something else too.
    pub fn from_secret(secret: &[u8]) -> Self {
        let keyed = |key: &[u8]| {
            let mut padded = [0; 64];
            for (place, byte) in padded.iter_mut().zip(key) {
                *place = *byte;
            }
            Hmac::<Sha256>::new(&padded.into())
        };
        let derived =
            keyed(secret).chain_update(b"countersign fingerprints of secrets, 1").finalize();
        Self(keyed(&derived.into_bytes()))
    }

    /// The fingerprint of a secret within an organization: eight characters.
    pub fn of(&self, org: &str, secret: &str) -> String {
        let mac = self.0.clone().chain_update(org).chain_update([0]).chain_update(secret);
        hex::encode(mac.finalize().into_bytes()).chars().take(SHOWN).collect()
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_secrets_of_one_organization_are_recognised_and_no_others() {
        let key = FingerprintKey::from_secret(&[7; 32]);
        let fingerprint = key.of("default", "sk_live_1");
        assert_eq!(fingerprint.len(), SHOWN);
        assert_eq!(key.clone().of("default", "sk_live_1"), fingerprint);
        let other = FingerprintKey::from_secret(&[8; 32]);
        for different in [
            key.of("default", "sk_live_2"),
            key.of("other", "sk_live_1"),
            other.of("default", "sk_live_1"),
        ] {
            assert_ne!(different, fingerprint);
        }
        assert_eq!(format!("{key:?}"), "FingerprintKey(…)");
    }
}
