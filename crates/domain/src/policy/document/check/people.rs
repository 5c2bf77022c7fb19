//! Whether the people that rules demand are there, and enough of them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::parse::{Severity, nearest};
use super::super::{Document, OnTimeoutDocument, Rule};
use super::{Findings, Member, World};
use crate::identity::Email;

/// The members of each group: those that documents name, and those who have it by themselves.
type Groups<'a> = BTreeMap<&'a str, BTreeSet<&'a Email>>;

pub(super) fn check(set: &[Member<'_>], world: Option<&World>, findings: &mut Findings) {
    let mut groups = Groups::new();
    for member in set {
        if let Document::Group(group) = member.document() {
            groups.entry(&group.name).or_default().extend(&group.members);
        }
    }
    for person in world.into_iter().flat_map(|world| &world.people) {
        for group in &person.groups {
            groups.entry(group).or_default().insert(&person.email);
        }
    }
    // Without a server, people may have groups by themselves.
    let severity = if world.is_some() { Severity::Error } else { Severity::Warning };
    let people = People { groups, world, severity };
    for member in set.iter().copied() {
        match member.document() {
            Document::Policy(policy) => {
                for (index, rule) in policy.rules.iter().enumerate() {
                    people.check_rule(
                        (member, &format!("rules[{index}].approval")),
                        rule,
                        findings,
                    );
                }
            }
            Document::Group(group) => people.check_members(member, &group.members, findings),
            Document::Agent(_)
            | Document::Budget(_)
            | Document::Grant(_)
            | Document::Tool(_)
            | Document::Defaults(_) => {}
        }
    }
}

struct People<'a> {
    groups: Groups<'a>,
    world: Option<&'a World>,
    severity: Severity,
}

impl People<'_> {
    fn check_rule(&self, (member, path): (Member<'_>, &str), rule: &Rule, findings: &mut Findings) {
        let Some(demand) = &rule.approval else { return };
        for (index, stage) in demand.stages.iter().enumerate() {
            let path = format!("{path}.stages[{index}]");
            if stage.need == 0 {
                findings.error(member, &format!("{path}.need"), "at least 1 person has to say yes");
            }
            let known = self.check_groups((member, &path), &stage.groups, findings);
            self.check_registered((member, &format!("{path}.people")), &stage.people, findings);
            let named = !stage.groups.is_empty() || !stage.people.is_empty();
            let admitted = self.count(&stage.groups, &stage.people);
            if named && known && stage.need > admitted {
                let need = stage.need;
                let message = match self.world {
                    Some(_) => format!(
                        "{need} people have to say yes, and only {admitted} can: nothing could ever be approved"
                    ),
                    None => format!(
                        "{need} people have to say yes, and these files name {admitted}; no server was asked who else can"
                    ),
                };
                findings.add(self.severity, member, &format!("{path}.need"), &message);
            }
        }
        if let Some(OnTimeoutDocument::Escalate(levels)) = &demand.on_timeout {
            for (index, level) in levels.iter().enumerate() {
                let path = format!("{path}.on_timeout.escalate[{index}]");
                self.check_groups((member, &path), &level.groups, findings);
                self.check_registered((member, &format!("{path}.people")), &level.people, findings);
            }
        }
    }

    /// Whether all groups are known; says which are not.
    fn check_groups(
        &self,
        (member, path): (Member<'_>, &str),
        groups: &[String],
        findings: &mut Findings,
    ) -> bool {
        let mut all = true;
        for (index, group) in groups.iter().enumerate() {
            if !self.groups.contains_key(group.as_str()) {
                all = false;
                let message = match self.world {
                    Some(_) => format!("there is no group `{group}`, and nobody has it"),
                    None => format!(
                        "these files have no group `{group}`, and no server was asked whether somebody has it"
                    ),
                };
                findings.add(self.severity, member, &format!("{path}.groups[{index}]"), &message);
                findings.suggest(nearest(group, self.groups.keys().copied()));
            }
        }
        all
    }

    fn check_members(&self, member: Member<'_>, members: &[Email], findings: &mut Findings) {
        if members.is_empty() {
            findings.warning(member, "members", "nobody is a member");
        }
        self.check_registered((member, "members"), members, findings);
    }

    fn check_registered(
        &self,
        (member, path): (Member<'_>, &str),
        emails: &[Email],
        findings: &mut Findings,
    ) {
        let Some(world) = self.world else { return };
        for (index, email) in emails.iter().enumerate() {
            if !world.people.iter().any(|person| person.email == *email) {
                let message = format!("`{email}` is not registered, and cannot answer before that");
                findings.warning(member, &format!("{path}[{index}]"), &message);
                let known = world.people.iter().map(|person| person.email.as_str());
                findings.suggest(nearest(email.as_str(), known));
            }
        }
    }

    fn count(&self, groups: &[String], people: &[Email]) -> usize {
        let members = groups.iter().filter_map(|group| self.groups.get(group.as_str()));
        let mut all: BTreeSet<&Email> = members.flatten().copied().collect();
        all.extend(people);
        all.len()
    }
}
