//! A session: a browser in which a person is signed in.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::identity::KeyHash;
use crate::{PersonId, Revision, SessionId, time};

/// How often it is written down that a session is in use; the idle time is that much inexact.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// How long after a link was followed a forgotten password may be replaced.
const RESET_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// How long after signing in a person may add what they prove themselves with.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// How long sessions last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionTimes {
    /// Without being used.
    pub idle: SignedDuration,
    /// At most, however much it is used.
    pub absolute: SignedDuration,
}

impl Default for SessionTimes {
    fn default() -> Self {
        Self { idle: SignedDuration::from_hours(12), absolute: SignedDuration::from_hours(7 * 24) }
    }
}

/// How a person signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInWay {
    /// With a link that works once.
    Link,
    /// With an invitation.
    Invitation,
    /// With a password.
    Password,
    /// With a password and a code of an authenticator app.
    PasswordAndCode,
    /// With a password and a recovery code.
    PasswordAndRecovery,
    /// With a passkey.
    Passkey,
    /// With an account at an identity provider.
    Provider,
}

impl SignInWay {
    /// In words for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "one-time link",
            Self::Invitation => "invitation",
            Self::Password => "password",
            Self::PasswordAndCode => "password and code",
            Self::PasswordAndRecovery => "password and recovery code",
            Self::Passkey => "passkey",
            Self::Provider => "identity provider",
        }
    }
}

/// A browser in which a person is signed in. Only the hash of what the browser holds is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id, which is not secret.
    pub id: SessionId,
    /// How often the row was written.
    pub revision: Revision,
    /// The hash of the token in the cookie.
    pub hash: KeyHash,
    /// Who is signed in.
    pub person: PersonId,
    /// How they signed in.
    pub way: SignInWay,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When they proved who they are, as the identity provider says that they came from; it may have known them
    /// for hours, and some do not tell. For every other way that is when they signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved_at: Option<Timestamp>,
    /// When it was in use, to within five minutes.
    pub seen_at: Timestamp,
    /// How long it may be unused.
    pub idle: SignedDuration,
    /// When it ends, however much it is used.
    pub expires_at: Timestamp,
    /// Where they signed in from.
    pub ip: Option<IpAddr>,
    /// What the browser says it is, sanitised.
    pub user_agent: Option<String>,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
}

impl Session {
    /// When it ends if it is not used again.
    pub fn ends_at(&self) -> Timestamp {
        self.ended_at.unwrap_or_else(|| time::after(self.seen_at, self.idle).min(self.expires_at))
    }

    /// Whether it still stands.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.ends_at()
    }

    /// Whether the person may set a password without telling the one before: shortly after they came in
    /// with what an admin gave them.
    pub fn may_reset(&self, now: Timestamp) -> bool {
        let given = matches!(self.way, SignInWay::Link | SignInWay::Invitation);
        given && now < time::after(self.created_at, RESET_WITHIN)
    }

    /// Whether the person proved who they are just now. Whoever finds a browser that was left open cannot add
    /// a passkey of their own and go on as them.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        let proved_at = match self.way {
            SignInWay::Provider => self.proved_at.map(|at| at.min(self.created_at)),
            SignInWay::Link
            | SignInWay::Invitation
            | SignInWay::Password
            | SignInWay::PasswordAndCode
            | SignInWay::PasswordAndRecovery
            | SignInWay::Passkey => Some(self.created_at),
        };
        proved_at.is_some_and(|at| now < time::after(at, FRESH))
    }

    /// The session after it was used, if that has to be written down.
    pub fn seen(&self, now: Timestamp) -> Option<Self> {
        let due = time::after(self.seen_at, SEEN_EVERY.min(self.idle / 2)) <= now;
        due.then(|| Self { revision: self.revision.next(), seen_at: now, ..self.clone() })
    }

    /// The session after it was ended.
    pub fn ended(&self, now: Timestamp) -> Self {
        let ended_at = Some(self.ended_at.unwrap_or(now));
        Self { revision: self.revision.next(), ended_at, ..self.clone() }
    }
}
