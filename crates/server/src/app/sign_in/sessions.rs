//! Sessions: they start, are found again by their token, and end.

use std::sync::Arc;

use countersign_domain::audit::{Draft, Kind};
use countersign_domain::identity::sign_in::Session;
use countersign_domain::identity::{Caller, KeyHash, Person};
use countersign_domain::{Change, OrgId, PersonId, Revision, SessionId, Write, time};
use countersign_wire::Code;
use serde_json::json;

use super::{Arrival, Device};
use crate::app::commit::Commit;
use crate::app::record::fact;
use crate::app::{App, Error, Shown, SignedIn, Snapshot, TRIES};
use crate::ids::Secret;

/// What the token of a session starts with.
const PREFIX: &str = "css_";

/// A session that was just started, and its token, which only the browser keeps.
#[derive(Debug)]
pub struct NewSession {
    /// The session.
    pub session: Session,
    /// Its token.
    pub token: Secret,
}

impl App {
    /// Finds out whose session this token belongs to.
    pub async fn session(
        &self,
        token: &str,
        device: &Device,
    ) -> Result<(SignedIn, Session), Error> {
        let over = || Error::new(Code::Unauthenticated, "nobody is signed in here");
        let found = self.store.session(KeyHash::of(token)).await?;
        let now = self.now();
        let (org, session) = found.filter(|(_, s)| s.is_live(now)).ok_or_else(over)?;
        let snapshot = self.snapshots.of(&org).ok_or_else(over)?;
        let person = snapshot.person_by_id(session.person).cloned().ok_or_else(over)?;
        let shown = Shown::Session(session.id);
        let signed_in = SignedIn::new(snapshot, shown, person, device.ip).ok_or_else(over)?;
        if let Some(seen) = session.seen(now) {
            let writes = vec![Write::Session(Box::new(seen))];
            // Someone else wrote it at the same moment, which says the same.
            let _either_way: Commit =
                self.commit(Change { org, writes, records: Vec::new() }).await?;
        }
        Ok((signed_in, session))
    }

    /// The sessions of a person that still stand, the newest first.
    pub async fn sessions(&self, viewer: &SignedIn) -> Result<Vec<Session>, Error> {
        let mut sessions = self.live_sessions(viewer.org(), viewer.person.id).await?;
        sessions.reverse();
        Ok(sessions)
    }

    /// Ends one of the viewer's own sessions. One that is over already stays so.
    pub async fn end_session(&self, viewer: &SignedIn, id: SessionId) -> Result<(), Error> {
        self.end(viewer, viewer.person.id, |session| session.id == id).await
    }

    /// Ends all of the viewer's sessions but this one.
    pub async fn end_other_sessions(&self, viewer: &SignedIn) -> Result<(), Error> {
        let other = |session: &Session| viewer.shown != Shown::Session(session.id);
        self.end(viewer, viewer.person.id, other).await
    }

    /// Ends every session of a person who was locked, so that none is there when they are let in again.
    pub(in crate::app) async fn end_all_sessions(
        &self,
        admin: &SignedIn,
        person: PersonId,
    ) -> Result<(), Error> {
        self.end(admin, person, |_| true).await
    }

    /// Whether a session of a person still stands.
    pub(in crate::app) async fn session_stands(
        &self,
        org: &OrgId,
        person: PersonId,
        id: SessionId,
    ) -> bool {
        let sessions = self.live_sessions(org, person).await;
        sessions.is_ok_and(|sessions| sessions.iter().any(|session| session.id == id))
    }

    /// The sessions of a person that still stand, the oldest first.
    pub(super) async fn live_sessions(
        &self,
        org: &OrgId,
        person: PersonId,
    ) -> Result<Vec<Session>, Error> {
        let now = self.now();
        let mut sessions = self.store.sessions(org, person).await?;
        sessions.retain(|session| session.is_live(now));
        Ok(sessions)
    }

    /// A fresh session of a person: what has to be kept, and what the browser gets.
    pub(super) fn fresh_session(
        &self,
        snapshot: &Arc<Snapshot>,
        person: &Arc<Person>,
        Arrival { way, device, proved_at }: Arrival<'_>,
    ) -> Result<(NewSession, Write, Draft), Error> {
        let now = self.now();
        let token = self.ids.token(PREFIX);
        let times = self.sign_in.times;
        let session = Session {
            id: SessionId::new(self.ids.ulid(now)),
            revision: Revision::FIRST,
            hash: token.hash(),
            person: person.id,
            way,
            created_at: now,
            proved_at,
            seen_at: now,
            idle: times.idle,
            expires_at: time::after(now, times.absolute),
            ip: device.ip,
            user_agent: device.user_agent.clone(),
            ended_at: None,
        };
        let shown = Shown::Session(session.id);
        let locked = || Error::new(Code::Unauthenticated, "this account is locked");
        let person = Arc::clone(person);
        let signed_in = SignedIn::new(Arc::clone(snapshot), shown, person, device.ip);
        let caller = signed_in.ok_or_else(locked)?.caller;
        let data = json!({
            "session_id": session.id, "way": way, "user_agent": session.user_agent,
            "expires_at": session.expires_at,
        });
        let record = fact(Kind::SessionStarted, &caller, data, now);
        let write = Write::Session(Box::new(session.clone()));
        Ok((NewSession { session, token }, write, record))
    }

    /// Ends some of a person's sessions at once, and the streams of the pages that are open in them.
    async fn end(
        &self,
        by: &SignedIn,
        person: PersonId,
        which: impl Fn(&Session) -> bool,
    ) -> Result<(), Error> {
        for _ in 0..TRIES {
            let live = self.live_sessions(by.org(), person).await?;
            let chosen = live.iter().filter(|session| which(session));
            let (writes, records): (Vec<_>, Vec<_>) =
                chosen.map(|session| self.ended(session, &by.caller)).unzip();
            if writes.is_empty() {
                return Ok(());
            }
            let change = Change { org: by.org().clone(), writes, records };
            if self.commit(change).await? == Commit::Done {
                self.wake.nudge(by.org());
                return Ok(());
            }
        }
        Err(Error::new(Code::Conflict, "the session was in use every time it was tried"))
    }

    /// What has to be kept when a session ends before its time.
    pub(super) fn ended(&self, session: &Session, caller: &Caller) -> (Write, Draft) {
        let now = self.now();
        let data = json!({"session_id": session.id, "person_id": session.person});
        let record = fact(Kind::SessionEnded, caller, data, now);
        (Write::Session(Box::new(session.ended(now))), record)
    }
}
