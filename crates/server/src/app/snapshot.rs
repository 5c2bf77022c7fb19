//! Everything about an organization that changes seldom, loaded once and swapped whole.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use countersign_domain::approval::{Approval, Digest, Proposal};
use countersign_domain::identity::{Agent, Email, Key, KeyHash, Person, PersonStatus, Right};
use countersign_domain::json::Object;
use countersign_domain::notification::Webhook;
use countersign_domain::policy::{Permission, Question, Verdict, evaluate};
use countersign_domain::{AgentId, KeyId, OrgId, PersonId, Settings};
use countersign_store::{Configuration, Store};
use jiff::Timestamp;
use serde_json::json;

use super::Error;

/// One organization as every request of a moment sees it.
#[derive(Debug)]
pub struct Snapshot {
    /// Which organization.
    pub org: OrgId,
    /// The hash of everything in it that policy looks at; verdicts record it.
    pub hash: Digest,
    /// Its settings.
    pub settings: Settings,
    agents: HashMap<AgentId, Arc<Agent>>,
    agents_by_name: HashMap<String, AgentId>,
    people: HashMap<PersonId, Arc<Person>>,
    people_by_email: HashMap<Email, PersonId>,
    keys: HashMap<KeyHash, Key>,
    keys_by_id: HashMap<KeyId, KeyHash>,
    permissions: HashMap<AgentId, Vec<Permission>>,
    webhooks: Vec<Arc<Webhook>>,
}

impl Snapshot {
    fn new(org: OrgId, configuration: Configuration) -> Self {
        let Configuration { agents, people, keys, permissions, webhooks, settings } = configuration;
        let hash = Digest::of(&json!({
            "agents": agents, "permissions": permissions, "settings": settings,
        }));
        let mut by_agent: HashMap<AgentId, Vec<Permission>> = HashMap::new();
        for permission in permissions {
            by_agent.entry(permission.agent).or_default().push(permission);
        }
        Self {
            org,
            hash,
            settings,
            agents_by_name: agents.iter().map(|a| (a.name.clone(), a.id)).collect(),
            agents: agents.into_iter().map(|a| (a.id, Arc::new(a))).collect(),
            people_by_email: people.iter().map(|p| (p.email.clone(), p.id)).collect(),
            people: people.into_iter().map(|p| (p.id, Arc::new(p))).collect(),
            keys_by_id: keys.iter().map(|k| (k.id, k.hash)).collect(),
            keys: keys.into_iter().map(|k| (k.hash, k)).collect(),
            permissions: by_agent,
            webhooks: webhooks.into_iter().map(Arc::new).collect(),
        }
    }

    /// An agent by id or name.
    pub fn agent(&self, id_or_name: &str) -> Option<&Arc<Agent>> {
        let id = id_or_name.parse().ok().or_else(|| self.agents_by_name.get(id_or_name).copied());
        id.and_then(|id| self.agents.get(&id))
    }

    /// An agent by id.
    pub fn agent_by_id(&self, id: AgentId) -> Option<&Arc<Agent>> {
        self.agents.get(&id)
    }

    /// A person by id or address.
    pub fn person(&self, id_or_email: &str) -> Option<&Arc<Person>> {
        let by_email = || self.people_by_email.get(&id_or_email.parse().ok()?).copied();
        let id = id_or_email.parse().ok().or_else(by_email);
        id.and_then(|id| self.people.get(&id))
    }

    /// A person by id.
    pub fn person_by_id(&self, id: PersonId) -> Option<&Arc<Person>> {
        self.people.get(&id)
    }

    /// A key by the hash of its secret; also one that was revoked.
    pub fn key(&self, hash: KeyHash) -> Option<&Key> {
        self.keys.get(&hash)
    }

    /// A key by id; also one that was revoked.
    pub fn key_by_id(&self, id: KeyId) -> Option<&Key> {
        self.keys_by_id.get(&id).and_then(|hash| self.keys.get(hash))
    }

    /// What an agent may do.
    pub fn permissions(&self, agent: AgentId) -> &[Permission] {
        self.permissions.get(&agent).map_or(&[], Vec::as_slice)
    }

    /// Every webhook, the oldest first.
    pub fn webhooks(&self) -> &[Arc<Webhook>] {
        &self.webhooks
    }

    /// What policy says now about a proposal.
    pub fn judge(&self, agent: &Agent, proposal: &Proposal, context: &Object) -> Verdict {
        let question = Question { agent, proposal, context };
        evaluate(question, self.permissions(agent.id), &self.settings)
    }

    /// Why the people who said yes do not count any more, if one of them was locked or lost the right.
    pub fn no_longer_stands(&self, approval: &Approval) -> Option<String> {
        let fallen = approval.counting_answers().find(|answer| {
            let person = self.person_by_id(answer.by.id);
            !person.is_some_and(|p| p.status == PersonStatus::Active && p.role.may(Right::Answer))
        })?;
        Some(format!("{}, who approved it, may no longer answer", fallen.by.email))
    }

    /// Every agent, by name.
    pub fn agents(&self) -> Vec<Arc<Agent>> {
        let mut agents: Vec<_> = self.agents.values().cloned().collect();
        agents.sort_by(|a, b| a.name.cmp(&b.name));
        agents
    }

    /// Every person, by address.
    pub fn people(&self) -> Vec<Arc<Person>> {
        let mut people: Vec<_> = self.people.values().cloned().collect();
        people.sort_by(|a, b| a.email.cmp(&b.email));
        people
    }

    /// Every key, the oldest first.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys: Vec<_> = self.keys.values().cloned().collect();
        keys.sort_by_key(|key| key.id);
        keys
    }
}

/// The snapshots of all organizations.
pub struct Snapshots {
    store: Arc<dyn Store>,
    current: RwLock<HashMap<OrgId, Arc<Snapshot>>>,
    loading: tokio::sync::Mutex<()>,
}

impl Snapshots {
    /// Loads every organization.
    pub async fn load(store: Arc<dyn Store>) -> Result<Self, Error> {
        let snapshots =
            Self { store, current: RwLock::default(), loading: tokio::sync::Mutex::default() };
        snapshots.reload_all().await?;
        Ok(snapshots)
    }

    /// Loads every organization anew.
    pub async fn reload_all(&self) -> Result<(), Error> {
        for org in self.store.organizations().await? {
            self.reload(&org).await?;
        }
        Ok(())
    }

    /// No denial before this time counts at `now`, in any organization.
    pub fn denials_count_since(&self, now: Timestamp) -> Timestamp {
        let since = |snapshot: &Arc<Snapshot>| {
            now.checked_sub(snapshot.settings.denial_cooldown).unwrap_or(Timestamp::MIN)
        };
        self.all().iter().map(since).min().unwrap_or(now)
    }

    /// Loads an organization anew. One load at a time, so that an older one never replaces a newer one.
    pub async fn reload(&self, org: &OrgId) -> Result<(), Error> {
        let _turn = self.loading.lock().await;
        if let Some(configuration) = self.store.configuration(org).await? {
            let snapshot = Arc::new(Snapshot::new(org.clone(), configuration));
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            current.insert(org.clone(), snapshot);
        }
        Ok(())
    }

    /// The snapshot of an organization.
    pub fn of(&self, org: &OrgId) -> Option<Arc<Snapshot>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).get(org).cloned()
    }

    /// Every snapshot.
    pub fn all(&self) -> Vec<Arc<Snapshot>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}
