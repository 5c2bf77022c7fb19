//! Signing in with a password, and setting one.

mod hash;
mod tries;

use std::sync::Arc;

use countersign_domain::audit::Kind;
use countersign_domain::identity::sign_in::{
    Credentials, Purpose, Session, SignInWay, check_password,
};
use countersign_domain::identity::{Caller, Email, KeyHash, Person};
use countersign_domain::{Change, Write};
use countersign_store::{RecordQuery, RecordSearch};
use countersign_wire::Code;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

pub use hash::Hashing;
pub use tries::Tries;
pub(super) use tries::within;

use super::{Device, NewSession, gone, must_be_fresh};
use crate::app::commit::Commit;
use crate::app::record::fact;
use crate::app::{App, Error, SignedIn, Snapshot, TRIES};
use crate::ids::Secret;

/// How long someone has to enter the code after the password.
const SECOND_STEP: SignedDuration = SignedDuration::from_mins(5);

/// How far someone came who told the right password.
#[derive(Debug)]
pub enum Entered {
    /// They are in.
    In(Box<NewSession>),
    /// A code is missing; this is what they come back with.
    CodeMissing(Secret),
}

/// What is known of a person's password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordState {
    /// There is none.
    None,
    /// There is one.
    Set {
        /// When it was set last; `None` if the newest part of the record does not tell.
        changed_at: Option<Timestamp>,
    },
}

impl App {
    /// Signs someone in who knows their password. Nobody learns whether an address is known here: the
    /// answer is the same, and takes as long.
    pub async fn sign_in(
        &self,
        (email, password): (&str, &str),
        device: &Device,
    ) -> Result<Entered, Error> {
        let account = email.trim().to_ascii_lowercase();
        let account = account.strip_suffix('.').unwrap_or(&account).to_owned();
        self.tries.admit(&account, device.ip, self.now())?;
        let found = self.account(&account).await?;
        let known = found.as_ref().and_then(|(_, _, theirs)| theirs.password.clone());
        let right = self.sign_in.hashing.verify(password, known, &self.ids).await?;
        let (snapshot, person, theirs) = match found {
            Some(found) if right => found,
            other => {
                let person = other.map(|(snapshot, person, _)| (snapshot, person));
                self.refused(person, (SignInWay::Password, device)).await?;
                let detail = "the address or the password is not right";
                return Err(Error::new(Code::SignInRefused, detail));
            }
        };
        if theirs.second_step().is_some() {
            self.tries.undo(&account, device.ip);
            let password = kept(&theirs).ok_or_else(gone)?;
            let purpose = Purpose::SecondStep { person: person.id, password };
            let secret = self.hand_out(&snapshot.org, purpose, SECOND_STEP).await?;
            return Ok(Entered::CodeMissing(secret));
        }
        self.tries.forgive(&account, device.ip);
        let way = (SignInWay::Password, device);
        let signed_in = self.enter(&snapshot, &person, way, (theirs.next(), Vec::new()));
        Ok(Entered::In(Box::new(signed_in.await?)))
    }

    /// Whether the viewer has to tell the password before to set another.
    pub async fn must_tell_password(
        &self,
        viewer: &SignedIn,
        session: &Session,
    ) -> Result<bool, Error> {
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        Ok(theirs.password.is_some() && !session.may_reset(self.now()))
    }

    /// Whether the viewer has a password, and since when.
    pub async fn password_state(&self, viewer: &SignedIn) -> Result<PasswordState, Error> {
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        if theirs.password.is_none() {
            return Ok(PasswordState::None);
        }
        let kind = Some(Kind::PasswordChanged);
        let within = RecordQuery { kind, newest: true, limit: 1, ..RecordQuery::default() };
        let wanted = RecordSearch { within, by: Some(viewer.person.id), text: None };
        let found = self.store.search_records(viewer.org(), &wanted).await?;
        Ok(PasswordState::Set { changed_at: found.records.first().map(|record| record.at) })
    }

