//! Who is on the line. The kinds are types, so that a use case for people cannot be called by anyone else.

use std::net::IpAddr;
use std::sync::Arc;

use countersign_domain::approval::{Assurance, Proof};
use countersign_domain::identity::capability::{self, TokenError};
use countersign_domain::identity::{
    Agent, Caller, CallerKind, Capability, KeyHash, KeyHolder, Person, PersonStatus, Right,
};
use countersign_domain::{AgentId, KeyId, OrgId, SessionId};
use countersign_wire::Code;

use super::{App, Error, Snapshot};

/// Whoever is on the line.
#[derive(Debug, Clone)]
pub enum OnTheLine {
    /// An agent, or an application that speaks for agents.
    Asker(Asker),
    /// A person.
    Person(SignedIn),
}

/// An agent, or an application that speaks for agents. It can ask, and never answer.
#[derive(Debug, Clone)]
pub struct Asker {
    /// The organization as it was when the call came in.
    pub snapshot: Arc<Snapshot>,
    /// The key it showed.
    pub key: KeyId,
    /// For whom it speaks.
    pub speaks: Speaks,
    /// The capability token it showed instead of the agent's own key.
    pub capability: Option<Arc<Capability>>,
    /// As the record names it.
    pub caller: Caller,
}

/// For whom an asker speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    /// For itself.
    Agent(AgentId),
    /// For every agent of the organization; the one it means when it names none.
    Application(Option<AgentId>),
}

/// What a person showed to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Their own token.
    Key(KeyId),
    /// The cookie of a session.
    Session(SessionId),
}

/// A signed-in person.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The organization as it was when the call came in.
    pub snapshot: Arc<Snapshot>,
    /// What they showed.
    pub shown: Shown,
    /// Who it is.
    pub person: Arc<Person>,
    /// As the record names them.
    pub caller: Caller,
    /// How sure we are.
    pub assurance: Assurance,
    /// What they showed for one answer, if they did.
    pub proof: Option<Arc<Proof>>,
}

impl OnTheLine {
    /// The organization.
    pub fn org(&self) -> &OrgId {
        match self {
            Self::Asker(asker) => &asker.snapshot.org,
            Self::Person(person) => &person.snapshot.org,
        }
    }

    /// As the record names them.
    pub const fn caller(&self) -> &Caller {
        match self {
            Self::Asker(asker) => &asker.caller,
            Self::Person(person) => &person.caller,
        }
    }

    /// Whether they may see what is about this agent.
    pub fn sees(&self, agent: AgentId) -> bool {
        match self {
            Self::Asker(asker) => asker.speaks_for(agent),
            Self::Person(person) => person.person.role.may(Right::Read),
        }
    }
}

impl Asker {
    /// `agent` or `application`.
    pub const fn kind(&self) -> &'static str {
        match self.speaks {
            Speaks::Agent(_) => "agent",
            Speaks::Application(_) => "application",
        }
    }

    /// The organization.
    pub fn org(&self) -> &OrgId {
        &self.snapshot.org
    }

    /// Whether it speaks for this agent.
    pub fn speaks_for(&self, agent: AgentId) -> bool {
        match self.speaks {
            Speaks::Agent(own) => own == agent,
            Speaks::Application(_) => true,
        }
    }

    /// Fails if its key stopped working after the call came in.
    pub(super) fn must_work_in(&self, now: &Snapshot) -> Result<(), Error> {
        let works = || {
            now.key_by_id(self.key).is_some_and(|key| key.revoked_at.is_none())
                && !self.capability.as_ref().is_some_and(|token| now.has_revoked(token))
        };
        if now.version == self.snapshot.version || works() {
            return Ok(());
        }
        Err(Error::new(Code::Unauthenticated, "the key was revoked while it was answered"))
    }

    /// The agent that is meant: the one that is named, or the asker itself.
    pub fn agent(&self, named: Option<&str>) -> Result<Arc<Agent>, Error> {
        let found = match (named, self.speaks) {
            (Some(name), _) => self.snapshot.agent(name),
            (None, Speaks::Agent(own)) => self.snapshot.agent_by_id(own),
            (None, Speaks::Application(_)) => {
                return Err(Error::invalid(
                    "$.agent_id",
                    "an application has to name the agent it speaks for",
                ));
            }
        };
        found.filter(|agent| self.speaks_for(agent.id)).cloned().ok_or_else(|| {
            let name = countersign_domain::display::sanitise(named.unwrap_or_default());
            Error::new(
                Code::AgentNotFound,
                format!("there is no agent `{name}` that this key speaks for"),
            )
        })
    }

    /// The agent that is meant where a client has no way to name one.
    pub fn default_agent(&self) -> Result<Arc<Agent>, Error> {
        match self.speaks {
            Speaks::Application(Some(id)) => {
                let found = self.snapshot.agent_by_id(id).cloned();
                found.ok_or_else(|| {
                    Error::new(Code::AgentNotFound, "the default agent of this key is gone")
                })
            }
            Speaks::Agent(_) | Speaks::Application(None) => self.agent(None),
        }
    }
}

impl SignedIn {
    /// A person with what is theirs; nobody whose account is locked.
    pub(super) fn new(
        snapshot: Arc<Snapshot>,
        shown: Shown,
        person: Arc<Person>,
        ip: Option<IpAddr>,
    ) -> Option<Self> {
        if person.status != PersonStatus::Active {
            return None;
        }
        let assurance = Assurance::Session;
        let who = (person.id.to_string(), person.email.to_string());
        let caller = Caller { assurance: Some(assurance), ..named(CallerKind::Person, who, ip) };
        Some(Self { snapshot, shown, person, caller, assurance, proof: None })
    }

    /// The organization.
    pub fn org(&self) -> &OrgId {
        &self.snapshot.org
    }

