//! Someone goes to the provider, and comes back.

use std::sync::Arc;

use countersign_domain::audit::Kind;
use countersign_domain::identity::sign_in::{
    Admission, Claims, Credentials, Invitation, Known, ProviderAccount, Purpose, SignInWay, Ticket,
};
use countersign_domain::identity::{Caller, Email, KeyHash, Person, PersonStatus};
use countersign_domain::{Change, OrgId, PersonId, Write};
use countersign_wire::Code;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use url::Url;

use super::{Provider, Ties};
use crate::app::commit::Commit;
use crate::app::record::fact;
use crate::app::sign_in::{Also, Arrival, Device, NewSession, gone};
use crate::app::{App, Error, NewPerson, Snapshot};

/// How long someone may take there.
const LASTS: SignedDuration = SignedDuration::from_mins(10);

/// Someone who comes in, and what has to be kept of that.
struct Newcomer {
    person: Arc<Person>,
    theirs: Credentials,
    also: Vec<Also>,
}

impl App {
    /// Where to go to sign in with the provider, and then to `next`. `browser` is what only this browser holds.
    /// Anew, the provider is to ask again who they are, also where it knows them still.
    pub async fn ask_provider(&self, browser: &str, next: &str, anew: bool) -> Result<Url, Error> {
        let provider = self.provider()?;
        let snapshot = self.snapshots.all().into_iter().next().ok_or_else(gone)?;
        let (browser_hash, next) = (KeyHash::of(browser), next.to_owned());
        let asked_at = anew.then(|| self.now());
        let purpose = Purpose::ProviderSignIn { browser: browser_hash, next, anew: asked_at };
        let state = self.hand_out(&snapshot.org, purpose, LASTS).await?;
        let ties = Ties::of(state.reveal(), browser);
        provider.address(&self.egress, (state.reveal(), ties), anew).await
    }

    /// Signs in whoever comes back with a code; gives where they wanted to go. Whatever comes of it, they come
    /// back once.
    pub async fn enter_provider(
        &self,
        (state, code): (&str, &str),
        browser: &str,
        device: &Device,
    ) -> Result<(NewSession, String), Error> {
        let provider = self.provider()?;
        let (org, next, anew) = self.came_back(state, browser).await?;
        let ties = Ties::of(state, browser);
        let claims = provider.claims(&self.egress, (code, ties), self.now()).await;
        let snapshot = self.snapshots.of(&org).ok_or_else(gone)?;
        let mut proved_at = None;
        let admitted = match claims {
            Ok(claims) => {
                let proved = anew.map_or(Ok(()), |asked_at| claims.proved_since(asked_at));
                proved_at = claims.proved_at;
                match proved {
                    Ok(()) => self.admitted(&provider, &snapshot, &claims, device).await,
                    Err(error) => Err(Error::new(Code::SignInRefused, format!("{error}"))),
                }
            }
            Err(error) => Err(error),
        };
        let way = (SignInWay::Provider, device);
        let Newcomer { person, theirs, also } = match admitted {
            Ok(newcomer) => newcomer,
            Err(error) => {
                if error.code == Code::SignInRefused {
                    self.refused(None, way).await?;
                }
                return Err(error);
            }
        };
        let joined = snapshot.person_by_id(person.id).is_none();
        let entered = self
            .enter(&snapshot, &person, Arrival { proved_at, ..way.into() }, (theirs, also))
            .await?;
        if joined {
            self.snapshots.reload(&org).await?;
        }
        Ok((entered, next))
    }

    /// Takes the state of a try that this very browser started, so that no answer is taken twice.
    async fn came_back(
        &self,
        state: &str,
        browser: &str,
    ) -> Result<(OrgId, String, Option<Timestamp>), Error> {
        let elsewhere = || {
            let detail = "this sign-in was started in another browser, was used before, or took too long; \
                          start it again";
            Error::new(Code::SignInRefused, detail)
        };
        let found = self.ticket(state).await.map_err(|error| match error.code {
            Code::NotFound => elsewhere(),
            _ => error,
        })?;
        let (org, Purpose::ProviderSignIn { browser: started_in, next, anew }) = found else {
            return Err(elsewhere());
        };
        if started_in != KeyHash::of(browser) {
            return Err(elsewhere());
        }
        let writes = vec![Write::TicketUsed(KeyHash::of(state))];
        let change = Change { org: org.clone(), writes, records: Vec::new() };
        match self.commit(change).await? {
            Commit::Done => Ok((org, next, anew)),
            Commit::Conflict => Err(elsewhere()),
        }
    }

