//! An authenticator in software: one key on P-256, and what it signs.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The id of its key.
const ID: [u8; 16] = [9; 16];

/// An authenticator.
pub(super) struct Authenticator {
    key: SigningKey,
    user: String,
    count: u32,
    pub(super) origin: String,
}

impl Authenticator {
    pub(super) fn new() -> Self {
        let key = SigningKey::from_slice(&[7; 32]).unwrap();
        Self { key, user: String::new(), count: 0, origin: "http://countersign.test".into() }
    }

    /// Its public key.
    pub(super) fn public(&self) -> VerifyingKey {
        *self.key.verifying_key()
    }

    /// Makes its key for whoever asks.
    pub(super) fn creates(&mut self, options: &Value) -> String {
        let options = &options["publicKey"];
        self.user = options["user"]["id"].as_str().unwrap().to_owned();
        let point = self.key.verifying_key().to_encoded_point(false);
        // COSE: EC2, ES256, P-256, x, y.
        let mut cose = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        cose.extend(point.x().unwrap());
        cose.extend([0x22, 0x58, 0x20]);
        cose.extend(point.y().unwrap());
        let mut data = self.data(0x45);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(ID);
        data.extend(cose);
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}.
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let client = self.client("webauthn.create", &options["challenge"]);
        Self::answer(
            &json!({"attestationObject": coded(&object), "clientDataJSON": coded(&client)}),
        )
    }

    /// Signs what is asked, with or without having looked who is there.
    pub(super) fn signs(&mut self, options: &Value, verified: bool) -> String {
        self.count += 1;
        let data = self.data(if verified { 0x05 } else { 0x01 });
        let client = self.client("webauthn.get", &options["publicKey"]["challenge"]);
        let signed = [data.as_slice(), Sha256::digest(&client).as_slice()].concat();
        let signature: Signature = self.key.sign(&signed);
        Self::answer(&json!({
            "authenticatorData": coded(&data),
            "clientDataJSON": coded(&client),
            "signature": coded(signature.to_der().as_bytes()),
            "userHandle": self.user,
        }))
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(b"countersign.test").to_vec();
        data.push(flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    fn client(&self, kind: &str, challenge: &Value) -> Vec<u8> {
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    fn answer(response: &Value) -> String {
        let id = coded(&ID);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {}})
            .to_string()
    }
}

fn coded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
