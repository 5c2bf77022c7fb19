//! Everything about an organization that changes seldom, loaded once and swapped whole.

mod obstacle;
mod standing;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use countersign_domain::approval::Digest;
use countersign_domain::identity::capability::{BlockId, Revocation};
use countersign_domain::identity::{Agent, Delegation, Email, Key, KeyHash, Person};
use countersign_domain::notification::Webhook;
use countersign_domain::policy::document::{self, Defaults, Document, StoredDocument};
use countersign_domain::policy::{CompileError, Parts, Permission, Rulebook};
use countersign_domain::{AgentId, KeyId, OrgId, PersonId, Revision, Settings};
use countersign_store::{Configuration, Store};
use countersign_wire::Code;
use jiff::Timestamp;
use serde_json::json;

pub use obstacle::{Obstacle, Obstacles, Shortage};

use super::Error;

/// One organization as every request of a moment sees it.
#[derive(Debug)]
pub struct Snapshot {
    /// Which organization.
    pub org: OrgId,
    /// The hash of everything in it that policy looks at; verdicts record it.
    pub hash: Digest,
    /// The hash of what policy looks at beside agents and documents.
    beside: Digest,
    /// How often its configuration was changed; guards what is decided under it.
    pub version: u64,
    /// Its settings: those of the document `Defaults` where it says something, else its own.
    pub settings: Settings,
    /// Its own settings, as they were written without documents.
    pub own_settings: Settings,
    agents: HashMap<AgentId, Arc<Agent>>,
    agents_by_name: HashMap<String, AgentId>,
    registered: HashMap<PersonId, Arc<Person>>,
    people: HashMap<PersonId, Arc<Person>>,
    people_by_email: HashMap<Email, PersonId>,
    delegations: Vec<Arc<Delegation>>,
    keys: HashMap<KeyHash, Key>,
    hashes: HashMap<KeyId, KeyHash>,
    revocations: HashMap<BlockId, Revocation>,
    rulebook: Rulebook,
    documents: Vec<StoredDocument>,
    document_set: Revision,
    webhooks: Vec<Arc<Webhook>>,
}

