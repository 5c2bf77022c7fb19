//! What documents do to agents: they register them and change what they say of them. Keys stay what they are.

use countersign_domain::audit::{Draft, Kind};
use countersign_domain::identity::{Agent, AgentStatus, Trust};
use countersign_domain::policy::document::plan::{Fate, Plan, Step};
use countersign_domain::policy::document::{AgentDocument, Document};
use countersign_domain::{AgentId, Revision, Write};
use jiff::Timestamp;
use serde_json::json;
use ulid::Ulid;

use super::super::SignedIn;
use super::super::record::fact;

/// What follows from a plan.
#[derive(Debug)]
pub(super) struct Effects {
    pub(super) writes: Vec<Write>,
    pub(super) records: Vec<Draft>,
    /// A sentence for each, for people.
    pub(super) sentences: Vec<String>,
    /// Every agent as it would be, in the order they are kept in.
    pub(super) agents: Vec<Agent>,
}

/// What a plan does to agents. An agent keeps what its document does not change: a switch that was thrown by
/// hand is not thrown back by applying the same file again.
pub(super) fn effects(
    plan: &Plan,
    admin: &SignedIn,
    now: Timestamp,
    fresh: impl Fn() -> Ulid,
) -> Effects {
    let agents = admin.snapshot.agents().iter().map(|agent| (**agent).clone()).collect();
    let mut effects =
        Effects { writes: Vec::new(), records: Vec::new(), sentences: Vec::new(), agents };
    for step in &plan.steps {
        let Some((before, after)) = agent_documents(step) else { continue };
        let at = effects.agents.iter().position(|agent| agent.name == after.name);
        match at.and_then(|at| effects.agents.get_mut(at)) {
            None => {
                let agent = registered(after, AgentId::new(fresh()), now);
                let data = json!({"agent": agent});
                effects.sentences.push(format!("a new agent `{}`, without a key", after.name));
                effects.keep(fact(Kind::AgentCreated, &admin.caller, data, now), &agent);
                effects.agents.push(agent);
            }
            Some(agent) => {
                let changed = changed(agent, before, after);
                if changed == *agent {
                    continue;
                }
                let data = json!({"before": agent, "after": changed});
                let sentence = sentence(agent, &changed);
                *agent = changed.clone();
                effects.sentences.push(sentence);
                effects.keep(fact(Kind::AgentChanged, &admin.caller, data, now), &changed);
            }
        }
    }
    effects.agents.sort_by(|a, b| a.name.cmp(&b.name));
    effects
}

impl Effects {
    fn keep(&mut self, mut record: Draft, agent: &Agent) {
        record.agent = Some(agent.id);
        self.records.push(record);
        self.writes.push(Write::Agent(agent.clone()));
    }
}

/// The agent document of a step as it was and as it is to be, if that differs.
fn agent_documents(step: &Step) -> Option<(Option<&AgentDocument>, &AgentDocument)> {
    if step.fate == Fate::Unchanged {
        return None;
    }
    let after = step.after.as_ref().and_then(|written| agent_of(&written.document))?;
    Some((step.before.as_ref().and_then(|stored| agent_of(&stored.document)), after))
}

const fn agent_of(document: &Document) -> Option<&AgentDocument> {
    match document {
        Document::Agent(agent) => Some(agent),
        Document::Policy(_)
        | Document::Budget(_)
        | Document::Grant(_)
        | Document::Tool(_)
        | Document::Group(_)
        | Document::Defaults(_) => None,
    }
}

fn registered(document: &AgentDocument, id: AgentId, now: Timestamp) -> Agent {
    Agent {
        id,
        revision: Revision::FIRST,
        name: document.name.clone(),
        version: document.version.clone(),
        status: document.status,
        trust: document.trust,
        owner: document.owner.clone(),
        created_at: now,
    }
}

fn changed(agent: &Agent, before: Option<&AgentDocument>, after: &AgentDocument) -> Agent {
    let mut changed = agent.clone();
    let same = |differs: fn(&AgentDocument, &AgentDocument) -> bool| {
        before.is_some_and(|before| !differs(before, after))
    };
    let unsaid = before.is_none() && after.version.is_empty();
    if !unsaid && !same(|a, b| a.version != b.version) {
        changed.version.clone_from(&after.version);
    }
    let unsaid = before.is_none() && after.owner.is_none();
    if !unsaid && !same(|a, b| a.owner != b.owner) {
        changed.owner.clone_from(&after.owner);
    }
    if !same(|a, b| a.trust != b.trust) {
        changed.trust = after.trust;
    }
    if !same(|a, b| a.status != b.status) {
        changed.status = after.status;
    }
    if changed != *agent {
        changed.revision = agent.revision.next();
    }
    changed
}

fn sentence(before: &Agent, after: &Agent) -> String {
    let owner =
        |agent: &Agent| agent.owner.as_ref().map_or("nobody".to_owned(), ToString::to_string);
    let parts = [
        ("version", before.version.clone(), after.version.clone()),
        ("owner", owner(before), owner(after)),
        ("trust", trust(before.trust).to_owned(), trust(after.trust).to_owned()),
        ("status", status(before.status).to_owned(), status(after.status).to_owned()),
    ];
    let changed = parts.iter().filter(|(_, old, new)| old != new);
    let words: Vec<_> =
        changed.map(|(name, old, new)| format!("{name} from `{old}` to `{new}`")).collect();
    format!("agent `{}` changes: {}", after.name, words.join(", "))
}

const fn trust(trust: Trust) -> &'static str {
    match trust {
        Trust::Untrusted => "untrusted",
        Trust::Standard => "standard",
        Trust::Trusted => "trusted",
    }
}

const fn status(status: AgentStatus) -> &'static str {
    match status {
        AgentStatus::Active => "active",
        AgentStatus::Inactive => "inactive",
    }
}
