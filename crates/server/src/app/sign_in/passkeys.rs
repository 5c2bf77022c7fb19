//! Passkeys: added by a signed-in person, and then enough to sign in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::audit::Kind;
use countersign_domain::identity::KeyHash;
use countersign_domain::identity::sign_in::{self, Credentials, Purpose, Session, SignInWay};
use countersign_domain::{Change, PersonId, Write, display};
use countersign_wire::Code;
use jiff::SignedDuration;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ulid::Ulid;
use url::{Host, Url};
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Uuid, Webauthn, WebauthnBuilder,
};

use super::{Device, NewSession, gone, must_be_fresh};
use crate::app::commit::Commit;
use crate::app::record::fact;
use crate::app::{App, Error, SignedIn};
use crate::ids::Secret;

/// How long someone has to reach for their authenticator.
const CEREMONY: SignedDuration = SignedDuration::from_mins(5);
/// The longest name of a passkey, in characters.
const LONGEST_NAME: usize = 60;

/// Verifies passkeys for the name under which people reach the server.
pub struct Passkeys(pub(super) Webauthn);

/// What a browser is asked to do with an authenticator, and what it comes back with.
#[derive(Debug)]
pub struct Ceremony {
    /// Comes back with the answer; works once.
    pub ticket: Secret,
    /// The options for `navigator.credentials`, as JSON.
    pub options: Value,
}

impl Passkeys {
    /// For people who reach the server there. An address has no name that passkeys could belong to; on the
    /// loopback that name is `localhost`.
    pub fn new(base_url: &str) -> Option<Self> {
        let mut url = Url::parse(base_url).ok()?;
        let local = match url.host()? {
            Host::Domain(_) => false,
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
        };
        if local {
            url.set_host(Some("localhost")).ok()?;
        }
        let name = url.domain()?.to_owned();
        let builder = WebauthnBuilder::new(&name, &url).ok()?.rp_name("Countersign");
        builder.build().ok().map(Self)
    }
}

impl App {
    /// The viewer's passkeys, the oldest first.
    pub async fn passkeys(&self, viewer: &SignedIn) -> Result<Vec<sign_in::Passkey>, Error> {
        Ok(self.credentials(viewer.org(), viewer.person.id).await?.passkeys)
    }