impl Snapshot {
    /// Makes a configuration ready, or says why its documents cannot be used.
    fn new(org: OrgId, configuration: Configuration) -> Result<Self, Vec<CompileError>> {
        let Configuration {
            version,
            agents,
            people,
            delegations,
            keys,
            revocations,
            permissions,
            webhooks,
            freezes,
            settings: own_settings,
            documents,
            document_set,
        } = configuration;
        let in_force: Vec<_> = documents.iter().map(|stored| stored.document.clone()).collect();
        let rest =
            json!({"permissions": permissions, "settings": own_settings, "freezes": freezes});
        let beside = Digest::of(&rest);
        let hash = hash(&agents, &in_force, beside);
        let settings = document::settings_under(&in_force, &own_settings);
        let members = people.iter().map(|person| document::member_under(&in_force, person));
        let members = members.map(|person| (person.id, Arc::new(person))).collect();
        let people_by_email = people.iter().map(|p| (p.email.clone(), p.id)).collect();
        let agents_by_name: HashMap<_, _> = agents.iter().map(|a| (a.name.clone(), a.id)).collect();
        let rulebook = Rulebook::compile(Parts {
            settings: settings.clone(),
            permissions,
            agents: agents_by_name.clone(),
            documents: in_force,
        })?
        .frozen_by(freezes);
        Ok(Self {
            org,
            hash,
            beside,
            version,
            settings,
            own_settings,
            agents_by_name,
            agents: agents.into_iter().map(|a| (a.id, Arc::new(a))).collect(),
            people_by_email,
            registered: people.into_iter().map(|p| (p.id, Arc::new(p))).collect(),
            people: members,
            delegations: by_delegate(delegations),
            hashes: keys.iter().map(|k| (k.id, k.hash)).collect(),
            revocations: revocations.into_iter().map(|r| (r.block.clone(), r)).collect(),
            keys: keys.into_iter().map(|k| (k.hash, k)).collect(),
            rulebook,
            documents,
            document_set,
            webhooks: webhooks.into_iter().map(Arc::new).collect(),
        })
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

    /// A person by id or address, with all groups they are a member of.
    pub fn person(&self, id_or_email: &str) -> Option<&Arc<Person>> {
        let by_email = || self.people_by_email.get(&id_or_email.parse().ok()?).copied();
        let id = id_or_email.parse().ok().or_else(by_email);
        id.and_then(|id| self.people.get(&id))
    }

    /// A person by id, only with the groups that were given to them by themselves.
    pub fn registered(&self, id: PersonId) -> Option<&Arc<Person>> {
        self.registered.get(&id)
    }

    /// Every person, only with the groups that were given to them by themselves.
    pub fn registered_people(&self) -> Vec<Person> {
        self.registered.values().map(|person| (**person).clone()).collect()
    }

    /// A person by id.
    pub fn person_by_id(&self, id: PersonId) -> Option<&Arc<Person>> {
        self.people.get(&id)
    }

    /// Every delegation, those to one person in a row; also those that are over.
    pub fn delegations(&self) -> &[Arc<Delegation>] {
        &self.delegations
    }

    /// A key by the hash of its secret; also one that was revoked.
    pub fn key(&self, hash: KeyHash) -> Option<&Key> {
        self.keys.get(&hash)
    }

    /// A key by id; also one that was revoked.
    pub fn key_by_id(&self, id: KeyId) -> Option<&Key> {
        self.hashes.get(&id).and_then(|hash| self.keys.get(hash))
    }

    /// Why a block of a capability token is worth nothing any more, if so.
    pub fn revocation(&self, block: &BlockId) -> Option<&Revocation> {
        self.revocations.get(block)
    }

    /// Every revoked block, the latest last.
    pub fn revocations(&self) -> Vec<Revocation> {
        let mut revocations: Vec<_> = self.revocations.values().cloned().collect();
        revocations.sort_by(|a, b| (a.at, &a.block).cmp(&(b.at, &b.block)));
        revocations
    }

    /// What an agent may do.
    pub fn permissions(&self, agent: AgentId) -> &[Permission] {
        self.rulebook.permissions(agent)
    }

    /// Everything policy looks at.
    pub const fn rulebook(&self) -> &Rulebook {
        &self.rulebook
    }

    /// The policy documents in force, by kind and name.
    pub fn documents(&self) -> &[StoredDocument] {
        &self.documents
    }

    /// The document `Defaults`, if there is one.
    pub fn defaults(&self) -> Option<&Defaults> {
        document::defaults_of(self.rulebook.documents())
    }

    /// What own settings amount to under the documents.
    pub fn settings_from(&self, own: &Settings) -> Settings {
        self.defaults().map_or_else(|| own.clone(), |defaults| defaults.over(own))
    }

    /// The hash as it would be with other agents and documents, both in the order they are kept in.
    pub fn hash_with(&self, agents: &[Agent], documents: &[Document]) -> Digest {
        hash(agents, documents, self.beside)
    }

    /// How often the documents were changed as a set.
    pub const fn document_set(&self) -> Revision {
        self.document_set
    }

    /// Every webhook, the oldest first.
    pub fn webhooks(&self) -> &[Arc<Webhook>] {
        &self.webhooks
    }

    /// What policy would look at with one more document.
    pub fn with(&self, document: Document) -> Result<Rulebook, Vec<CompileError>> {
        let permissions =
            self.agents.keys().flat_map(|id| self.permissions(*id)).cloned().collect();
        let documents = self.rulebook.documents().iter().cloned().chain([document]).collect();
        Rulebook::compile(Parts {
            settings: self.settings.clone(),
            permissions,
            agents: self.agents_by_name.clone(),
            documents,
        })
    }

    /// A grant, by name.
    pub fn grant(&self, name: &str) -> Option<&StoredDocument> {
        let named = |stored: &&StoredDocument| matches!(&stored.document, Document::Grant(grant) if grant.name == name);
        self.documents.iter().find(named)
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
        let turn = self.loading.lock().await;
        self.load_in_turn(org, &turn).await
    }

    async fn load_in_turn(
        &self,
        org: &OrgId,
        _turn: &tokio::sync::MutexGuard<'_, ()>,
    ) -> Result<(), Error> {
        if let Some(configuration) = self.store.configuration(org).await? {
            let snapshot = Arc::new(
                Snapshot::new(org.clone(), configuration).map_err(|errors| unusable(&errors))?,
            );
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            current.insert(org.clone(), snapshot);
        }
        Ok(())
    }

    /// The snapshot after `seen`, if the configuration was changed since, by whichever program; otherwise the
    /// present one. For whoever was refused because of what may be old.
    pub async fn after(&self, seen: &Snapshot) -> Result<Option<Arc<Snapshot>>, Error> {
        let newer = |version| version > seen.version;
        let is_known = || self.of(&seen.org).is_some_and(|now| newer(now.version));
        if !is_known() && self.store.version(&seen.org).await?.is_some_and(newer) {
            let turn = self.loading.lock().await;
            // Whoever had the turn before may have loaded it.
            if !is_known() {
                self.load_in_turn(&seen.org, &turn).await?;
            }
        }
        Ok(self.of(&seen.org))
    }

    /// Loads what another program has changed; gives whose configuration it was.
    pub async fn refresh(&self) -> Result<Vec<OrgId>, Error> {
        let mut changed = Vec::new();
        for seen in self.all() {
            let now = self.after(&seen).await?;
            if now.is_some_and(|now| now.version > seen.version) {
                changed.push(seen.org.clone());
            }
        }
        Ok(changed)
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

fn by_delegate(mut delegations: Vec<Delegation>) -> Vec<Arc<Delegation>> {
    delegations.sort_by_key(|delegation| (delegation.delegate, delegation.id));
    delegations.into_iter().map(Arc::new).collect()
}

fn hash(agents: &[Agent], documents: &[Document], beside: Digest) -> Digest {
    Digest::of(&json!({"agents": agents, "documents": documents, "beside": beside}))
}

/// A set of documents that does not compile is an error of the server: it was refused when it was applied.
fn unusable(errors: &[CompileError]) -> Error {
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    let detail = format!("the policy cannot be used: {}", errors.join("; "));
    Error::new(Code::Internal, detail)
}
