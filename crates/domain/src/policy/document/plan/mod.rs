//! What applying files would change.

mod write;

use std::collections::HashMap;

use super::check::{self, Member, World};
use super::parse::{Problem, Severity, SourceFile, Written, read};
use super::{Document, DocumentKind, StoredDocument};

pub use write::{to_file, to_yaml, written};

/// What becomes of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is new.
    Created,
    /// It takes the place of another one.
    Changed,
    /// It is in force as it is.
    Unchanged,
    /// It goes.
    Removed,
}

impl Fate {
    /// The public name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Removed => "removed",
        }
    }
}

/// One document of a plan: how it stands now, and how it would stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What becomes of it.
    pub fate: Fate,
    /// As it is in force.
    pub before: Option<StoredDocument>,
    /// As it was written.
    pub after: Option<Written>,
}

impl Step {
    fn document(&self) -> Option<&Document> {
        let after = self.after.as_ref().map(|written| &written.document);
        after.or_else(|| self.before.as_ref().map(|stored| &stored.document))
    }

    /// Its kind and name.
    pub fn name(&self) -> (DocumentKind, &str) {
        self.document().map_or((DocumentKind::Defaults, ""), |d| (d.kind(), d.name()))
    }

    /// The YAML before and after; empty where there is none.
    pub fn texts(&self) -> (String, String) {
        let after = self.after.as_ref().map(|written| format!("{}\n", written.source.trim_end()));
        (self.before.as_ref().map(to_yaml).unwrap_or_default(), after.unwrap_or_default())
    }
}

/// What applying would change, and what is noteworthy about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Every document that is written or removed: those of the files in their order, then the removed ones.
    pub steps: Vec<Step>,
    /// What is probably not meant, and does not stand in the way.
    pub warnings: Vec<Problem>,
    /// The documents that would be in force, by kind and name.
    pub in_force: Vec<Document>,
}

impl Plan {
    /// Whether anything would change.
    pub fn changes(&self) -> bool {
        self.steps.iter().any(|step| step.fate != Fate::Unchanged)
    }
}

/// Which documents go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave<'a> {
    /// None.
    All,
    /// Those that came from files and stand in none of these; what people granted stays.
    Written,
    /// All but this one.
    Without(DocumentKind, &'a str),
}

/// What applying these files to what is in force would change, or everything that stands in the way.
pub fn plan(
    files: &[SourceFile],
    in_force: &[StoredDocument],
    leave: Leave<'_>,
    world: &World,
) -> Result<Plan, Vec<Problem>> {
    let reading = read(files);
    let mut problems = reading.problems;
    problems.extend(check::duplicates(&reading.documents));
    let steps = steps(reading.documents, in_force, leave);
    let members = members(&steps, in_force);
    problems.extend(check::check(&members, Some(world)));
    problems.sort_by(|a, b| a.order().cmp(&b.order()));
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(problems);
    }
    let mut set: Vec<Document> = members.iter().map(|member| member.document().clone()).collect();
    set.sort_by(|a, b| (a.kind().as_str(), a.name()).cmp(&(b.kind().as_str(), b.name())));
    Ok(Plan { warnings: problems, in_force: set, steps })
}

/// Everything that is wrong with files, without knowing what is in force or registered.
pub fn validate(files: &[SourceFile]) -> (usize, Vec<Problem>) {
    let reading = read(files);
    let nothing = reading.is_empty();
    let mut problems = reading.problems;
    problems.extend(nothing.then(|| Problem::nothing_in(files)));
    problems.extend(check::duplicates(&reading.documents));
    let members: Vec<_> = reading.documents.iter().map(Member::Written).collect();
    problems.extend(check::check(&members, None));
    problems.sort_by(|a, b| a.order().cmp(&b.order()));
    (reading.documents.len(), problems)
}

fn steps(written: Vec<Written>, in_force: &[StoredDocument], leave: Leave<'_>) -> Vec<Step> {
    let key = |document: &Document| (document.kind(), document.name().to_owned());
    let standing: HashMap<_, _> = in_force.iter().map(|s| (key(&s.document), s)).collect();
    let names: Vec<_> = written.iter().map(|written| key(&written.document)).collect();
    let mut steps: Vec<Step> = written
        .into_iter()
        .map(|after| {
            let before = standing.get(&key(&after.document)).copied().cloned();
            let fate = match &before {
                None => Fate::Created,
                Some(before) if is_same(before, &after) => Fate::Unchanged,
                Some(_) => Fate::Changed,
            };
            Step { fate, before, after: Some(after) }
        })
        .collect();
    let goes = |stored: &&StoredDocument| match leave {
        Leave::All => false,
        Leave::Written => stored.source.is_some() && !names.contains(&key(&stored.document)),
        Leave::Without(kind, name) => {
            stored.document.kind() == kind && stored.document.name() == name
        }
    };
    let removed = in_force.iter().filter(goes);
    steps.extend(removed.map(|stored| Step {
        fate: Fate::Removed,
        before: Some(stored.clone()),
        after: None,
    }));
    steps
}

/// A comment that changed is a change as well: what is kept is what the author wrote.
fn is_same(before: &StoredDocument, after: &Written) -> bool {
    let text = before.source.as_ref().is_none_or(|text| text.trim_end() == after.source.trim_end());
    text && before.document == after.document
}

/// The set as it would be in force.
fn members<'a>(steps: &'a [Step], in_force: &'a [StoredDocument]) -> Vec<Member<'a>> {
    let named: Vec<_> = steps.iter().map(Step::name).collect();
    let stays = |stored: &&StoredDocument| {
        !named.contains(&(stored.document.kind(), stored.document.name()))
    };
    let staying = in_force.iter().filter(stays).map(|stored| Member::InForce(&stored.document));
    let written = steps.iter().filter_map(|step| step.after.as_ref()).map(Member::Written);
    written.chain(staying).collect()
}

#[cfg(test)]
mod tests;
