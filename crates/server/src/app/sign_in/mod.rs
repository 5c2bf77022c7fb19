//! Signing in: who a session belongs to, and how one comes to be.

mod ended;
mod invitations;
mod links;
mod machines;
mod passkeys;
mod password;
mod provider;
mod second_step;
mod sessions;
mod step_up;

use std::net::IpAddr;
use std::sync::Arc;

use countersign_domain::audit::Draft;
use countersign_domain::identity::sign_in::{
    Credentials, Purpose, Session, SessionTimes, SignInWay, Ticket,
};
use countersign_domain::identity::{KeyHash, Person};
use countersign_domain::{Change, OrgId, PersonId, Write, display, time};
use countersign_wire::Code;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

pub use ended::LinkEnd;
pub use invitations::{Invited, MadeInvitation};
pub use links::{MadeLink, locally as link_locally};
pub use machines::MachineAsked;
pub use passkeys::{Ceremony, Passkeys};
pub use password::{Entered, Hashing, PasswordState, Tries};
pub use provider::{BACK, Provider, ProviderOptions};
pub use second_step::Enrolment;
pub use sessions::NewSession;
pub use step_up::{Shows, StepUpChallenge, StepUpMeans};

use super::commit::Commit;
use super::{App, Error, Snapshot};
use crate::ids::{Ids, Secret};

/// The longest that is kept of what a browser says about itself, in characters.
const LONGEST_AGENT: usize = 200;
/// What the secret of a ticket starts with.
const PREFIX: &str = "csl_";

/// What is kept together with a new session, and recorded before it.
type Also = (Option<Write>, Option<Draft>);

/// How people sign in to one server.
pub struct SignInRules {
    /// How long they stay signed in.
    pub times: SessionTimes,
    /// How passwords are hashed.
    pub hashing: Hashing,
    /// Who verifies passkeys; `None` where people reach the server under no name.
    pub passkeys: Option<Passkeys>,
    /// With whose accounts people sign in as well.
    pub provider: Option<Arc<Provider>>,
}

/// Where a request comes from, as sessions and the record name it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    /// The address.
    pub ip: Option<IpAddr>,
    /// What the browser says it is, sanitised.
    pub user_agent: Option<String>,
}

impl Device {
    /// An address, and what the browser says about itself.
    pub fn new(ip: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        let cut = |text: &str| text.chars().take(LONGEST_AGENT).collect::<String>();
        Self { ip, user_agent: user_agent.map(|text| display::sanitise(&cut(text))) }
    }
}

/// How someone comes in: by which way, from where, and when they proved to an identity provider who they are.
struct Arrival<'a> {
    way: SignInWay,
    device: &'a Device,
    proved_at: Option<Timestamp>,
}

impl<'a> From<(SignInWay, &'a Device)> for Arrival<'a> {
    fn from((way, device): (SignInWay, &'a Device)) -> Self {
        Self { way, device, proved_at: None }
    }
}

impl App {
    /// What a person signs in with.
    pub(super) async fn credentials(
        &self,
        org: &OrgId,
        person: PersonId,
    ) -> Result<Credentials, Error> {
        let found = self.store.credentials(org, person).await?;
        Ok(found.unwrap_or_else(|| Credentials::none(person)))
    }

    /// Hands out something that works once and for so long.
    async fn hand_out(
        &self,
        org: &OrgId,
        purpose: Purpose,
        lasts: SignedDuration,
    ) -> Result<Secret, Error> {
        let (secret, write) = fresh_ticket(&self.ids, purpose, (self.now(), lasts));
        let change = Change { org: org.clone(), writes: vec![write], records: Vec::new() };
        match self.commit(change).await? {
            Commit::Done => Ok(secret),
            Commit::Conflict => Err(Error::new(Code::Conflict, "it could not be kept")),
        }
    }

    /// What was handed out, if it still works.
    async fn ticket(&self, secret: &str) -> Result<(OrgId, Purpose), Error> {
        let found = self.store.ticket(KeyHash::of(secret)).await?;
        let now = self.now();
        let (org, ticket) = found.filter(|(_, ticket)| ticket.is_live(now)).ok_or_else(gone)?;
        Ok((org, ticket.purpose))
    }

    /// Starts a session, and keeps what changed on the way in. What the person signs in with is written in
    /// any case, so that nobody comes in with what was changed at the same moment.
    async fn enter(
        &self,
        snapshot: &Arc<Snapshot>,
        person: &Arc<Person>,
        arrival: impl Into<Arrival<'_>>,
        (theirs, also): (Credentials, Vec<Also>),
    ) -> Result<NewSession, Error> {
        let (new, session, mut started) = self.fresh_session(snapshot, person, arrival.into())?;
        let (rows, facts): (Vec<_>, Vec<_>) = also.into_iter().unzip();
        let mut writes: Vec<Write> = rows.into_iter().flatten().collect();
        writes.extend([Write::Credentials(Box::new(theirs)), session]);
        if let (SignInWay::Link, Some(link), Value::Object(data)) =
            (new.session.way, used(&writes), &mut started.data)
        {
            data.insert("link".to_owned(), json!(link));
        }
        let mut records: Vec<Draft> = facts.into_iter().flatten().collect();
        records.push(started);
        let once = used(&writes).is_some();
        let change = Change { org: snapshot.org.clone(), writes, records };
        let meanwhile = "you signed in elsewhere at the same moment; try once more";
        match self.commit(change).await? {
            Commit::Done => Ok(new),
            Commit::Conflict if once => Err(gone()),
            Commit::Conflict => Err(Error::new(Code::Conflict, meanwhile)),
        }
    }
}

/// The hash of what is used up by these.
fn used(writes: &[Write]) -> Option<KeyHash> {
    writes.iter().find_map(|write| match write {
        Write::TicketUsed(hash) => Some(*hash),
        _ => None,
    })
}

/// Fails unless the person proved who they are just now.
fn must_be_fresh(session: &Session, now: Timestamp) -> Result<(), Error> {
    let detail = "whoever adds what they sign in with has to have signed in just now";
    if session.is_fresh(now) { Ok(()) } else { Err(Error::new(Code::SignInAgain, detail)) }
}

/// What works once did, or its time is over.
fn gone() -> Error {
    Error::new(Code::NotFound, "this was used before, or its time is over")
}

/// A secret that works once and for so long, and what is kept of it.
fn fresh_ticket(
    ids: &Ids,
    purpose: Purpose,
    (now, lasts): (Timestamp, SignedDuration),
) -> (Secret, Write) {
    let secret = ids.token(PREFIX);
    let expires_at = time::after(now, lasts);
    let ticket = Ticket { hash: secret.hash(), purpose, made_at: now, expires_at };
    (secret, Write::Ticket(Box::new(ticket)))
}
