//! People: who they are, their groups, who answers in their place, and the lists that they keep.

mod delegations;
mod groups;
mod members;
mod views;

use std::sync::Arc;

use countersign_domain::audit::Kind;
use countersign_domain::identity::{Email, KeyHolder, Person, PersonStatus, Right, Role};
use countersign_domain::{PersonId, Recorded, Revision, Write, display};
use countersign_wire::Code;
use serde_json::json;

use super::{Made, change};
use crate::app::commit::Commit;
use crate::app::record::fact;
use crate::app::{App, Error, IdempotencyKey, SignedIn};

pub use delegations::{DelegationState, NewDelegation};
pub use groups::{GroupState, Member};
pub use members::MembersChange;
pub use views::Offered;

/// A person to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Their address.
    pub email: Email,
    /// What they may do.
    pub role: Role,
    /// The groups they are a member of.
    pub groups: Vec<String>,
}

/// What to change about a person; `None` leaves it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonChange {
    /// What they may do.
    pub role: Option<Role>,
    /// The groups they are a member of.
    pub groups: Option<Vec<String>>,
    /// Whether they may sign in.
    pub status: Option<PersonStatus>,
}

impl App {
    /// Registers a person and makes their first token.
    pub async fn create_person(
        &self,
        admin: &SignedIn,
        new: NewPerson,
        key: Option<&IdempotencyKey>,
    ) -> Result<Made<Person>, Error> {
        admin.must(Right::Administer)?;
        self.must_be_first(admin, key).await?;
        let now = self.now();
        let person = Person {
            id: PersonId::new(self.ids.ulid(now)),
            revision: Revision::FIRST,
            email: new.email,
            role: new.role,
            groups: new.groups,
            status: PersonStatus::Active,
            created_at: now,
            views: Vec::new(),
        };
        let holder = KeyHolder::Person(person.id);
        let (row, key_record, secret) = self.key(person.email.as_str(), holder, &admin.caller, now);
        let record = fact(Kind::PersonCreated, &admin.caller, json!({"person": person}), now);
        let writes = vec![Write::Person(person.clone()), Write::Key(row)];
        let remembered =
            key.map(|k| k.records(&admin.caller, Recorded::Other(person.id.to_string()), now));
        match self
            .configure(change(admin, writes, vec![record, key_record]).under(remembered))
            .await?
        {
            Commit::Done => Ok(Made { made: person, secret }),
            Commit::Conflict => {
                let detail = format!("there is already a person `{}`", person.email);
                Err(Error { path: Some("$.email".into()), ..Error::new(Code::NameTaken, detail) })
            }
        }
    }

    /// Changes a person. One active admin always remains.
    pub async fn change_person(
        &self,
        admin: &SignedIn,
        id_or_email: &str,
        wanted: PersonChange,
    ) -> Result<Person, Error> {
        admin.must(Right::Administer)?;
        let id = person_named(admin, id_or_email)?.id;
        let registered = admin.snapshot.registered(id).cloned();
        let before = registered.ok_or_else(|| Error::not_found("person", id_or_email))?;
        let now = self.now();
        let person = Person {
            revision: before.revision.next(),
            role: wanted.role.unwrap_or(before.role),
            groups: wanted.groups.unwrap_or_else(|| before.groups.clone()),
            status: wanted.status.unwrap_or(before.status),
            ..(*before).clone()
        };
        let admins =
            admin.snapshot.people().into_iter().filter(|p| governs(p) && p.id != person.id).count();
        if admins == 0 && !governs(&person) {
            return Err(Error::invalid(
                "$",
                "this is the last active admin; make another one first",
            ));
        }
        let data = json!({"before": *before, "after": person});
        let record = fact(Kind::PersonChanged, &admin.caller, data, now);
        match self
            .configure(change(admin, vec![Write::Person(person.clone())], vec![record]))
            .await?
        {
            Commit::Done => {
                if person.status == PersonStatus::Locked {
                    self.end_all_sessions(admin, person.id).await?;
                }
                Ok(person)
            }
            Commit::Conflict => Err(Error::new(Code::Conflict, "someone else changed this person")),
        }
    }

    /// Every person as they are now, also those that this very call made or changed.
    pub fn people_now(&self, reader: &SignedIn) -> Result<Vec<Arc<Person>>, Error> {
        reader.must(Right::Read)?;
        Ok(self.snapshots.of(reader.org()).map(|now| now.people()).unwrap_or_default())
    }

    /// Every person, by address.
    pub fn people(&self, reader: &SignedIn) -> Result<Vec<Arc<Person>>, Error> {
        reader.must(Right::Read)?;
        Ok(reader.snapshot.people())
    }
}

/// Whether this person can change everything.
pub(super) fn governs(person: &Person) -> bool {
    person.role == Role::Admin && person.status == PersonStatus::Active
}

/// A person by id or address.
pub(in crate::app) fn person_named(
    reader: &SignedIn,
    id_or_email: &str,
) -> Result<Arc<Person>, Error> {
    let found = reader.snapshot.person(id_or_email).cloned();
    found.ok_or_else(|| Error::not_found("person", &display::sanitise(id_or_email)))
}
