//! Whether documents fit together, and with what is registered: what no single document can show.

mod people;
mod references;
mod values;

use std::collections::{HashMap, HashSet};

use super::parse::{Place, Problem, Severity, Written};
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
    let Err(errors) = Rulebook::compile(parts) else { return };
    for error in errors {
        let named = |m: &&Member<'_>| {
            (m.document().kind(), m.document().name()) == (error.kind, &error.name)
        };
        if let Some(member) = set.iter().find(named) {
            add_compile_error(*member, &error, findings);
        }
    }
}

/// An error in a condition is told at its very character: the library begins it with `<input>:1:14:`.
fn add_compile_error(member: Member<'_>, error: &CompileError, findings: &mut Findings) {
    let inner = error.message.split_once("<input>:").and_then(|(_, rest)| {
        let mut parts = rest.splitn(3, ':');
        let line: usize = parts.next()?.parse().ok()?;
        let column: usize = parts.next()?.parse().ok()?;
        Some((line, column, parts.next()?.trim()))
    });
    let Some((line, column, message)) = inner else {
        return findings.error(member, &error.path, &error.message);
    };
    // What could have stood there instead is a list of the parser's own words.
    let (message, _) = message.split_once(" expecting ").unwrap_or((message, ""));
    findings.error(member, &error.path, message);
    if let (1, Member::Written(written), Some(last)) = (line, member, findings.found.last_mut()) {
        last.place = Some(written.place_in(&error.path, column.saturating_sub(1)));
    }
}

#[cfg(test)]
mod tests;
