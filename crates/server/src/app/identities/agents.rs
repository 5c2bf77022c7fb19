//! Agents.

use std::sync::Arc;

use countersign_domain::audit::Kind;
use countersign_domain::identity::{
    Agent, AgentStatus, Email, KeyHolder, Right, Trust, is_agent_name,
};
use countersign_domain::names::Look;
use countersign_domain::{AgentId, Recorded, Revision, Write, display};
use countersign_wire::Code;
use serde_json::json;

use super::super::commit::Commit;
use super::super::record::fact;
use super::super::{App, Error, IdempotencyKey, SignedIn};
use super::{Made, change};

/// An agent to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAgent {
    /// Its name.
    pub name: String,
    /// The version it says it has.
    pub version: String,
    /// The person who answers for it.
    pub owner: Option<Email>,
    /// How far it is trusted.
    pub trust: Trust,
}

/// What to change about an agent; `None` leaves it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentChange {
    /// The version it says it has.
    pub version: Option<String>,
    /// Whether it may act.
    pub status: Option<AgentStatus>,
    /// The person who answers for it, or nobody.
    pub owner: Option<Option<Email>>,
    /// How far it is trusted.
    pub trust: Option<Trust>,
}

impl App {
    /// Registers an agent and makes its first key.
    pub async fn create_agent(
        &self,
        admin: &SignedIn,
        new: NewAgent,
        key: Option<&IdempotencyKey>,
    ) -> Result<Made<Agent>, Error> {
        admin.must(Right::Administer)?;
        self.must_be_first(admin, key).await?;
        check_name(&new.name)?;
        must_not_be_taken_for_another(admin, &new.name)?;
        let now = self.now();
        let agent = Agent {
            id: AgentId::new(self.ids.ulid(now)),
            revision: Revision::FIRST,
            name: new.name,
            version: new.version,
            status: AgentStatus::Active,
            trust: new.trust,
            owner: new.owner,
            created_at: now,
        };
        let (row, key_record, secret) =
            self.key(&agent.name, KeyHolder::Agent(agent.id), &admin.caller, now);
        let mut record = fact(Kind::AgentCreated, &admin.caller, json!({"agent": agent}), now);
        record.agent = Some(agent.id);
        let writes = vec![Write::Agent(agent.clone()), Write::Key(row)];
        let remembered =
            key.map(|k| k.records(&admin.caller, Recorded::Other(agent.id.to_string()), now));
        match self
            .configure(change(admin, writes, vec![record, key_record]).under(remembered))
            .await?
        {
            Commit::Done => Ok(Made { made: agent, secret }),
            Commit::Conflict => {
                let detail = format!("there is already an agent `{}`", agent.name);
                Err(Error { path: Some("$.name".into()), ..Error::new(Code::NameTaken, detail) })
            }
        }
    }

    /// Changes an agent.
    pub async fn change_agent(
        &self,
        admin: &SignedIn,
        id_or_name: &str,
        wanted: AgentChange,
    ) -> Result<Agent, Error> {
        admin.must(Right::Administer)?;
        let before = agent_named(admin, id_or_name)?;
        let now = self.now();
        let agent = Agent {
            revision: before.revision.next(),
            version: wanted.version.unwrap_or_else(|| before.version.clone()),
            status: wanted.status.unwrap_or(before.status),
            owner: wanted.owner.unwrap_or_else(|| before.owner.clone()),
            trust: wanted.trust.unwrap_or(before.trust),
            ..(*before).clone()
        };
        let mut record = fact(
            Kind::AgentChanged,
            &admin.caller,
            json!({"before": *before, "after": agent}),
            now,
        );
        record.agent = Some(agent.id);
        match self.configure(change(admin, vec![Write::Agent(agent.clone())], vec![record])).await?
        {
            Commit::Done => Ok(agent),
            Commit::Conflict => Err(Error::new(Code::Conflict, "someone else changed this agent")),
        }
    }

    /// Every agent, by name.
    pub fn agents(&self, reader: &SignedIn) -> Result<Vec<Arc<Agent>>, Error> {
        reader.must(Right::Read)?;
        Ok(reader.snapshot.agents())
    }

    /// One agent.
    pub fn agent(&self, reader: &SignedIn, id_or_name: &str) -> Result<Arc<Agent>, Error> {
        reader.must(Right::Read)?;
        agent_named(reader, id_or_name)
    }
}

/// An agent by id or name.
pub(in crate::app) fn agent_named(
    reader: &SignedIn,
    id_or_name: &str,
) -> Result<Arc<Agent>, Error> {
    reader.snapshot.agent(id_or_name).cloned().ok_or_else(|| {
        let name = display::sanitise(id_or_name);
        Error::new(Code::AgentNotFound, format!("there is no agent `{name}`"))
    })
}

/// Nobody should have to look twice to tell two agents apart.
fn must_not_be_taken_for_another(admin: &SignedIn, name: &str) -> Result<(), Error> {
    let look = Look::of(name);
    let agents = admin.snapshot.agents();
    match agents.iter().find(|agent| Look::of(&agent.name).is_taken_for(&look)) {
        Some(other) => {
            let detail = format!("`{name}` could be taken for the agent `{}`", other.name);
            Err(Error { path: Some("$.name".into()), ..Error::new(Code::NameTaken, detail) })
        }
        None => Ok(()),
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    if is_agent_name(name) {
        return Ok(());
    }
    let shown = display::sanitise(name);
    let detail = format!(
        "`{shown}` is not a name for an agent: use 1 to 100 of a-z A-Z 0-9 - _ . @ and inner spaces"
    );
    Err(Error::invalid("$.name", detail))
}