    /// Starts adding a passkey.
    pub async fn new_passkey(
        &self,
        viewer: &SignedIn,
        session: &Session,
    ) -> Result<Ceremony, Error> {
        must_be_fresh(session, self.now())?;
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        if !theirs.has_room() {
            return Err(Error::new(Code::Conflict, "remove a passkey before you add another"));
        }
        let known = keys(&theirs).iter().map(|key| key.cred_id().clone()).collect();
        let (id, name) = (uuid(viewer.person.id), viewer.person.email.as_str());
        let started = self.verifier()?.start_passkey_registration(id, name, name, Some(known));
        let (options, state) = started.map_err(|error| refused(&error))?;
        let mut options = value(&options)?;
        if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection") {
            // Kept in the authenticator, it can sign in without an address being typed.
            selection["residentKey"] = json!("preferred");
        }
        let purpose = Purpose::PasskeyNew { person: viewer.person.id, state: value(&state)? };
        Ok(Ceremony { ticket: self.hand_out(viewer.org(), purpose, CEREMONY).await?, options })
    }

    /// Adds the passkey that an authenticator made.
    pub async fn add_passkey(
        &self,
        viewer: &SignedIn,
        (ticket, credential): (&str, &str),
        name: &str,
    ) -> Result<(), Error> {
        let state = match self.ticket(ticket).await?.1 {
            Purpose::PasskeyNew { person, state } if person == viewer.person.id => state,
            _ => return Err(gone()),
        };
        let state: PasskeyRegistration = typed(state)?;
        let answer: RegisterPublicKeyCredential = read(credential)?;
        let made = self.verifier()?.finish_passkey_registration(&answer, &state);
        let key = made.map_err(|error| refused(&error))?;
        let now = self.now();
        let id = URL_SAFE_NO_PAD.encode(key.cred_id());
        let name = named(name);
        let mut after = self.credentials(viewer.org(), viewer.person.id).await?.next();
        let passkey = sign_in::Passkey {
            id: id.clone(),
            name: name.clone(),
            added_at: now,
            used_at: None,
            key: value(&key)?,
        };
        after.passkeys.push(passkey);
        let data = json!({"person_id": viewer.person.id, "passkey": id, "name": name});
        let change = Change {
            org: viewer.org().clone(),
            writes: vec![
                Write::TicketUsed(KeyHash::of(ticket)),
                Write::Credentials(Box::new(after)),
            ],
            records: vec![fact(Kind::PasskeyAdded, &viewer.caller, data, now)],
        };
        match self.commit(change).await? {
            Commit::Done => Ok(()),
            Commit::Conflict => Err(gone()),
        }
    }

    /// Gives one of the viewer's passkeys another name.
    pub async fn rename_passkey(
        &self,
        viewer: &SignedIn,
        id: &str,
        name: &str,
    ) -> Result<(), Error> {
        let mut after = self.credentials(viewer.org(), viewer.person.id).await?.next();
        let found = after.passkeys.iter_mut().find(|passkey| passkey.id == id);
        found.ok_or_else(|| Error::not_found("passkey", id))?.name = named(name);
        self.keep(viewer, after, None).await
    }

    /// Removes one of the viewer's passkeys.
    pub async fn remove_passkey(&self, viewer: &SignedIn, id: &str) -> Result<(), Error> {
        let before = self.credentials(viewer.org(), viewer.person.id).await?;
        let mut after = before.next();
        after.passkeys.retain(|passkey| passkey.id != id);
        if after.passkeys.len() == before.passkeys.len() {
            return Err(Error::not_found("passkey", id));
        }
        self.keep(viewer, after, Some(Kind::PasskeyRemoved)).await
    }

    /// Starts signing someone in with a passkey; nothing is said about who is known here.
    pub async fn ask_passkey(&self) -> Result<Ceremony, Error> {
        let snapshot = self.snapshots.all().into_iter().next().ok_or_else(gone)?;
        let started = self.verifier()?.start_discoverable_authentication();
        let (mut options, state) = started.map_err(|error| refused(&error))?;
        options.mediation = None;
        let purpose = Purpose::PasskeySignIn { state: value(&state)? };
        let ticket = self.hand_out(&snapshot.org, purpose, CEREMONY).await?;
        Ok(Ceremony { ticket, options: value(&options)? })
    }

    /// Signs in whoever's passkey signed what was asked.
    pub async fn enter_passkey(
        &self,
        (ticket, credential): (&str, &str),
        device: &Device,
    ) -> Result<NewSession, Error> {
        let Purpose::PasskeySignIn { state } = self.ticket(ticket).await?.1 else {
            return Err(gone());
        };
        let state: DiscoverableAuthentication = typed(state)?;
        let answer: PublicKeyCredential = read(credential)?;
        let verifier = self.verifier()?;
        let (owner, _) =
            verifier.identify_discoverable_authentication(&answer).map_err(|e| refused(&e))?;
        let id = PersonId::new(Ulid(owner.as_u128()));
        let found = self.snapshots.all().into_iter().find_map(|snapshot| {
            let person = snapshot.person_by_id(id).cloned()?;
            Some((snapshot, person))
        });
        let (snapshot, person) = found.ok_or_else(unknown)?;
        let theirs = self.credentials(&snapshot.org, id).await?;
        let keys = keys(&theirs);
        let key = keys.iter().find(|key| key.cred_id() == &answer.raw_id);
        let outcome =
            key.map(|key| verifier.finish_discoverable_authentication_v2(&answer, state, key));
        let Some(Ok(result)) = outcome else {
            self.refused(Some((snapshot, person)), (SignInWay::Passkey, device)).await?;
            return Err(unknown());
        };
        let after = self.passkey_used(&theirs, &result)?;
        let used = (Some(Write::TicketUsed(KeyHash::of(ticket))), None);
        self.enter(&snapshot, &person, (SignInWay::Passkey, device), (after, vec![used])).await
    }

    /// What a person signs in with after one of the passkeys was used.
    pub(super) fn passkey_used(
        &self,
        theirs: &Credentials,
        result: &AuthenticationResult,
    ) -> Result<Credentials, Error> {
        let (now, mut after) = (self.now(), theirs.next());
        let id = URL_SAFE_NO_PAD.encode(result.cred_id());
        for passkey in after.passkeys.iter_mut().filter(|passkey| passkey.id == id) {
            let mut key: Passkey = typed(passkey.key.clone())?;
            key.update_credential(result);
            passkey.key = value(&key)?;
            passkey.used_at = Some(now);
        }
        Ok(after)
    }

    pub(super) fn verifier(&self) -> Result<&Webauthn, Error> {
        let nameless =
            "passkeys need a name: start the server with --public-url, or open it as localhost";
        let found = self.sign_in.passkeys.as_ref().map(|passkeys| &passkeys.0);
        found.ok_or_else(|| Error::new(Code::SignInRefused, nameless))
    }
}

/// The keys of a person's passkeys, as the verifier takes them.
pub(super) fn keys(theirs: &Credentials) -> Vec<Passkey> {
    let key = |passkey: &sign_in::Passkey| serde_json::from_value(passkey.key.clone()).ok();
    theirs.passkeys.iter().filter_map(key).collect()
}

/// What a browser sent.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let refuse = |_| Error::invalid("credential", "this is not what an authenticator gives");
    serde_json::from_str(text).map_err(refuse)
}

/// What was kept.
pub(super) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|error| broken(&error))
}

/// What is to be kept or sent.
pub(super) fn value(made: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(made).map_err(|error| broken(&error))
}

/// What the verifier of passkeys did not accept.
pub(super) fn refused(error: &webauthn_rs::prelude::WebauthnError) -> Error {
    tracing::debug!(%error, "a passkey was not accepted");
    Error::new(Code::SignInRefused, "the passkey was not accepted")
}

fn unknown() -> Error {
    Error::new(Code::SignInRefused, "this passkey is not known here")
}

fn broken(error: &serde_json::Error) -> Error {
    tracing::error!(%error, "the state of a passkey cannot be read");
    Error::new(Code::Internal, "the passkey could not be read")
}

fn named(name: &str) -> String {
    let name: String = display::sanitise(name.trim()).chars().take(LONGEST_NAME).collect();
    if name.is_empty() { "passkey".to_owned() } else { name }
}

fn uuid(person: PersonId) -> Uuid {
    let text = person.to_string();
    let bare = text.strip_prefix(PersonId::PREFIX).and_then(|bare| Ulid::from_string(bare).ok());
    Uuid::from_u128(bare.map_or(0, |ulid| ulid.0))
}
