//! The public halves of the keys of a server, with which anyone checks what it signed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::audit::Note;
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;

/// The public keys of a server.
#[derive(Debug, Clone)]
pub struct PublicKeys(Vec<VerifyingKey>);

/// Why a text holds no such keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no Ed25519 key in it; a server shows its keys at `/.well-known/jwks.json`")]
pub struct PublicKeysError;

impl PublicKeys {
    /// Reads a JSON Web Key Set; keys of other kinds are left out.
    pub fn read(jwks: &str) -> Result<Self, PublicKeysError> {
        let set: Value = serde_json::from_str(jwks).map_err(|_| PublicKeysError)?;
        let keys = set.get("keys").and_then(Value::as_array).into_iter().flatten();
        let keys: Vec<_> = keys.filter_map(key).collect();
        if keys.is_empty() { Err(PublicKeysError) } else { Ok(Self(keys)) }
    }

    /// Whether one of them signed a note.
    pub fn signed(&self, note: &Note) -> bool {
        let name = note.checkpoint.key_name();
        note.signatures.iter().filter(|one| one.name == name).any(|one| {
            let Ok(signature) = Signature::from_slice(&one.signature) else { return false };
            let mut theirs = self.0.iter().filter(|key| one.is_of(key.as_bytes()));
            theirs.any(|key| key.verify_strict(note.text.as_bytes(), &signature).is_ok())
        })
    }
}

fn key(jwk: &Value) -> Option<VerifyingKey> {
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    if (text("kty"), text("crv")) != (Some("OKP"), Some("Ed25519")) {
        return None;
    }
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(text("x")?).ok()?.try_into().ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use countersign_domain::OrgId;
    use countersign_domain::audit::{Checkpoint, Head};

    use super::super::ReceiptSigner;
    use super::*;

    #[test]
    fn a_checkpoint_verifies_with_the_key_that_signed_it_and_no_other() {
        let signer = |seed: u8| ReceiptSigner::new(&[seed; 32], String::new());
        let keys = |signer: &ReceiptSigner| PublicKeys::read(&signer.keys().to_string()).unwrap();
        let checkpoint =
            Checkpoint { org: OrgId::first(), head: Head::START, at: jiff::Timestamp::UNIX_EPOCH };
        let (ours, theirs) = (signer(1), signer(2));
        let note = ours.sign_checkpoint(&checkpoint);
        let read = Note::read(&note).unwrap();
        assert!(keys(&ours).signed(&read) && !keys(&theirs).signed(&read));
        let later = Note::read(&note.replace("\n0\n", "\n1\n")).unwrap();
        assert!(!keys(&ours).signed(&later), "another number of records");
        let renamed = Note::read(&note.replacen("countersign/default", "countersign/other", 1));
        assert!(!keys(&ours).signed(&renamed.unwrap()), "another organization");
        for text in ["", "{}", "{\"keys\": []}", "{\"keys\": [{\"kty\": \"RSA\"}]}"] {
            assert!(PublicKeys::read(text).is_err(), "{text}");
        }
    }
}
