//! Looks at what a person shows. The session stays as it is: what is shown counts for one answer, so there is
//! nothing more that the session may do from then on.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::approval::{Assurance, Digest, Means, Proof, Subject};
use countersign_domain::audit::Kind;
use countersign_domain::identity::sign_in::{Credentials, Purpose};
use countersign_domain::identity::{Caller, KeyHash, Right};
use countersign_domain::{ApprovalId, Change, Write};
use countersign_wire::Code;
use serde_json::{Value, json};
use webauthn_rs::prelude::{PasskeyAuthentication, PublicKeyCredential};

use super::Shows;
use crate::app::commit::Commit;
use crate::app::record::fact;
use crate::app::sign_in::gone;
use crate::app::sign_in::passkeys::{keys, read, refused, typed, value};
use crate::app::{App, Error, SignedIn};

impl App {
    /// The viewer as one who showed that they mean this answer. A challenge is used up whatever was shown.
    pub async fn step_up_verify(
        &self,
        viewer: &SignedIn,
        (id, digest): (ApprovalId, Digest),
        given: &Shows,
    ) -> Result<SignedIn, Error> {
        viewer.must(Right::Answer)?;
        let ticket = match given {
            Shows::Passkey { ticket, .. } => Some(KeyHash::of(ticket.reveal())),
            Shows::Code(_) => None,
        };
        let (proof, after) = match self.looked_at(viewer, (id, digest), given).await {
            Ok(shown) => shown,
            Err(error) => return Err(self.not_shown(viewer, ticket, error.about(id)).await?),
        };
        let data = json!({"digest": proof.subject.digest, "means": proof.means.as_str()});
        let shown = stepped_up(viewer, proof);
        let mut record = fact(Kind::StepUpGiven, &shown.caller, data, self.now());
        record.approval = Some(id);
        let mut writes = vec![Write::Credentials(Box::new(after))];
        writes.extend(ticket.map(Write::TicketUsed));
        let change = Change { org: viewer.org().clone(), writes, records: vec![record] };
        match self.commit(change).await? {
            Commit::Done => Ok(shown),
            Commit::Conflict => Err(gone().about(id)),
        }
    }

    /// What was shown, if it shows that this answer is meant, and the credentials after its use.
    async fn looked_at(
        &self,
        viewer: &SignedIn,
        (id, digest): (ApprovalId, Digest),
        given: &Shows,
    ) -> Result<(Proof, Credentials), Error> {
        match given {
            Shows::Code(code) => {
                let after = self.tell_code(viewer, code.reveal()).await?;
                let subject = self.subject(viewer, id, digest).await?;
                Ok((Proof { subject, means: Means::Code }, after))
            }
            Shows::Passkey { ticket, credential } => {
                let (subject, state) = self.asked(viewer, ticket.reveal()).await?;
                if (subject.approval, subject.digest) != (id, digest) {
                    let detail = "the passkey was asked about another answer";
                    return Err(Error::new(Code::StepUpRefused, detail));
                }
                let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
                let (after, means) = self.signed(&theirs, state, credential)?;
                let proof = Proof { subject, means };
                let other = |error| Error::new(Code::StepUpRefused, format!("{error}"));
                proof.verify_subject().map_err(other)?;
                Ok((proof, after))
            }
        }
    }

    /// What the viewer was asked, and what the verifier of passkeys kept of it.
    async fn asked(&self, viewer: &SignedIn, ticket: &str) -> Result<(Subject, Value), Error> {
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

    /// What a passkey signed, verified, as it is kept.
    fn signed(
        &self,
        theirs: &Credentials,
        state: Value,
        text: &str,
    ) -> Result<(Credentials, Means), Error> {
        let state: PasskeyAuthentication = typed(state)?;
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

    /// Records that nothing was shown, uses the challenge up, and gives what to say about it.
    async fn not_shown(
        &self,
        viewer: &SignedIn,
        ticket: Option<KeyHash>,
        error: Error,
    ) -> Result<Error, Error> {
        let data = json!({"person_id": viewer.person.id});
        let mut record = fact(Kind::StepUpRefused, &viewer.caller, data, self.now());
        record.approval = error.approval;
        // What is gone already is not used up once more.
        let ticket = ticket.filter(|_| error.code != Code::NotFound);
        let writes = ticket.map(Write::TicketUsed).into_iter().collect();
        let change = Change { org: viewer.org().clone(), writes, records: vec![record] };
        let _used_up_either_way: Commit = self.commit(change).await?;
        // That nobody is signed in, or nothing is there, would be said of something else.
        let code = match error.code {
            Code::SignInRefused | Code::NotFound => Code::StepUpRefused,
            other => other,
        };
        Ok(Error { code, ..error })
    }
}

fn stepped_up(viewer: &SignedIn, proof: Proof) -> SignedIn {
    let assurance = Assurance::StepUp;
    let caller = Caller { assurance: Some(assurance), ..viewer.caller.clone() };
    SignedIn { caller, assurance, proof: Some(Arc::new(proof)), ..viewer.clone() }
}
