//! Whether documents fit together, and with what is registered: what no single document can show.

mod looks;
mod people;
mod references;
mod values;

use std::collections::{HashMap, HashSet};

use super::parse::{Place, Problem, Severity, Written, nearest};
use super::{Document, DocumentKind};
use crate::identity::Person;
use crate::policy::{CompileError, Parts, Rulebook};
use crate::{AgentId, Settings, display};

/// What is registered beside the documents.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// The agents, by name.
    pub agents: HashMap<String, AgentId>,
    /// The people, with the groups that were given to them by themselves.
    pub people: Vec<Person>,
}

/// A document of a set: one that was just written, or one that is in force and stays.
#[derive(Debug, Clone, Copy)]
pub enum Member<'a> {
    /// It stands in a file.
    Written(&'a Written),
    /// It is in force.
    InForce(&'a Document),
}

impl<'a> Member<'a> {
    /// What it says.
    pub const fn document(self) -> &'a Document {
        match self {
            Self::Written(written) => &written.document,
            Self::InForce(document) => document,
        }
    }

    fn file(self) -> String {
        match self {
            Self::Written(written) => written.file.clone(),
            Self::InForce(document) => {
                let name = display::sanitise(document.name());
                format!("{} `{name}` in force", document.kind().as_str())
            }
        }
    }

    fn place(self, path: &str) -> Option<Place> {
        match self {
            Self::Written(written) => Some(written.place(path)),
            Self::InForce(_) => None,
        }
    }
}

/// Everything that is wrong with a whole set, as it would be in force. Without a world, what is registered is
/// not known, and what depends on it is a warning.
pub fn check(set: &[Member<'_>], world: Option<&World>) -> Vec<Problem> {
    let mut findings = Findings { found: Vec::new() };
    for member in set {
        values::check(*member, &mut findings);
    }
    looks::check(set, world, &mut findings);
    references::check(set, world, &mut findings);
    people::check(set, world, &mut findings);
    compile(set, world, &mut findings);
    let mut found = findings.found;
    let mut seen = HashSet::new();
    found
        .retain(|problem| seen.insert((problem.file.clone(), problem.place, problem.path.clone())));
    found.sort_by(|a, b| a.order().cmp(&b.order()));
    found
}

/// The documents whose kind and name stand twice in what was written.
pub fn duplicates(written: &[Written]) -> Vec<Problem> {
    let mut first: HashMap<(DocumentKind, &str), &Written> = HashMap::new();
    let mut findings = Findings { found: Vec::new() };
    for document in written {
        let (kind, name) = (document.document.kind(), document.document.name());
        if let Some(other) = first.get(&(kind, name)) {
            let place = other.place("name");
            let (kind, file) = (kind.as_str(), &other.file);
            let message = format!("the {kind} `{name}` stands in {file}:{} as well", place.line);
            findings.error(Member::Written(document), "name", &message);
        } else {
            first.insert((kind, name), document);
        }
    }
    findings.found
}

/// What was found so far.
struct Findings {
    found: Vec<Problem>,
}

impl Findings {
    fn error(&mut self, member: Member<'_>, path: &str, message: &str) {
        self.add(Severity::Error, member, path, message);
    }

    fn warning(&mut self, member: Member<'_>, path: &str, message: &str) {
        self.add(Severity::Warning, member, path, message);
    }

    fn add(&mut self, severity: Severity, member: Member<'_>, path: &str, message: &str) {
        self.found.push(Problem {
            severity,
            file: member.file(),
            place: member.place(path),
            path: path.to_owned(),
            message: display::sanitise(message),
            suggestion: None,
        });
    }

    /// Says what was probably meant by what was found last.
    fn suggest(&mut self, suggestion: Option<&str>) {
        if let Some(last) = self.found.last_mut() {
            last.suggestion = suggestion.map(display::sanitise);
        }
    }
}

fn compile(set: &[Member<'_>], world: Option<&World>, findings: &mut Findings) {
    // What stands twice is told by `duplicates`.
    let mut seen = HashSet::new();
    let once = set.iter().map(|member| member.document());
    let once = once.filter(|document| seen.insert((document.kind(), document.name())));
    let parts = Parts {
        settings: Settings::default(),
        agents: world.map(|world| world.agents.clone()).unwrap_or_default(),
        documents: once.cloned().collect(),
        ..Parts::default()
    };
    let find = |kind: DocumentKind, name: &str| {
        set.iter().find(|m| (m.document().kind(), m.document().name()) == (kind, name)).copied()
    };
    let book = match Rulebook::compile(parts) {
        Ok(book) => book,
        Err(errors) => {
            for error in errors {
                if let Some(member) = find(error.kind, &error.name) {
                    add_compile_error(member, &error, findings);
                }
            }
            return;
        }
    };
    let budgets = set.iter().filter_map(|member| match member.document() {
        Document::Budget(budget) => Some(budget.name.as_str()),
        _ => None,
    });
    let budgets: Vec<&str> = budgets.collect();
    for (kind, name, path, budget) in book.unheard_of_budgets() {
        let Some(member) = find(kind, &name) else { continue };
        let message = format!(
            "there is no budget `{budget}`: a condition finds none, and asks a person where it looks into it"
        );
        findings.warning(member, &path, &message);
        findings.suggest(nearest(&budget, budgets.iter().copied()));
    }
}

/// An error in a condition is told at its very character.
fn add_compile_error(member: Member<'_>, error: &CompileError, findings: &mut Findings) {
    let (message, within) = said_of_condition(&error.message);
    findings.error(member, &error.path, message);
    if let (Some(within), Member::Written(written), Some(last)) =
        (within, member, findings.found.last_mut())
    {
        last.place = Some(written.place_in(&error.path, within));
    }
}

/// What is wrong with a condition, and where in it: the library begins with `<input>:1:14:`.
pub(super) fn said_of_condition(message: &str) -> (&str, Option<Place>) {
    let inner = message.split_once("<input>:").and_then(|(_, rest)| {
        let mut parts = rest.splitn(3, ':');
        let line: usize = parts.next()?.parse().ok()?;
        let column: usize = parts.next()?.parse().ok()?;
        Some((Place { line, column }, parts.next()?.trim()))
    });
    let Some((within, said)) = inner else { return (message, None) };
    // What could have stood there instead is a list of the parser's own words.
    let (said, _) = said.split_once(" expecting ").unwrap_or((said, ""));
    (said, Some(within))
}

#[cfg(test)]
mod tests;
