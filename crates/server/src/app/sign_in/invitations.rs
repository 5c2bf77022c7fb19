//! Invitations: an admin lets someone become a person here, by a link that works once.

use std::sync::Arc;

use countersign_domain::audit::Kind;
use countersign_domain::identity::sign_in::{Credentials, Invitation, Purpose, SignInWay, Ticket};
use countersign_domain::identity::{Caller, Email, KeyHash, Person, PersonStatus, Right, Role};
use countersign_domain::{Change, InvitationId, OrgId, PersonId, Revision, Write, time};
use countersign_wire::Code;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{Also, Device, MadeLink, NewSession, fresh_ticket, gone};
use crate::app::commit::Commit;
use crate::app::record::fact;
use crate::app::{App, Error, NewPerson, SignedIn, Snapshot};

/// How long an invitation stands.
const LASTS: SignedDuration = SignedDuration::from_hours(72);

/// What someone who is invited sees of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Their address.
    pub email: Email,
    /// What they will be allowed to do.
    pub role: Role,
}

/// An invitation that was just made.
#[derive(Debug)]
pub struct MadeInvitation {
    /// Who is invited, and as what.
    pub invitation: Invitation,
    /// When it was made.
    pub made_at: Timestamp,
    /// The link, which is shown once.
    pub link: MadeLink,
}

impl App {
    /// Invites someone, in the place of an earlier invitation of theirs; the link is shown once, to the admin,
    /// who hands it on.
    pub async fn invite(&self, admin: &SignedIn, new: NewPerson) -> Result<MadeInvitation, Error> {
        admin.must(Right::Administer)?;
        if admin.snapshot.person(new.email.as_str()).is_some() {
            let detail = format!("there is already a person `{}`", new.email);
            return Err(Error {
                path: Some("email".into()),
                ..Error::new(Code::NameTaken, detail)
            });
        }
        let now = self.now();
        let id = InvitationId::new(self.ids.ulid(now));
        let NewPerson { email, role, groups } = new;
        let before = self.open_invitations(admin.org()).await?.into_iter();
        let replaced = before.filter(|(_, invitation)| invitation.email == email);
        let mut writes: Vec<Write> = replaced.map(|(t, _)| Write::TicketUsed(t.hash)).collect();
        let invitation = Invitation { id, email, role, groups, by: admin.person.id };
        let purpose = Purpose::Invitation(invitation.clone());
        let (secret, write) = fresh_ticket(&self.ids, purpose, (now, LASTS));
        writes.push(write);
        let expires_at = time::after(now, LASTS);
        let data = json!({
            "invitation_id": id, "email": invitation.email, "role": role, "groups": invitation.groups,
            "expires_at": expires_at, "link": secret.hash(),
        });
        let change = Change {
            org: admin.org().clone(),
            writes,
            records: vec![fact(Kind::InvitationMade, &admin.caller, data, now)],
        };
        match self.commit(change).await? {
            Commit::Done => {
                let link = MadeLink { secret, expires_at };
                Ok(MadeInvitation { invitation, made_at: now, link })
            }
            Commit::Conflict => Err(Error::new(Code::Conflict, "the invitation could not be kept")),
        }
    }

    /// The invitations that still stand, the oldest first.
    pub async fn invitations(&self, admin: &SignedIn) -> Result<Vec<(Ticket, Invitation)>, Error> {
        admin.must(Right::Administer)?;
        self.open_invitations(admin.org()).await
    }

