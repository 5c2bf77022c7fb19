//! Groups: who is in them, by whose word, and which rules ask them.

use std::collections::BTreeMap;

use countersign_domain::identity::{Email, PersonStatus, Right};
use countersign_domain::policy::document::{Document, OnTimeoutDocument, Policy, Rule};

use crate::app::{App, Error, SignedIn};

/// A group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupState {
    /// Its name.
    pub name: String,
    /// Whether there is a document that names its members.
    pub has_document: bool,
    /// Who is in it.
    pub members: Vec<Member>,
    /// The rules that ask it, as policy and rule.
    pub asked_by: Vec<(String, String)>,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub email: Email,
    /// Whether the document names them.
    pub by_document: bool,
    /// Whether the group was given to them by itself.
    pub by_hand: bool,
    /// Whether their answer can count: they are active and may answer.
    pub may_answer: bool,
}

impl App {
    /// Every group that has a document, a member, or a rule that asks it, by name.
    pub fn groups(&self, reader: &SignedIn) -> Result<Vec<GroupState>, Error> {
        reader.must(Right::Read)?;
        let mut groups: BTreeMap<String, GroupState> = BTreeMap::new();
        for stored in reader.snapshot.documents() {
            match &stored.document {
                Document::Group(group) => named(&mut groups, &group.name).has_document = true,
                Document::Policy(policy) => asked(&mut groups, policy),
                Document::Agent(_)
                | Document::Budget(_)
                | Document::Grant(_)
                | Document::Tool(_)
                | Document::Defaults(_) => {}
            }
        }
        for person in reader.snapshot.people() {
            let own = reader.snapshot.registered(person.id);
            for group in &person.groups {
                let by_hand = own.is_some_and(|own| own.groups.contains(group));
                let by_document = reader.snapshot.documents().iter().any(|stored| {
                    matches!(&stored.document, Document::Group(one) if one.name == *group && one.members.contains(&person.email))
                });
                let may_answer =
                    person.status == PersonStatus::Active && person.role.may(Right::Answer);
                let email = person.email.clone();
                let member = Member { email, by_document, by_hand, may_answer };
                named(&mut groups, group).members.push(member);
            }
        }
        Ok(groups.into_values().collect())
    }
}

fn named<'a>(groups: &'a mut BTreeMap<String, GroupState>, name: &str) -> &'a mut GroupState {
    let fresh = || GroupState { name: name.to_owned(), ..GroupState::default() };
    groups.entry(name.to_owned()).or_insert_with(fresh)
}

/// Notes which groups the rules of a policy ask.
fn asked(groups: &mut BTreeMap<String, GroupState>, policy: &Policy) {
    for rule in &policy.rules {
        let mut names = asked_by(rule);
        names.sort_unstable();
        names.dedup();
        for name in names {
            let by = (policy.name.clone(), rule.name.clone());
            named(groups, name).asked_by.push(by);
        }
    }
}

/// The groups of a rule: of its stages, and of those who are asked when time runs out.
fn asked_by(rule: &Rule) -> Vec<&str> {
    let Some(demand) = &rule.approval else { return Vec::new() };
    let stages = demand.stages.iter().flat_map(|stage| &stage.groups);
    let levels = match &demand.on_timeout {
        Some(OnTimeoutDocument::Escalate(levels)) => levels.as_slice(),
        Some(OnTimeoutDocument::Deny | OnTimeoutDocument::Keep) | None => &[],
    };
    let later = levels.iter().flat_map(|level| &level.groups);
    stages.chain(later).map(String::as_str).collect()
}
