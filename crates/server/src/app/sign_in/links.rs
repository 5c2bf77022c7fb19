//! Links that sign a person in, once.

use countersign_domain::audit::Kind;
use countersign_domain::identity::sign_in::{Purpose, SignInWay};
use countersign_domain::identity::{Email, KeyHash, Right};
use countersign_domain::{Change, OrgId, PersonId, Write, time};
use countersign_wire::Code;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{Device, NewSession, gone};
use crate::app::commit::Commit;
use crate::app::identities::person_named;
use crate::app::record::fact;
use crate::app::{App, Error, OnTheLine, SignedIn};
use crate::ids::Secret;

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
        let now = self.now();
        let expires_at = time::after(now, LASTS);
        let (secret, write) = self.fresh_ticket(Purpose::SignIn { person: person.id }, LASTS);
        let data = json!({"person_id": person.id, "email": person.email, "expires_at": expires_at});
        let change = Change {
            org: admin.org().clone(),
            writes: vec![write],
            records: vec![fact(Kind::LinkMade, &admin.caller, data, now)],
        };
        match self.commit(change).await? {
            Commit::Done => Ok(MadeLink { secret, expires_at }),
            Commit::Conflict => Err(Error::new(Code::Conflict, "the link could not be kept")),
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
        let (org, person) = self.link(secret).await?;
        let snapshot = self.snapshots.of(&org).ok_or_else(gone)?;
        let person = snapshot.person_by_id(person).ok_or_else(gone)?;
        let theirs = self.credentials(&org, person.id).await?.next();
        let used = (Some(Write::TicketUsed(KeyHash::of(secret))), None);
        self.enter(&snapshot, person, (SignInWay::Link, device), (theirs, vec![used])).await
    }

    async fn link(&self, secret: &str) -> Result<(OrgId, PersonId), Error> {
        match self.ticket(secret).await? {
            (org, Purpose::SignIn { person }) => Ok((org, person)),
            _ => Err(gone()),
        }
    }
}
