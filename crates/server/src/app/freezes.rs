//! Stopping, at once, and letting go on. Whoever may answer may stop; only an admin lets go on: stopping too
//! much costs time, letting go too early can cost anything.

use countersign_domain::audit::{Draft, Kind};
use countersign_domain::display;
use countersign_domain::identity::{Caller, Right};
use countersign_domain::policy::{Freeze, FreezeScope};
use countersign_domain::{ActionPattern, Change, OrgId, Write};
use countersign_store::{Kept, Store};
use countersign_wire::Code;
use jiff::Timestamp;
use serde_json::json;

use super::commit::Commit;
use super::record::fact;
use super::{App, Error, SignedIn};

/// What is to be stopped, as it was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// Everything.
    All,
    /// Whatever this agent wants, by id or name.
    Agent(String),
    /// These actions.
    Action(ActionPattern),
}

impl App {
    /// What is frozen.
    pub fn freezes(&self, reader: &SignedIn) -> Result<Vec<Freeze>, Error> {
        reader.must(Right::Read)?;
        Ok(reader.snapshot.rulebook().freezes().to_vec())
    }

    /// What is frozen in an organization at this moment.
    pub(crate) fn frozen_now(&self, org: &OrgId) -> Vec<Freeze> {
        self.snapshots.of(org).map(|now| now.rulebook().freezes().to_vec()).unwrap_or_default()
    }

    /// Stops something. Once this has answered, nothing of it is allowed or used.
    pub async fn freeze(
        &self,
        person: &SignedIn,
        stop: Stop,
        reason: &str,
    ) -> Result<Freeze, Error> {
        person.must(Right::Answer)?;
        let scope = scope(person, stop)?;
        let by = person.person.email.to_string();
        let freeze = freeze(scope, (by, reason), self.now())?;
        let change = freezing(person.org().clone(), &person.caller, freeze.clone());
        match self.configure(change).await? {
            Commit::Done => Ok(freeze),
            Commit::Conflict => Err(Error::new(Code::Conflict, "the organization is gone")),
        }
    }

    /// Lets go on what was stopped, and keeps why, if that is said. What was approved and was refused meanwhile
    /// stays refused.
    pub async fn unfreeze(
        &self,
        person: &SignedIn,
        stop: Stop,
        why: Option<&str>,
    ) -> Result<FreezeScope, Error> {
        person.must(Right::Administer)?;
        if why.is_some_and(display::is_blank) {
            return Err(reason_required("say why it may go on"));
        }
        let scope = scope(person, stop)?.as_kept(person.snapshot.rulebook().freezes());
        let change = lifting(person.org().clone(), &person.caller, (&scope, why), self.now());
        match self.configure(change).await? {
            Commit::Done => Ok(scope),
            Commit::Conflict => Err(Error::not_found("freeze of", &scope.to_string())),
        }
    }
}

/// Stops something, or lets it go on, without a server: whoever may write the database may do it. A server that
/// runs on the same database refuses from this moment on what it decides by the older configuration.
pub async fn locally(
    store: &dyn Store,
    org: &OrgId,
    stop: Stop,
    (reason, now): (Option<&str>, Timestamp),
) -> Result<FreezeScope, Error> {
    let configuration = store.configuration(org).await?;
    let configuration =
        configuration.ok_or_else(|| Error::not_found("organization", org.as_str()))?;
    let scope = match stop {
        Stop::All => FreezeScope::All,
        Stop::Action(pattern) => FreezeScope::Action(pattern),
        Stop::Agent(name) => {
            let mut agents = configuration.agents.into_iter();
            let found = agents.find(|agent| agent.name == name || agent.id.to_string() == name);
            FreezeScope::Agent(found.ok_or_else(|| Error::not_found("agent", &name))?.id)
        }
    };
    let scope = if reason.is_none() { scope.as_kept(&configuration.freezes) } else { scope };
    let local = Caller { name: "local operator".to_owned(), ..Caller::system() };
    let change = match reason {
        Some(reason) => {
            let freeze = freeze(scope.clone(), (local.name.clone(), reason), now)?;
            freezing(org.clone(), &local, freeze)
        }
        None => lifting(org.clone(), &local, (&scope, None), now),
    };
    let kept = store.keep(vec![change]).await?;
    if kept.contains(&Kept::Conflict) {
        return Err(Error::not_found("freeze of", &scope.to_string()));
    }
    Ok(scope)
}

/// What was named, as it is kept.
fn scope(person: &SignedIn, stop: Stop) -> Result<FreezeScope, Error> {
    match stop {
        Stop::All => Ok(FreezeScope::All),
        Stop::Action(pattern) => Ok(FreezeScope::Action(pattern)),
        Stop::Agent(name) => {
            let agent = person.snapshot.agent(&name);
            let agent = agent.ok_or_else(|| Error::not_found("agent", &name))?;
            Ok(FreezeScope::Agent(agent.id))
        }
    }
}

fn freeze(
    scope: FreezeScope,
    (by, reason): (String, &str),
    at: Timestamp,
) -> Result<Freeze, Error> {
    if display::is_blank(reason) {
        return Err(reason_required("a reason is required; agents are told"));
    }
    Ok(Freeze { scope, reason: reason.to_owned(), by, at })
}

fn reason_required(detail: &str) -> Error {
    Error { path: Some("$.reason".to_owned()), ..Error::new(Code::ReasonRequired, detail) }
}

fn freezing(org: OrgId, caller: &Caller, freeze: Freeze) -> Change {
    let record = about(&freeze.scope, fact(Kind::FreezeSet, caller, json!(freeze), freeze.at));
    Change { org, writes: vec![Write::Freeze(freeze)], records: vec![record] }
}

fn lifting(
    org: OrgId,
    caller: &Caller,
    (scope, why): (&FreezeScope, Option<&str>),
    now: Timestamp,
) -> Change {
    let mut data = json!(scope);
    if let (Some(why), Some(fields)) = (why, data.as_object_mut()) {
        fields.insert("reason".to_owned(), json!(why));
    }
    let record = about(scope, fact(Kind::FreezeLifted, caller, data, now));
    Change { org, writes: vec![Write::Unfreeze(scope.clone())], records: vec![record] }
}

fn about(scope: &FreezeScope, record: Draft) -> Draft {
    match scope {
        FreezeScope::Agent(agent) => Draft { agent: Some(*agent), ..record },
        FreezeScope::All | FreezeScope::Action(_) => record,
    }
}
