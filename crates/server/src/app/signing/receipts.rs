//! Signs receipts: JWS in compact form (RFC 7515) with Ed25519 (RFC 8037).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::audit::{Checkpoint, Receipt};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Holds the key that signs receipts.
pub struct ReceiptSigner {
    key: SigningKey,
    id: String,
    issuer: String,
}

impl ReceiptSigner {
    /// A signer with this seed, which states receipts in the name of `issuer`.
    pub fn new(seed: &[u8; 32], issuer: String) -> Self {
        let key = SigningKey::from_bytes(seed);
        let public = key.verifying_key();
        let thumbprint = json!({"crv": "Ed25519", "kty": "OKP", "x": encode(public.as_bytes())});
        let id = encode(Sha256::digest(thumbprint.to_string()));
        Self { key, id, issuer }
    }

    /// Who states the receipts.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The signed receipt.
    pub fn sign(&self, receipt: &Receipt) -> String {
        let header = json!({"alg": "EdDSA", "typ": "countersign-receipt+jwt", "kid": self.id});
        let body = format!("{}.{}", encode(header.to_string()), encode(json!(receipt).to_string()));
        let signature = self.key.sign(body.as_bytes());
        format!("{body}.{}", encode(signature.to_bytes()))
    }

    /// The signed note of a checkpoint.
    pub fn sign_checkpoint(&self, checkpoint: &Checkpoint) -> String {
        let signature = self.key.sign(checkpoint.text().as_bytes());
        checkpoint.signed(self.key.verifying_key().as_bytes(), &signature.to_bytes())
    }

    /// The public key as a JSON Web Key Set; its id is the thumbprint of RFC 7638.
    pub fn keys(&self) -> Value {
        let x = encode(self.key.verifying_key().as_bytes());
        let key = json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.id, "x": x});
        json!({"keys": [key]})
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
