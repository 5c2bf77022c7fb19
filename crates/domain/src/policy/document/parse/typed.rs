//! From a node to a document: by its kind, and with every mistake in it, not only the first.

use serde::Deserialize;

use super::super::check::said_of_condition;
use super::super::{
    AgentDocument, Budget, Defaults, Document, DocumentKind, Grant, Group, Policy, Tool,
};
use super::deserialize::Reader;
use super::node::{Node, Value};
use super::problem::{Fault, Step, nearest};
use crate::policy::condition::Condition;
use crate::policy::trial::PolicyTest;

/// How many mistakes of one document are told.
const MOST: usize = 20;

/// The document that a node is, or everything that is wrong with it.
pub(super) fn document(root: &Node) -> Result<Document, Vec<Fault>> {
    let kind = kind(root).map_err(|fault| vec![fault])?;
    without_kind(root, |reader| build(kind, reader))
}

/// What is wrong with the conditions of a document that cannot be read otherwise, so that every mistake is told at once.
pub(super) fn conditions(root: &Node) -> Vec<Fault> {
    let rules = root.get("rules").map(|(_, rules)| &rules.value);
    let rules = match rules {
        Some(Value::Sequence(rules)) => rules.as_slice(),
        _ => &[],
    };
    let of_rules = rules.iter().enumerate().map(|(index, rule)| {
        let path = vec![Step::Index(index), Step::Key("rules".to_owned())];
        (rule, path)
    });
    let all = of_rules.chain(std::iter::once((root, Vec::new())));
    let wrong = |(node, path): (&Node, Vec<Step>)| {
        let (_, when) = node.get("when")?;
        let message = Condition::compile(when.text()?).err()?;
        let (said, within) = said_of_condition(&message);
        let place = within.map_or(when.place, |within| when.place_in(within));
        let fault = Fault::new(said).at(place).under(Step::Key("when".to_owned()));
        Some(path.into_iter().fold(fault, Fault::under))
    };
    all.filter_map(wrong).take(MOST).collect()
}

/// The kind of documents that are never applied.
const TEST: &str = "PolicyTest";

/// Whether a node is a test of the documents beside it.
pub(super) fn is_test(root: &Node) -> bool {
    root.get("kind").is_some_and(|(_, value)| value.text() == Some(TEST))
}

/// The test that a node is, or everything that is wrong with it.
pub(super) fn test(root: &Node) -> Result<PolicyTest, Vec<Fault>> {
    without_kind(root, |reader| PolicyTest::deserialize(reader))
}

/// What a node is beside its kind.
fn without_kind<T>(
    root: &Node,
    build: impl Fn(Reader<'_>) -> Result<T, Fault>,
) -> Result<T, Vec<Fault>> {
    let mut rest = root.clone();
    if let Value::Mapping(entries) = &mut rest.value {
        entries.retain(|(key, _)| key.text != "kind");
    }
    let mut faults: Vec<Fault> = Vec::new();
    while faults.len() < MOST {
        let fault = match build(Reader(&rest)) {
            Ok(document) if faults.is_empty() => return Ok(document),
            Ok(_) => break,
            Err(fault) => fault,
        };
        let told = is_emptied(&rest, &fault.steps)
            || fault.missing.is_some_and(|field| {
                is_broken(&rest, &fault.steps, field) || is_guessed(&faults, &fault.steps, field)
            });
        let steps = fault.steps.clone();
        if !told {
            faults.push(fault);
        }
        if steps.is_empty() || !rest.break_at(&steps) {
            break;
        }
    }
    Err(faults)
}

/// What stands at the end of these steps.
fn at<'n>(root: &'n Node, steps: &[Step]) -> Option<&'n Node> {
    steps.iter().rev().try_fold(root, |node, step| match (&node.value, step) {
        (Value::Mapping(_), Step::Key(name)) => node.get(name).map(|(_, node)| node),
        (Value::Sequence(items), Step::Index(index)) => items.get(*index),
        _ => None,
    })
}

/// Whether the field is missing only because it was taken out.
fn is_broken(root: &Node, steps: &[Step], field: &str) -> bool {
    let field = at(root, steps).and_then(|node| node.get(field));
    field.is_some_and(|(_, node)| node.value == Value::Broken)
}

/// Whether a list is what is wrong only because of what was taken out of it.
fn is_emptied(root: &Node, steps: &[Step]) -> bool {
    let Some(Value::Sequence(items)) = at(root, steps).map(|node| &node.value) else {
        return false;
    };
    !items.is_empty() && items.iter().all(|item| item.value == Value::Broken)
}

/// Whether the field that is missing was probably misspelt, which was told.
fn is_guessed(told: &[Fault], steps: &[Step], field: &str) -> bool {
    told.iter().any(|fault| {
        fault.suggestion.as_deref() == Some(field) && fault.steps.get(1..) == Some(steps)
    })
}

fn kind(root: &Node) -> Result<DocumentKind, Fault> {
    let known: Vec<&str> =
        DocumentKind::ALL.into_iter().map(DocumentKind::as_str).chain([TEST]).collect();
    let Value::Mapping(_) = &root.value else {
        return Err(Fault::new("a document has keys and values, the first `kind`").at(root.place));
    };
    let Some((_, value)) = root.get("kind") else {
        let message = format!("`kind` is missing; it can be {}", known.join(", "));
        return Err(Fault::new(message).at(root.place));
    };
    let word = value.text().unwrap_or_default();
    let found = DocumentKind::ALL.into_iter().find(|kind| kind.as_str() == word);
    found.ok_or_else(|| {
        let message = format!("`{word}` is not a kind; kinds are {}", known.join(", "));
        let suggestion = nearest(word, known.iter().copied()).map(str::to_owned);
        Fault::new(message)
            .suggesting(suggestion)
            .at(value.place)
            .under(Step::Key("kind".to_owned()))
    })
}

fn build(kind: DocumentKind, reader: Reader<'_>) -> Result<Document, Fault> {
    Ok(match kind {
        DocumentKind::Agent => Document::Agent(AgentDocument::deserialize(reader)?),
        DocumentKind::Policy => Document::Policy(Policy::deserialize(reader)?),
        DocumentKind::Budget => Document::Budget(Budget::deserialize(reader)?),
        DocumentKind::Grant => Document::Grant(Grant::deserialize(reader)?),
        DocumentKind::Tool => Document::Tool(Tool::deserialize(reader)?),
        DocumentKind::Group => Document::Group(Group::deserialize(reader)?),
        DocumentKind::Defaults => Document::Defaults(Defaults::deserialize(reader)?),
    })
}