    /// Fails unless their role includes the right.
    pub fn must(&self, right: Right) -> Result<(), Error> {
        if self.person.role.may(right) {
            return Ok(());
        }
        let needed = match right {
            Right::Read => "any role",
            Right::Answer => "the role approver or admin",
            Right::Audit => "the role auditor or admin",
            Right::Administer => "the role admin",
        };
        let (email, role) = (&self.person.email, self.person.role);
        Err(Error::new(
            Code::Forbidden,
            format!("{email} has the role {role}; this takes {needed}"),
        ))
    }
}

impl App {
    /// Finds out who shows this secret, in one organization or in any.
    pub fn authenticate(
        &self,
        org: Option<&OrgId>,
        secret: &str,
        ip: Option<IpAddr>,
    ) -> Result<OnTheLine, Error> {
        if secret.starts_with(capability::PREFIX) {
            return self.by_capability(org, secret, ip).map(OnTheLine::Asker);
        }
        let hash = KeyHash::of(secret);
        let unknown = || Error::new(Code::Unauthenticated, "the key is not valid");
        let candidates = org.map_or_else(
            || self.snapshots.all(),
            |org| self.snapshots.of(org).into_iter().collect(),
        );
        let snapshot =
            candidates.into_iter().find(|s| s.key(hash).is_some()).ok_or_else(unknown)?;
        let key = snapshot.key(hash).filter(|key| key.revoked_at.is_none()).ok_or_else(unknown)?;
        let (id, name) = (key.id, key.name.clone());
        self.uses.note(&snapshot.org, id, self.now());
        match key.holder {
            KeyHolder::Agent(agent) => {
                let agent = snapshot.agent_by_id(agent).ok_or_else(unknown)?;
                let caller =
                    named(CallerKind::Agent, (agent.id.to_string(), agent.name.clone()), ip);
                let speaks = Speaks::Agent(agent.id);
                Ok(OnTheLine::Asker(Asker { snapshot, key: id, speaks, capability: None, caller }))
            }
            KeyHolder::Application(default) => {
                let caller = named(CallerKind::Application, (id.to_string(), name), ip);
                let speaks = Speaks::Application(default);
                Ok(OnTheLine::Asker(Asker { snapshot, key: id, speaks, capability: None, caller }))
            }
            KeyHolder::Person(person) => {
                let person = snapshot.person_by_id(person).cloned().ok_or_else(unknown)?;
                let signed_in = SignedIn::new(snapshot, Shown::Key(id), person, ip);
                signed_in.ok_or_else(unknown).map(OnTheLine::Person)
            }
            // A token is read, never looked up.
            KeyHolder::Token(_) => Err(unknown()),
        }
    }

    /// Finds out for whom a capability token speaks. One that was revoked or is over is let in as well, so that
    /// a check can say so; it permits nothing.
    fn by_capability(
        &self,
        org: Option<&OrgId>,
        token: &str,
        ip: Option<IpAddr>,
    ) -> Result<Asker, Error> {
        let unknown =
            || Error::new(Code::InvalidToken, "the capability token speaks for nobody here");
        let unread = |error: TokenError| Error::new(Code::InvalidToken, error.to_string());
        let capability = Capability::read(token, self.tokens.public()).map_err(unread)?;
        let named_org = capability.holder().org.clone();
        if org.is_some_and(|org| *org != named_org) {
            return Err(unknown());
        }
        let snapshot = self.snapshots.of(&named_org).ok_or_else(unknown)?;
        let capability = snapshot.standing(capability).ok_or_else(unknown)?;
        let holder = capability.holder();
        let agent = snapshot.agent_by_id(holder.agent).ok_or_else(unknown)?;
        let key = snapshot.key_by_id(holder.token).ok_or_else(unknown)?;
        self.uses.note(&snapshot.org, key.id, self.now());
        let name = format!("{} with token {}", agent.name, key.name);
        let caller = named(CallerKind::Agent, (agent.id.to_string(), name), ip);
        let (key, speaks) = (key.id, Speaks::Agent(agent.id));
        let capability = Some(Arc::new(capability));
        Ok(Asker { snapshot, key, speaks, capability, caller })
    }

    /// The same asker under the configuration as it is now; refused if their key stopped working meanwhile.
    pub(super) async fn renewed(&self, asker: &Asker) -> Result<Asker, Error> {
        let now = self.snapshots.after(&asker.snapshot).await?;
        let snapshot = now.unwrap_or_else(|| Arc::clone(&asker.snapshot));
        asker.must_work_in(&snapshot)?;
        Ok(Asker { snapshot, ..asker.clone() })
    }

    /// Whether a caller who came in earlier would still be let in now; long streams ask again and again.
    pub async fn still_valid(&self, caller: &OnTheLine) -> bool {
        let Some(now) = self.snapshots.of(caller.org()) else {
            return false;
        };
        match caller {
            OnTheLine::Asker(asker) => {
                let revoked = |token| now.has_revoked(token);
                now.key_by_id(asker.key).is_some_and(|key| key.revoked_at.is_none())
                    && !asker.capability.as_ref().is_some_and(revoked)
            }
            OnTheLine::Person(person) => {
                let id = person.person.id;
                let active = |p: &Arc<Person>| p.status == PersonStatus::Active;
                let shown = match person.shown {
                    Shown::Key(key) => {
                        now.key_by_id(key).is_some_and(|key| key.revoked_at.is_none())
                    }
                    Shown::Session(session) => self.session_stands(caller.org(), id, session).await,
                };
                shown && now.person_by_id(id).is_some_and(active)
            }
        }
    }
}

fn named(kind: CallerKind, (id, name): (String, String), ip: Option<IpAddr>) -> Caller {
    Caller { kind, id, name, ip, assurance: None }
}
