//! Invitations: an admin lets someone become a person here, by a link that works once.

use std::sync::Arc;

use countersign_domain::audit::Kind;
use countersign_domain::identity::sign_in::{Credentials, Invitation, Purpose, SignInWay};
use countersign_domain::identity::{Caller, Email, KeyHash, Person, PersonStatus, Right, Role};
use countersign_domain::{OrgId, PersonId, Revision, Write, time};
use countersign_wire::Code;
use jiff::SignedDuration;
use serde_json::json;

use super::{Device, MadeLink, NewSession, gone};
use crate::app::commit::Commit;
use crate::app::record::fact;
use crate::app::{App, Error, NewPerson, SignedIn};
use countersign_domain::Change;

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

impl App {
    /// Invites someone; the link is shown once, to the admin, who hands it on.
    pub async fn invite(&self, admin: &SignedIn, new: NewPerson) -> Result<MadeLink, Error> {
        admin.must(Right::Administer)?;
        if admin.snapshot.person(new.email.as_str()).is_some() {
            let detail = format!("there is already a person `{}`", new.email);
            return Err(Error {
                path: Some("email".into()),
                ..Error::new(Code::NameTaken, detail)
            });
        }
        let now = self.now();
        let data = json!({"email": new.email, "role": new.role, "groups": new.groups});
        let NewPerson { email, role, groups } = new;
        let purpose = Purpose::Invitation(Invitation { email, role, groups, by: admin.person.id });
        let (secret, write) = self.fresh_ticket(purpose, LASTS);
        let change = Change {
            org: admin.org().clone(),
            writes: vec![write],
            records: vec![fact(Kind::InvitationMade, &admin.caller, data, now)],
        };
        match self.commit(change).await? {
            Commit::Done => Ok(MadeLink { secret, expires_at: time::after(now, LASTS) }),
            Commit::Conflict => Err(Error::new(Code::Conflict, "the invitation could not be kept")),
        }
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
        let admin = snapshot.person_by_id(invitation.by);
        let stands = admin.is_some_and(|admin| {
            admin.status == PersonStatus::Active && admin.role.may(Right::Administer)
        });
        if !stands || snapshot.person(invitation.email.as_str()).is_some() {
            return Err(gone());
        }
        let now = self.now();
        let person = Arc::new(Person {
            id: PersonId::new(self.ids.ulid(now)),
            revision: Revision::FIRST,
            email: invitation.email,
            role: invitation.role,
            groups: invitation.groups,
            status: PersonStatus::Active,
            created_at: now,
            views: Vec::new(),
        });
        let caller = Caller { ip: device.ip, ..Caller::system() };
        let data = json!({"person": *person, "invited_by": invitation.by});
        let also = vec![
            (Some(Write::TicketUsed(KeyHash::of(secret))), None),
            (
                Some(Write::Person((*person).clone())),
                Some(fact(Kind::InvitationAccepted, &caller, data, now)),
            ),
        ];
        let theirs = Credentials::none(person.id).next();
        let way = (SignInWay::Invitation, device);
        let entered = self.enter(&snapshot, &person, way, (theirs, also)).await?;
        self.snapshots.reload(&org).await?;
        Ok(entered)
    }

    async fn invitation(&self, secret: &str) -> Result<(OrgId, Invitation), Error> {
        match self.ticket(secret).await? {
            (org, Purpose::Invitation(invitation)) => Ok((org, invitation)),
            _ => Err(gone()),
        }
    }
}
