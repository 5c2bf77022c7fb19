//! The first organization: its admin, and a key for its applications.

use countersign_domain::audit::Kind;
use countersign_domain::identity::{
    Agent, AgentStatus, Caller, Email, Key, KeyHolder, Person, PersonStatus, Role, Trust,
};
use countersign_domain::{AgentId, Change, KeyId, OrgId, PersonId, Revision, Settings, Write};
use countersign_store::{Kept, Store};
use countersign_wire::Code;
use jiff::Timestamp;
use serde_json::json;

use super::Error;
use super::record::fact;
use crate::ids::{Ids, Secret};
use crate::start::Initialised;

/// Makes the first organization, in one transaction.
pub async fn organization(
    store: &dyn Store,
    ids: &Ids,
    now: Timestamp,
    admin: &Email,
) -> Result<Initialised, Error> {
    let org = OrgId::first();
    let person = person(ids, now, admin);
    let agent = agent(ids, now);
    let (admin_key, admin_token) = key(ids, now, (admin.as_str(), KeyHolder::Person(person.id)));
    let (app_key, application_key) =
        key(ids, now, ("application", KeyHolder::Application(Some(agent.id))));
    let system = Caller::system();
    let records = vec![
        fact(Kind::OrganizationCreated, &system, json!({"org": org}), now),
        fact(Kind::PersonCreated, &system, json!({"person": person}), now),
        fact(Kind::AgentCreated, &system, json!({"agent": agent}), now),
        fact(
            Kind::KeyCreated,
            &system,
            json!({"key_id": admin_key.id, "holder": admin_key.holder}),
            now,
        ),
        fact(
            Kind::KeyCreated,
            &system,
            json!({"key_id": app_key.id, "holder": app_key.holder}),
            now,
        ),
    ];
    let writes = vec![
        Write::Organization,
        Write::Settings(Settings::default()),
        Write::Person(person),
        Write::Agent(agent),
        Write::Key(admin_key),
        Write::Key(app_key),
    ];
    let kept = store.keep(vec![Change { org: org.clone(), writes, records }]).await?;
    if kept.contains(&Kept::Conflict) {
        return Err(Error::new(Code::Conflict, "the organization exists already"));
    }
    Ok(Initialised {
        org,
        admin: admin.clone(),
        admin_token: admin_token.reveal().to_owned(),
        application_key: application_key.reveal().to_owned(),
    })
}

fn person(ids: &Ids, now: Timestamp, email: &Email) -> Person {
    Person {
        id: PersonId::new(ids.ulid(now)),
        revision: Revision::FIRST,
        email: email.clone(),
        role: Role::Admin,
        groups: Vec::new(),
        status: PersonStatus::Active,
        created_at: now,
        views: Vec::new(),
    }
}

/// The agent that the application key means where a client has no way to name one.
fn agent(ids: &Ids, now: Timestamp) -> Agent {
    Agent {
        id: AgentId::new(ids.ulid(now)),
        revision: Revision::FIRST,
        name: "default".to_owned(),
        version: String::new(),
        status: AgentStatus::Active,
        trust: Trust::Standard,
        owner: None,
        created_at: now,
    }
}

fn key(ids: &Ids, now: Timestamp, (name, holder): (&str, KeyHolder)) -> (Key, Secret) {
    let secret = ids.secret(holder);
    let key = Key {
        id: KeyId::new(ids.ulid(now)),
        name: name.to_owned(),
        holder,
        hash: secret.hash(),
        ends: Some(secret.ending()),
        made_by: Some(Caller::system().name),
        limits: None,
        created_at: now,
        revoked_at: None,
        revoked_because: None,
    };
    (key, secret)
}