    /// Withdraws an invitation: its link is worth nothing from then on.
    pub async fn withdraw_invitation(
        &self,
        admin: &SignedIn,
        id: InvitationId,
    ) -> Result<(), Error> {
        admin.must(Right::Administer)?;
        let gone = || Error::not_found("invitation", &id.to_string());
        let open = self.open_invitations(admin.org()).await?;
        let found = open.into_iter().find(|(_, invitation)| invitation.id == id);
        let (ticket, invitation) = found.ok_or_else(gone)?;
        let data = json!({"invitation_id": id, "email": invitation.email, "link": ticket.hash});
        let record = fact(Kind::InvitationWithdrawn, &admin.caller, data, self.now());
        let writes = vec![Write::TicketUsed(ticket.hash)];
        let change = Change { org: admin.org().clone(), writes, records: vec![record] };
        match self.commit(change).await? {
            Commit::Done => Ok(()),
            Commit::Conflict => Err(gone()),
        }
    }

    /// The invitations of an organization that still stand.
    pub(super) async fn open_invitations(
        &self,
        org: &OrgId,
    ) -> Result<Vec<(Ticket, Invitation)>, Error> {
        let now = self.now();
        let tickets = self.store.invitations(org).await?.into_iter();
        let live = tickets.filter(|ticket| ticket.is_live(now));
        Ok(live
            .filter_map(|ticket| match ticket.purpose.clone() {
                Purpose::Invitation(invitation) => Some((ticket, invitation)),
                _ => None,
            })
            .collect())
    }

    /// Who is invited by a link. Looking at it does not use it up.
    pub async fn see_invitation(&self, secret: &str) -> Result<Invited, Error> {
        let (_, invitation) = self.invitation(secret).await?;
        Ok(Invited { email: invitation.email, role: invitation.role })
    }

    /// Makes a person of someone who was invited, and signs them in. What an invitation gives is what its
    /// admin may still give.
    pub async fn accept_invitation(
        &self,
        secret: &str,
        device: &Device,
    ) -> Result<NewSession, Error> {
        let (org, invitation) = self.invitation(secret).await?;
        let snapshot = self.snapshots.of(&org).ok_or_else(gone)?;
        let used = KeyHash::of(secret);
        let (person, also) = self.accepted(&snapshot, (used, invitation), device)?;
        let theirs = Credentials::none(person.id).next();
        let way = (SignInWay::Invitation, device);
        let entered = self.enter(&snapshot, &person, way, (theirs, also)).await?;
        self.snapshots.reload(&org).await?;
        Ok(entered)
    }

    /// The person that an invitation makes, and what has to be kept of that.
    pub(super) fn accepted(
        &self,
        snapshot: &Snapshot,
        (used, invitation): (KeyHash, Invitation),
        device: &Device,
    ) -> Result<(Arc<Person>, Vec<Also>), Error> {
        let admin = snapshot.person_by_id(invitation.by);
        let stands = admin.is_some_and(|admin| {
            admin.status == PersonStatus::Active && admin.role.may(Right::Administer)
        });
        if !stands || snapshot.person(invitation.email.as_str()).is_some() {
            return Err(gone());
        }
        let Invitation { email, role, groups, by, .. } = invitation;
        let person = self.newcomer(NewPerson { email, role, groups });
        let caller = Caller { ip: device.ip, ..Caller::system() };
        let data = json!({"person": *person, "invited_by": by, "link": used});
        let record = fact(Kind::InvitationAccepted, &caller, data, self.now());
        let row = Write::Person((*person).clone());
        Ok((person, vec![(Some(Write::TicketUsed(used)), None), (Some(row), Some(record))]))
    }

    /// A person who comes in for the first time.
    pub(super) fn newcomer(&self, new: NewPerson) -> Arc<Person> {
        let now = self.now();
        Arc::new(Person {
            id: PersonId::new(self.ids.ulid(now)),
            revision: Revision::FIRST,
            email: new.email,
            role: new.role,
            groups: new.groups,
            status: PersonStatus::Active,
            created_at: now,
            views: Vec::new(),
        })
    }

    async fn invitation(&self, secret: &str) -> Result<(OrgId, Invitation), Error> {
        match self.ticket(secret).await? {
            (org, Purpose::Invitation(invitation)) => Ok((org, invitation)),
            _ => Err(gone()),
        }
    }
}