    /// Sets the viewer's password and ends their other sessions.
    pub async fn set_password(
        &self,
        (viewer, session): (&SignedIn, &Session),
        current: &str,
        wanted: &str,
    ) -> Result<(), Error> {
        let refused = |error| Error::invalid("password", error);
        check_password(wanted, &viewer.person.email).map_err(refused)?;
        let person = viewer.person.id;
        if self.must_tell_password(viewer, session).await? {
            self.tell_password(viewer, current).await?;
        } else if !session.may_reset(self.now()) {
            must_be_fresh(session, self.now())?;
        }
        let hash = self.sign_in.hashing.hash(wanted, &self.ids).await?;
        for _ in 0..TRIES {
            let theirs = self.credentials(viewer.org(), person).await?;
            let after = Credentials { password: Some(hash.clone()), ..theirs.next() };
            let sessions = self.live_sessions(viewer.org(), person).await?;
            let others = sessions.iter().filter(|other| other.id != session.id);
            let (mut writes, mut records): (Vec<_>, Vec<_>) =
                others.map(|other| self.ended(other, &viewer.caller)).unzip();
            writes.insert(0, Write::Credentials(Box::new(after)));
            let data = json!({"person_id": person, "ended_sessions": records.len()});
            records.insert(0, fact(Kind::PasswordChanged, &viewer.caller, data, self.now()));
            let change = Change { org: viewer.org().clone(), writes, records };
            if self.commit(change).await? == Commit::Done {
                self.wake.nudge(viewer.org());
                return Ok(());
            }
        }
        Err(Error::new(Code::Conflict, "others were faster every time it was tried"))
    }

    async fn tell_password(&self, viewer: &SignedIn, current: &str) -> Result<(), Error> {
        let account = viewer.person.email.as_str();
        self.tries.admit(account, viewer.caller.ip, self.now())?;
        let theirs = self.credentials(viewer.org(), viewer.person.id).await?;
        if self.sign_in.hashing.verify(current, theirs.password, &self.ids).await? {
            self.tries.forgive(account, viewer.caller.ip);
            return Ok(());
        }
        Err(Error {
            path: Some("current".into()),
            ..Error::new(Code::SignInRefused, "this is not your password")
        })
    }

    /// The person with this address in any organization, and what they sign in with.
    async fn account(
        &self,
        email: &str,
    ) -> Result<Option<(Arc<Snapshot>, Arc<Person>, Credentials)>, Error> {
        let Ok(email) = email.parse::<Email>() else { return Ok(None) };
        let all = self.snapshots.all();
        let found = all.into_iter().find_map(|snapshot| {
            let person = snapshot.person(email.as_str()).cloned()?;
            Some((snapshot, person))
        });
        let Some((snapshot, person)) = found else { return Ok(None) };
        let theirs = self.credentials(&snapshot.org, person.id).await?;
        Ok(Some((snapshot, person, theirs)))
    }

    /// Records that someone was refused. An address that is not known is not recorded: it may be a password
    /// that was typed into the wrong field.
    pub(super) async fn refused(
        &self,
        person: Option<(Arc<Snapshot>, Arc<Person>)>,
        (way, device): (SignInWay, &Device),
    ) -> Result<(), Error> {
        let snapshot = person.as_ref().map(|(snapshot, _)| Arc::clone(snapshot));
        let Some(snapshot) = snapshot.or_else(|| self.snapshots.all().into_iter().next()) else {
            return Ok(());
        };
        let person = person.map(|(_, person)| person.id);
        let caller = Caller { ip: device.ip, ..Caller::system() };
        let data = json!({"way": way, "person_id": person, "user_agent": device.user_agent});
        let record = fact(Kind::SessionRefused, &caller, data, self.now());
        let _never_a_conflict: Commit =
            self.commit(Change::facts(snapshot.org.clone(), vec![record])).await?;
        Ok(())
    }
}

/// The hash of what is kept of a password: another one once it was set anew.
pub(super) fn kept(theirs: &Credentials) -> Option<KeyHash> {
    theirs.password.as_ref().map(|hash| KeyHash::of(hash.reveal()))
}