    /// Who someone is here, by what the provider says about them.
    async fn admitted(
        &self,
        provider: &Provider,
        snapshot: &Arc<Snapshot>,
        claims: &Claims,
        device: &Device,
    ) -> Result<Newcomer, Error> {
        let issuer = provider.options.issuer.as_str();
        let account = self.store.provider_account(&snapshot.org, issuer, &claims.subject).await?;
        let email = claims.email.as_ref().map(Email::as_str);
        let holder = email.and_then(|email| snapshot.person(email)).map(|person| person.id);
        let invitation = self.invitation_of(&snapshot.org, claims.email.as_ref()).await?;
        let known = Known {
            linked: account.map(|account| account.person),
            person: holder,
            other_account: self.has_account(&snapshot.org, holder, issuer).await?,
            invited: invitation.is_some(),
        };
        let refused = |error| Error::new(Code::SignInRefused, format!("{error}"));
        let admission = provider.options.rules.admit(claims, known).map_err(refused)?;
        let registered = |id: PersonId| snapshot.person_by_id(id).cloned().ok_or_else(gone);
        let (person, mut also, linked_as) = match admission {
            Admission::Linked(id) => (registered(id)?, Vec::new(), None),
            Admission::Links(id, email) => (registered(id)?, Vec::new(), Some(email)),
            Admission::Accepts(email) => {
                let (ticket, invitation) = invitation.ok_or_else(gone)?;
                let (person, also) = self.accepted(snapshot, (ticket.hash, invitation), device)?;
                (person, also, Some(email))
            }
            Admission::Joins(email, role) => {
                let groups = Vec::new();
                let person = self.newcomer(NewPerson { email: email.clone(), role, groups });
                let row = Write::Person((*person).clone());
                let record =
                    self.recorded_by(device, Kind::PersonCreated, json!({"person": *person}));
                (person, vec![(Some(row), Some(record))], Some(email))
            }
        };
        if person.status != PersonStatus::Active {
            return Err(Error::new(Code::SignInRefused, "your account here is locked"));
        }
        also.extend(linked_as.map(|email| self.linking(&person, email, (issuer, claims), device)));
        let theirs = self.credentials(&snapshot.org, person.id).await?.next();
        Ok(Newcomer { person, theirs, also })
    }

    fn linking(
        &self,
        person: &Person,
        email: Email,
        (issuer, claims): (&str, &Claims),
        device: &Device,
    ) -> Also {
        let account = ProviderAccount {
            issuer: issuer.to_owned(),
            subject: claims.subject.clone(),
            person: person.id,
            email,
            linked_at: self.now(),
        };
        let data = json!({"account": account});
        let record = self.recorded_by(device, Kind::ProviderLinked, data);
        (Some(Write::ProviderLinked(Box::new(account))), Some(record))
    }

    fn recorded_by(
        &self,
        device: &Device,
        kind: Kind,
        data: serde_json::Value,
    ) -> countersign_domain::audit::Draft {
        let caller = Caller { ip: device.ip, ..Caller::system() };
        fact(kind, &caller, data, self.now())
    }

    async fn has_account(
        &self,
        org: &OrgId,
        person: Option<PersonId>,
        issuer: &str,
    ) -> Result<bool, Error> {
        let Some(person) = person else { return Ok(false) };
        let accounts = self.store.provider_accounts(org, person).await?;
        Ok(accounts.iter().any(|account| account.issuer == issuer))
    }

    async fn invitation_of(
        &self,
        org: &OrgId,
        email: Option<&Email>,
    ) -> Result<Option<(Ticket, Invitation)>, Error> {
        let Some(email) = email else { return Ok(None) };
        let open = self.open_invitations(org).await?;
        Ok(open.into_iter().find(|(_, invitation)| invitation.email == *email))
    }
}
