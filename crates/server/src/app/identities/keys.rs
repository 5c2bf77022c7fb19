//! Keys of the three kinds.

use countersign_domain::audit::Kind;
use countersign_domain::identity::{Key, KeyHolder, Right};
use countersign_domain::{KeyId, Recorded, Write};
use countersign_wire::Code;
use serde_json::json;

use super::super::commit::Commit;
use super::super::record::fact;
use super::super::{App, Error, IdempotencyKey, SignedIn};
use super::agents::agent_named;
use super::people::{governs, person_named};
use super::{Made, change};

/// Whom a key is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFor {
    /// An agent, by id or name.
    Agent(String),
    /// An application, and the agent it means where it cannot name one.
    Application(Option<String>),
    /// A person, by id or address.
    Person(String),
}

impl App {
    /// Makes a key.
    pub async fn create_key(
        &self,
        admin: &SignedIn,
        (name, holder): (&str, KeyFor),
        key: Option<&IdempotencyKey>,
    ) -> Result<Made<Key>, Error> {
        admin.must(Right::Administer)?;
        self.must_be_first(admin, key).await?;
        check_key_name("$.name", name)?;
        let holder = match holder {
            KeyFor::Agent(agent) => KeyHolder::Agent(agent_named(admin, &agent)?.id),
            KeyFor::Application(None) => KeyHolder::Application(None),
            KeyFor::Application(Some(agent)) => {
                KeyHolder::Application(Some(agent_named(admin, &agent)?.id))
            }
            KeyFor::Person(person) => KeyHolder::Person(person_named(admin, &person)?.id),
        };
        let now = self.now();
        let (row, record, secret) = self.key(name, holder, &admin.caller, now);
        let remembered =
            key.map(|k| k.records(&admin.caller, Recorded::Other(row.id.to_string()), now));
        match self
            .configure(change(admin, vec![Write::Key(row.clone())], vec![record]).under(remembered))
            .await?
        {
            Commit::Done => Ok(Made { made: row, secret }),
            Commit::Conflict => {
                Err(Error::new(Code::Conflict, "the same call is being made already"))
            }
        }
    }

    /// Every key, the revoked ones included.
    pub fn keys(&self, admin: &SignedIn) -> Result<Vec<Key>, Error> {
        admin.must(Right::Administer)?;
        Ok(admin.snapshot.keys())
    }

    /// Makes a key stop working, at once.
    pub async fn revoke_key(&self, admin: &SignedIn, id: KeyId) -> Result<Key, Error> {
        admin.must(Right::Administer)?;
        let found = admin.snapshot.keys().into_iter().find(|key| key.id == id);
        let before = found.ok_or_else(|| Error::not_found("key", &id.to_string()))?;
        let now = self.now();
        let key = Key { revoked_at: Some(before.revoked_at.unwrap_or(now)), ..before.clone() };
        if before.revoked_at.is_some() {
            return Ok(key);
        }
        if !someone_governs_without(admin, id) {
            let detail = "this is the last key of the last active admin; make another one first";
            return Err(Error::invalid("id", detail));
        }
        let record =
            fact(Kind::KeyRevoked, &admin.caller, json!({"key_id": id, "name": key.name}), now);
        match self
            .configure(change(admin, vec![Write::KeyRevoked(key.clone())], vec![record]))
            .await?
        {
            Commit::Done | Commit::Conflict => Ok(key),
        }
    }
}

/// A name says something, and not too much.
pub(super) fn check_key_name(path: &str, name: &str) -> Result<(), Error> {
    if name.trim().is_empty() || name.chars().count() > 100 {
        return Err(Error::invalid(path, "a key needs a name of at most 100 characters"));
    }
    Ok(())
}

/// Whether an active admin can still sign in when this key is gone.
pub(super) fn someone_governs_without(admin: &SignedIn, gone: KeyId) -> bool {
    admin.snapshot.keys().into_iter().filter(|key| key.id != gone && key.revoked_at.is_none()).any(
        |key| {
            let KeyHolder::Person(person) = key.holder else { return false };
            admin.snapshot.person_by_id(person).is_some_and(|person| governs(person))
        },
    )
}
