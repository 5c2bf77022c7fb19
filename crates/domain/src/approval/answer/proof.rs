//! What a person showed, for one answer, to say that they mean it: kept with the answer, so that anyone can
//! verify it later.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::approval::Digest;
use crate::{ApprovalId, OrgId};

/// What the challenge of an answer begins with, so that it is no signature of anything else.
const DOMAIN: &str = "countersign step-up v1";

/// A step-up: for which answer, and what was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// What it is bound to.
    pub subject: Subject,
    /// What was shown.
    pub means: Means,
}

/// What a step-up is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Whose approval it is.
    pub org: OrgId,
    /// Which approval.
    pub approval: ApprovalId,
    /// The digest of the proposal that is answered.
    pub digest: Digest,
    /// The hash of the card that was shown.
    pub presented: Digest,
    /// Makes the challenge one of a kind; in hex.
    pub nonce: String,
}

/// What was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "means")]
pub enum Means {
    /// A passkey signed the challenge. Everything is in base64url.
    Passkey {
        /// The id of the passkey.
        credential_id: String,
        /// Its public key.
        public_key: Value,
        /// What the browser says was signed; it holds the challenge.
        client_data: String,
        /// What the authenticator says about itself.
        authenticator_data: String,
        /// The signature over `authenticator_data` and the SHA-256 of `client_data`.
        signature: String,
    },
    /// A one-time code of an authenticator app; it leaves nothing to verify.
    Code,
}

impl Means {
    /// The public name.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Passkey { .. } => "passkey",
            Self::Code => "code",
        }
    }
}

/// Why a proof does not prove the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// What was signed is not JSON of a browser.
    #[error("what the passkey signed cannot be read")]
    Unreadable,
    /// It is a signature of something else.
    #[error("the passkey signed something else")]
    OtherChallenge,
    /// Nobody was there, or nobody was verified.
    #[error("the authenticator did not verify the person")]
    NotVerified,
}

impl Subject {
    /// What a passkey signs: SHA-256 over everything the answer is bound to, each part with its length.
    pub fn challenge(&self) -> [u8; 32] {
        let approval = self.approval.to_string();
        let (digest, presented) = (self.digest.to_string(), self.presented.to_string());
        let parts = [DOMAIN, self.org.as_str(), &approval, &digest, &presented, &self.nonce];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().into()
    }
}

impl Proof {
    /// Whether what the passkey signed is about this very answer and was given by a person. That the
    /// signature fits the key is for a verifier of signatures to say.
    pub fn verify_subject(&self) -> Result<(), ProofError> {
        let Means::Passkey { client_data, authenticator_data, .. } = &self.means else {
            return Ok(());
        };
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| ProofError::Unreadable);
        let client: Value =
            serde_json::from_slice(&decode(client_data)?).map_err(|_| ProofError::Unreadable)?;
        let text = |name: &str| client.get(name).and_then(Value::as_str);
        let challenge = URL_SAFE_NO_PAD.encode(self.subject.challenge());
        if text("type") != Some("webauthn.get") || text("challenge") != Some(challenge.as_str()) {
            return Err(ProofError::OtherChallenge);
        }
        // After the hash of the relying party, bit 0 says that someone was there, bit 2 that it was them.
        let flags = decode(authenticator_data)?.get(32).copied().unwrap_or_default();
        if flags & 0b101 == 0b101 { Ok(()) } else { Err(ProofError::NotVerified) }
    }
}
