//! Step-up: a person shows, for one answer, that they are there and mean it. A passkey signs a challenge that
//! is made of the very proposal; what it signed is kept with the answer.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::approval::{Approval, Assurance, Digest, Means, Proof, Subject};
use countersign_domain::audit::Kind;
use countersign_domain::identity::sign_in::{Credentials, Purpose, Session};
use countersign_domain::identity::{Caller, KeyHash, Right};
use countersign_domain::{ApprovalId, Change, Write};
use countersign_wire::Code;
use jiff::SignedDuration;
use serde_json::{Value, json};
use webauthn_rs::prelude::{PasskeyAuthentication, PublicKeyCredential};

use super::passkeys::{keys, read, refused, typed, value};
use super::{NewSession, gone};
use crate::app::commit::Commit;
use crate::app::record::fact;
use crate::app::{App, Error, SignedIn};
use crate::ids::Secret;

/// How long a challenge stands.
const LASTS: SignedDuration = SignedDuration::from_mins(5);

/// What a person is asked to show.
#[derive(Debug)]
pub struct StepUpChallenge {
    /// Comes back with the answer; works once, for five minutes.
    pub ticket: Secret,
    /// The options for `navigator.credentials.get`, if they have a passkey.
    pub passkey: Option<Value>,
    /// Whether a code of their authenticator app will do.
    pub code: bool,
}

