//! Who is in a group by hand. A group that a document names keeps its members there; what was given by hand beside it
//! can still be taken away.

use countersign_domain::audit::Kind;
use countersign_domain::identity::{Person, Right};
use countersign_domain::policy::document::Document;
use countersign_domain::{Write, display};
use countersign_wire::Code;
use serde_json::json;

use super::person_named;
use crate::app::commit::Commit;
use crate::app::identities::change;
use crate::app::record::fact;
use crate::app::{App, Error, SignedIn};

/// The longest name of a group.
const LONGEST: usize = 60;

/// What to change about the members of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MembersChange {
    /// Who comes, by id or address.
    pub come: Vec<String>,
    /// Who goes, by id or address.
    pub go: Vec<String>,
}

impl App {
    /// Puts people into a group and takes others out, all of them or none. A group is there as long as someone is in
    /// it, a document names it, or a rule asks it.
    pub async fn change_members(
        &self,
        admin: &SignedIn,
        group: &str,
        wanted: MembersChange,
    ) -> Result<(), Error> {
        admin.must(Right::Administer)?;
        let group = group_name(group)?;
        if !wanted.come.is_empty() {
            must_be_by_hand(admin, group)?;
        }
        let mut changed: Vec<(Person, Person)> = Vec::new();
        for (named, comes) in marked(&wanted) {
            let before = registered(admin, named)?;
            if changed.iter().any(|(known, _)| known.id == before.id) {
                let detail = format!("`{}` is named twice", before.email);
                return Err(Error::invalid("members", detail));
            }
            let mut after = Person { revision: before.revision.next(), ..before.clone() };
            after.groups.retain(|known| known != group);
            if comes {
                after.groups.push(group.to_owned());
            }
            if after.groups != before.groups {
                changed.push((before, after));
            }
        }
        let now = self.now();
        let record = |(before, after): &(Person, Person)| {
            let data = json!({"before": before, "after": after});
            fact(Kind::PersonChanged, &admin.caller, data, now)
        };
        let records: Vec<_> = changed.iter().map(record).collect();
        let writes: Vec<_> = changed.into_iter().map(|(_, after)| Write::Person(after)).collect();
        if writes.is_empty() {
            return Err(Error::invalid("members", "choose who comes or goes"));
        }
        match self.configure(change(admin, writes, records)).await? {
            Commit::Done => Ok(()),
            Commit::Conflict => {
                Err(Error::new(Code::Conflict, "someone else changed these people"))
            }
        }
    }
}

fn marked(wanted: &MembersChange) -> impl Iterator<Item = (&String, bool)> {
    let come = wanted.come.iter().map(|named| (named, true));
    come.chain(wanted.go.iter().map(|named| (named, false)))
}

fn registered(admin: &SignedIn, named: &str) -> Result<Person, Error> {
    let id = person_named(admin, named)?.id;
    let found = admin.snapshot.registered(id).map(|person| Person::clone(person));
    found.ok_or_else(|| Error::not_found("person", named))
}

/// A name that a rule can ask for, and a list of names apart by commas can hold.
fn group_name(text: &str) -> Result<&str, Error> {
    let name = text.trim();
    let fits = !display::is_blank(name)
        && name.chars().count() <= LONGEST
        && !name.contains(|c: char| c == ',' || c.is_control());
    let refused = "a group has a name of at most 60 characters, without a comma";
    if fits { Ok(name) } else { Err(Error::invalid("group", refused)) }
}

fn must_be_by_hand(admin: &SignedIn, group: &str) -> Result<(), Error> {
    let named = |document: &Document| matches!(document, Document::Group(one) if one.name == group);
    if admin.snapshot.documents().iter().any(|stored| named(&stored.document)) {
        let detail =
            format!("the policy document `Group` `{group}` names its members; change it there");
        return Err(Error::invalid("group", detail));
    }
    Ok(())
}
