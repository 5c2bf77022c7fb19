//! What a passkey is asked to sign.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::ApprovalId;
use countersign_domain::approval::{Digest, Subject};
use countersign_domain::identity::Right;
use countersign_domain::identity::sign_in::{Credentials, Purpose};
use countersign_wire::Code;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::sign_in::passkeys::{keys, refused, value};
use crate::app::{App, Error, SignedIn};
use crate::ids::Secret;

/// How long a challenge stands.
const LASTS: SignedDuration = SignedDuration::from_mins(5);

/// What a person's passkey is asked.
#[derive(Debug)]
pub struct StepUpChallenge {
    /// Comes back with the answer; works once, for five minutes.
    pub ticket: Secret,
    /// The options for `navigator.credentials.get`.
    pub options: Value,
}

impl App {
    /// Asks a passkey of the viewer to sign their answer to an approval. `digest` is that of what they answer:
    /// of the edited proposal, where they edit it.
    pub async fn step_up_challenge(
        &self,
        viewer: &SignedIn,
        id: ApprovalId,
        digest: Digest,
    ) -> Result<StepUpChallenge, Error> {
        viewer.must(Right::Answer)?;
        let subject = self.subject(viewer, id, digest).await?;
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        let (options, state) = self.passkey_challenge(&theirs, &subject)?;
        let purpose = Purpose::StepUp {
            person: viewer.person.id,
            approval: id,
            digest,
            presented: subject.presented,
            nonce: subject.nonce,
            state,
        };
        let ticket = self.hand_out(viewer.org(), purpose, LASTS).await?;
        Ok(StepUpChallenge { ticket, options })
    }

    /// What a step-up for this answer is bound to, from now on.
    pub(super) async fn subject(
        &self,
        viewer: &SignedIn,
        id: ApprovalId,
        digest: Digest,
    ) -> Result<Subject, Error> {
        let found = self.store.approval(viewer.org(), id).await?;
        let approval = found.ok_or_else(|| Error::not_found("approval", &id.to_string()))?;
        Ok(Subject {
            org: viewer.org().clone(),
            approval: id,
            digest,
            presented: approval.presented(),
            nonce: hex::encode(*self.ids.seed()),
        })
    }

    /// The options for the person's passkeys, and what is kept of them. The verifier draws a challenge of its
    /// own; in its place stands the one that is made of the answer.
    fn passkey_challenge(
        &self,
        theirs: &Credentials,
        subject: &Subject,
    ) -> Result<(Value, Value), Error> {
        let keys = keys(theirs);
        if keys.is_empty() {
            let detail = "you have no passkey: add one on your account page";
            return Err(Error::new(Code::StepUpRefused, detail).about(subject.approval));
        }
        let started = self.verifier()?.start_passkey_authentication(&keys);
        let (options, state) = started.map_err(|error| refused(&error))?;
        let (mut options, mut state) = (value(&options)?, value(&state)?);
        let challenge = json!(URL_SAFE_NO_PAD.encode(subject.challenge()));
        let places = [(&mut options, "/publicKey/challenge"), (&mut state, "/ast/challenge")];
        for (value, place) in places {
            let unplaced = || Error::new(Code::Internal, "the challenge has no place");
            *value.pointer_mut(place).ok_or_else(unplaced)? = challenge.clone();
        }
        Ok((options, state))
    }
}