/// What a person shows.
#[derive(Debug, Clone, Copy)]
pub enum Shows<'a> {
    /// What their passkey signed, as JSON.
    Passkey(&'a str),
    /// A code of their authenticator app.
    Code(&'a str),
}

/// A person who just showed that they mean one answer.
#[derive(Debug)]
pub struct SteppedUp {
    /// The person, with assurance `step_up` for that answer and the proof of it.
    pub person: SignedIn,
    /// Their session under another token, which the browser gets.
    pub session: NewSession,
}

impl App {
    /// Asks the viewer to show that they mean their answer to an approval. `digest` is that of what they
    /// answer: of the edited proposal, where they edit it.
    pub async fn step_up_challenge(
        &self,
        viewer: &SignedIn,
        id: ApprovalId,
        digest: Digest,
    ) -> Result<StepUpChallenge, Error> {
        viewer.must(Right::Answer)?;
        let approval = self.approval_of(viewer, id).await?;
        let nonce = hex::encode(*self.ids.seed());
        let subject = Subject {
            org: viewer.org().clone(),
            approval: id,
            digest,
            presented: approval.presented(),
            nonce: nonce.clone(),
        };
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        let code = theirs.second_step().is_some();
        let passkey = self.passkey_challenge(&theirs, &subject)?;
        if passkey.is_none() && !code {
            let detail = "this answer needs a passkey or the code of an authenticator app, and you have \
                          neither: add one on your account page";
            return Err(Error::new(Code::StepUpRefused, detail).about(id));
        }
        let (passkey, state) = passkey.unzip();
        let purpose = Purpose::StepUp {
            person: viewer.person.id,
            approval: id,
            digest,
            presented: subject.presented,
            nonce,
            state,
        };
        let ticket = self.hand_out(viewer.org(), purpose, LASTS).await?;
        Ok(StepUpChallenge { ticket, passkey, code })
    }

    /// Looks at what the viewer shows. Whatever it is, the challenge is used up.
    pub async fn step_up_verify(
        &self,
        (viewer, session): (&SignedIn, &Session),
        ticket: &str,
        given: Shows<'_>,
    ) -> Result<SteppedUp, Error> {
        let (subject, state) = self.asked(viewer, ticket).await?;
        let id = subject.approval;
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        let shown = match given {
            Shows::Code(code) => self.tell_code(viewer, code).await.map(|t| (t, Means::Code)),
            Shows::Passkey(text) => self.signed(&theirs, state, text),
        };
        let (after, means) = match shown {
            Ok(shown) => shown,
            Err(error) => {
                self.not_shown(viewer, ticket, id).await?;
                return Err(Error::new(Code::StepUpRefused, error.detail).about(id));
            }
        };
        let proof = Proof { subject, means };
        if let Err(error) = proof.verify_subject() {
            self.not_shown(viewer, ticket, id).await?;
            return Err(Error::new(Code::StepUpRefused, error.to_string()).about(id));
        }
        let (session, write) = self.rotated(session);
        let means = match given {
            Shows::Passkey(_) => "passkey",
            Shows::Code(_) => "code",
        };
        let data = json!({"digest": proof.subject.digest, "means": means});
        let mut record = fact(Kind::StepUpGiven, &viewer.caller, data, self.now());
        record.approval = Some(id);
        let writes = vec![
            Write::TicketUsed(KeyHash::of(ticket)),
            Write::Credentials(Box::new(after)),
            write,
        ];
        let change = Change { org: viewer.org().clone(), writes, records: vec![record] };
        match self.commit(change).await? {
            Commit::Done => Ok(SteppedUp { person: stepped_up(viewer, proof), session }),
            Commit::Conflict => Err(gone()),
        }
    }

    /// What the viewer was asked, and what the verifier of passkeys kept of it.
    async fn asked(
        &self,
        viewer: &SignedIn,
        ticket: &str,
    ) -> Result<(Subject, Option<Value>), Error> {
        let (org, purpose) = self.ticket(ticket).await?;
        match purpose {
            Purpose::StepUp { person, approval, digest, presented, nonce, state }
                if person == viewer.person.id && org == *viewer.org() =>
            {
                Ok((Subject { org, approval, digest, presented, nonce }, state))
            }
            _ => Err(gone()),
        }
    }

    /// The options for the person's passkeys, if they have any, and what is kept of them. The verifier
    /// draws a challenge of its own; in its place stands the one that is made of the answer.
    fn passkey_challenge(
        &self,
        theirs: &Credentials,
        subject: &Subject,
    ) -> Result<Option<(Value, Value)>, Error> {
        let keys = keys(theirs);
        if keys.is_empty() || self.sign_in.passkeys.is_none() {
            return Ok(None);
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
        Ok(Some((options, state)))
    }

    /// What a passkey signed, verified, as it is kept.
    fn signed(
        &self,
        theirs: &Credentials,
        state: Option<Value>,
        text: &str,
    ) -> Result<(Credentials, Means), Error> {
        let state: PasskeyAuthentication = typed(state.ok_or_else(gone)?)?;
        let answer: PublicKeyCredential = read(text)?;
        let verified = self.verifier()?.finish_passkey_authentication(&answer, &state);
        let result = verified.map_err(|error| refused(&error))?;
        let keys = keys(theirs);
        let key = keys.iter().find(|key| key.cred_id() == result.cred_id()).ok_or_else(gone)?;
        let coded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let means = Means::Passkey {
            credential_id: coded(key.cred_id()),
            public_key: value(key.get_public_key())?,
            client_data: coded(&answer.response.client_data_json),
            authenticator_data: coded(&answer.response.authenticator_data),
            signature: coded(&answer.response.signature),
        };
        Ok((self.passkey_used(theirs, &result)?, means))
    }

    async fn not_shown(
        &self,
        viewer: &SignedIn,
        ticket: &str,
        id: ApprovalId,
    ) -> Result<(), Error> {
        let data = json!({"person_id": viewer.person.id});
        let mut record = fact(Kind::StepUpRefused, &viewer.caller, data, self.now());
        record.approval = Some(id);
        let writes = vec![Write::TicketUsed(KeyHash::of(ticket))];
        let change = Change { org: viewer.org().clone(), writes, records: vec![record] };
        let _used_up_either_way: Commit = self.commit(change).await?;
        Ok(())
    }

    /// An approval that the viewer may see.
    async fn approval_of(&self, viewer: &SignedIn, id: ApprovalId) -> Result<Approval, Error> {
        let found = self.store.approval(viewer.org(), id).await?;
        found.ok_or_else(|| Error::not_found("approval", &id.to_string()))
    }
}

fn stepped_up(viewer: &SignedIn, proof: Proof) -> SignedIn {
    let assurance = Assurance::StepUp;
    let caller = Caller { assurance: Some(assurance), ..viewer.caller.clone() };
    SignedIn { caller, assurance, proof: Some(Arc::new(proof)), ..viewer.clone() }
}
