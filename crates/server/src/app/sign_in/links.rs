//! Links that sign a person in, once.

use countersign_domain::audit::Kind;
use countersign_domain::identity::sign_in::{Purpose, SignInWay};
use countersign_domain::identity::{Caller, Email, KeyHash, Person, PersonStatus, Right};
use countersign_domain::{Change, OrgId, PersonId, Write, time};
use countersign_store::{Kept, Store};
use countersign_wire::Code;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{Device, NewSession, fresh_ticket, gone};
use crate::app::commit::Commit;
use crate::app::identities::person_named;
use crate::app::record::fact;
use crate::app::{App, Error, OnTheLine, SignedIn, TRIES, too_busy};
use crate::ids::{Ids, Secret};

/// How long a link that signs in works.
const LASTS: SignedDuration = SignedDuration::from_hours(24);

/// A link that was just made; its secret is shown once.
#[derive(Debug)]
pub struct MadeLink {
    /// What stands in the link.
    pub secret: Secret,
    /// Until when it works.
    pub expires_at: Timestamp,
}

impl App {
    /// The link for the first admin, who holds this token.
    pub(crate) async fn first_link(&self, admin_token: &str) -> Result<MadeLink, Error> {
        match self.authenticate(None, admin_token, None)? {
            OnTheLine::Person(admin) => self.make_link(&admin, admin.person.email.as_str()).await,
            OnTheLine::Asker(_) => Err(Error::new(Code::PeopleOnly, "only people sign in")),
        }
    }

    /// Makes a link that signs a person in once, for one who cannot sign in otherwise.
    pub async fn make_link(&self, admin: &SignedIn, id_or_email: &str) -> Result<MadeLink, Error> {
        admin.must(Right::Administer)?;
        let person = person_named(admin, id_or_email)?;
        let (made, change) = linking(&self.ids, (admin.org(), &admin.caller), &person, self.now());
        match self.commit(change).await? {
            Commit::Done => Ok(made),
            Commit::Conflict => Err(not_kept()),
        }
    }

    /// Whom a link would sign in. Looking at it does not use it up.
    pub async fn see_link(&self, secret: &str) -> Result<Email, Error> {
        let (org, person) = self.link(secret).await?;
        let snapshot = self.snapshots.of(&org).ok_or_else(gone)?;
        Ok(snapshot.person_by_id(person).ok_or_else(gone)?.email.clone())
    }

    /// Uses a link up and signs its person in.
    pub async fn use_link(&self, secret: &str, device: &Device) -> Result<NewSession, Error> {
        for _ in 0..TRIES {
            // If someone was faster the link is looked at again: they may have done something else.
            let (org, person) = self.link(secret).await?;
            let snapshot = self.snapshots.of(&org).ok_or_else(gone)?;
            let person = snapshot.person_by_id(person).ok_or_else(gone)?;
            let theirs = self.credentials(&org, person.id).await?.next();
            let used = (Some(Write::TicketUsed(KeyHash::of(secret))), None);
            let way = (SignInWay::Link, device);
            match self.enter(&snapshot, person, way, (theirs, vec![used])).await {
                Err(error) if error.code == Code::NotFound => {}
                entered => return entered,
            }
        }
        Err(too_busy())
    }

    async fn link(&self, secret: &str) -> Result<(OrgId, PersonId), Error> {
        match self.ticket(secret).await? {
            (org, Purpose::SignIn { person }) => Ok((org, person)),
            _ => Err(gone()),
        }
    }
}

/// Makes such a link without a server, for when nobody is left who could sign in: whoever may write the database may
/// do it. The link works at the server that runs on the same database.
pub async fn locally(
    store: &dyn Store,
    ids: &Ids,
    (org, id_or_email): (&OrgId, &str),
    now: Timestamp,
) -> Result<MadeLink, Error> {
    let configuration = store.configuration(org).await?;
    let configuration =
        configuration.ok_or_else(|| Error::not_found("organization", org.as_str()))?;
    let email = id_or_email.parse::<Email>().ok();
    let named =
        |one: &&Person| one.id.to_string() == id_or_email || email.as_ref() == Some(&one.email);
    let person = configuration.people.iter().find(named);
    let person = person.ok_or_else(|| Error::not_found("person", id_or_email))?;
    if person.status == PersonStatus::Locked {
        let detail = format!("`{}` is locked, and no link lets them in", person.email);
        return Err(Error::invalid("person", detail));
    }
    let local = Caller { name: "local operator".to_owned(), ..Caller::system() };
    let (made, change) = linking(ids, (org, &local), person, now);
    match store.keep(vec![change]).await?.as_slice() {
        [Kept::Done(_)] => Ok(made),
        _ => Err(not_kept()),
    }
}

/// The link, and the change that keeps it.
fn linking(
    ids: &Ids,
    (org, by): (&OrgId, &Caller),
    person: &Person,
    now: Timestamp,
) -> (MadeLink, Change) {
    let (secret, ticket) = fresh_ticket(ids, Purpose::SignIn { person: person.id }, (now, LASTS));
    let expires_at = time::after(now, LASTS);
    let (id, link) = (person.id, secret.hash());
    let data =
        json!({"person_id": id, "email": person.email, "expires_at": expires_at, "link": link});
    let change = Change {
        org: org.clone(),
        writes: vec![ticket],
        records: vec![fact(Kind::LinkMade, by, data, now)],
    };
    (MadeLink { secret, expires_at }, change)
}

fn not_kept() -> Error {
    Error::new(Code::Conflict, "the link could not be kept")
}
