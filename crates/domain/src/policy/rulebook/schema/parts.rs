//! The parts of a schema: each schema within it, and which of them look at the same value and at what stands within it.

use std::collections::HashMap;

use serde_json::Value;

use super::SchemaProblem;
use super::keywords::{Behind, SENSITIVE, Which, behind};
use super::told_apart::CHOICE;
use crate::display;

/// The most parts that a schema may have.
const MOST: usize = 5_000;

/// Every schema within a schema, those that look at a value before those that they hand it on to.
#[derive(Debug, Default)]
pub(super) struct Parts {
    parts: Vec<Part>,
    /// Whether some part is used from several places, so that the same value may be looked at again and again.
    pub(super) refers: bool,
}

/// One schema, by what it hands on; the others are named by their place among the parts.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// What looks at the same value.
    pub(super) same: Vec<usize>,
    /// What looks at the property of a name.
    pub(super) named: HashMap<String, usize>,
    /// What looks at properties whose names match.
    pub(super) matching: Vec<usize>,
    /// What looks at the properties that no name is for.
    pub(super) other_names: Vec<usize>,
    /// What looks at the items at the beginning, one after the other.
    pub(super) placed: Vec<usize>,
    /// What looks at the items after them.
    pub(super) other_items: Vec<usize>,
    /// What looks at every item.
    pub(super) every_item: Vec<usize>,
    /// What looks at the same value if a condition holds.
    pub(super) then: Option<usize>,
    /// What looks at it otherwise.
    pub(super) otherwise: Option<usize>,
    /// The condition, where it is known: that a property is this.
    pub(super) choice: Option<Choice>,
    /// Whether it compares texts with a pattern.
    pub(super) has_pattern: bool,
    /// Whether it looks once more at what others have not looked at, and so asks those for the same value again.
    asks_again: bool,
    /// Its turn: after all that hand the same value on to it.
    pub(super) turn: usize,
}

/// What decides between two parts.
#[derive(Debug)]
pub(super) enum Choice {
    /// Whether a property is this.
    Is(String, Value),
    /// Whether the value is an object.
    IsObject,
}

impl Part {
    /// All that may look at the same value.
    fn same_or_chosen(&self) -> impl Iterator<Item = usize> {
        self.same.iter().copied().chain(self.then).chain(self.otherwise)
    }

    /// What looks at this very value.
    pub(super) fn handed_on<'a>(&'a self, value: &'a Value) -> impl Iterator<Item = usize> + 'a {
        let holds = self.choice.as_ref().map(|choice| match choice {
            Choice::Is(name, constant) => value.get(name) == Some(constant),
            Choice::IsObject => value.is_object(),
        });
        let then = self.then.filter(|_| holds != Some(false));
        let otherwise = self.otherwise.filter(|_| holds != Some(true));
        self.same.iter().copied().chain(then).chain(otherwise)
    }
}

impl Parts {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    /// Takes a schema apart, or says everything that is wrong with its keywords.
    pub(super) fn of(schema: &Value) -> Result<Self, Vec<SchemaProblem>> {
        let mut reading = Reading::default();
        reading.part(schema, "", "");
        reading.follow();
        let Reading { mut parts, mut problems, refers, .. } = reading;
        for part in parts.iter_mut().filter(|part| part.asks_again) {
            part.same.extend_from_within(..);
        }
        if parts.len() > MOST {
            let why = format!("it has more than {MOST} parts");
            problems.push(SchemaProblem::at("", why));
        }
        if problems.is_empty() && !give_turns(&mut parts) {
            let why = "a `$ref` leads back to where it stands without going deeper";
            problems.push(SchemaProblem::at("", why));
        }
        if problems.is_empty() {
            Ok(Self { parts, refers: !refers.is_empty() })
        } else {
            Err(problems)
        }
    }

    /// One of them; the schema itself is the first.
    pub(super) fn get(&self, place: usize) -> Option<&Part> {
        self.parts.get(place)
    }
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    parts: Vec<Part>,
    /// The place of each part, by its JSON pointer.
    places: HashMap<String, usize>,
    /// Who refers to which pointer, and where that is written.
    refers: Vec<(usize, String, String)>,
    problems: Vec<SchemaProblem>,
}

impl Reading {
    /// Reads a schema and all within it; gives its place.
    fn part(&mut self, schema: &Value, pointer: &str, path: &str) -> usize {
        let place = self.parts.len();
        self.parts.push(Part::default());
        self.places.insert(pointer.to_owned(), place);
        let Value::Object(keywords) = schema else { return place };
        if place > MOST {
            return place;
        }
        for (key, value) in keywords {
            let (pointer, path) = (below(pointer, key), step(path, key));
            match behind(key) {
                Ok(behind) => self.keyword(place, (key, behind), value, (&pointer, &path)),
                Err(why) => self.problems.push(SchemaProblem::at(&path, why)),
            }
        }
        place
    }

    fn keyword(
        &mut self,
        place: usize,
        (key, behind): (&str, Behind),
        value: &Value,
        (pointer, path): (&str, &str),
    ) {
        match (behind, value) {
            (Behind::Plain, value) => self.plain((place, key), value, path),
            (Behind::Within(Which::OtherItems), Value::Array(_)) => {
                let why =
                    "a list is of an older draft: write `prefixItems`, and `items` for the rest";
                self.problems.push(SchemaProblem::at(path, why));
            }
            (Behind::Same | Behind::Within(_), schema) => {
                if let Some(part) = self.parts.get_mut(place) {
                    part.asks_again |= key.starts_with("unevaluated");
                }
                let within = self.part(schema, pointer, path);
                match (key, self.parts.get_mut(place)) {
                    ("then", Some(part)) => part.then = Some(within),
                    ("else", Some(part)) => part.otherwise = Some(within),
                    (_, _) => self.join(place, behind, None, within),
                }
            }
            (_, Value::Array(schemas)) => {
                for (index, schema) in schemas.iter().enumerate() {
                    let index = index.to_string();
                    let (pointer, path) = (below(pointer, &index), format!("{path}[{index}]"));
                    let within = self.part(schema, &pointer, &path);
                    self.join(place, behind, None, within);
                }
            }
            (_, Value::Object(schemas)) => {
                for (name, schema) in schemas {
                    let within = self.part(schema, &below(pointer, name), &step(path, name));
                    self.join(place, behind, Some(name), within);
                }
            }
            // What is none of these the library refuses.
            (_, Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {}
        }
    }

    /// A keyword with no schema behind it.
    fn plain(&mut self, (place, key): (usize, &str), value: &Value, path: &str) {
        let problem = |why: &str| SchemaProblem::at(path, why);
        let Some(part) = self.parts.get_mut(place) else { return };
        match (key, value) {
            ("$ref", Value::String(to)) => self.refers.push((place, to.clone(), path.to_owned())),
            ("$id", _) if place > 0 => {
                let why = "a schema within a schema has no address of its own: leave `$id` out";
                self.problems.push(problem(why));
            }
            ("pattern", _) => part.has_pattern = true,
            (SENSITIVE, value) if !value.is_boolean() => {
                self.problems.push(problem("expected `true` or `false`"));
            }
            (CHOICE, value) => {
                let name = value.get("name").and_then(Value::as_str);
                let is = |(name, is): (&str, &Value)| Choice::Is(name.to_owned(), is.clone());
                part.choice = Some(name.zip(value.get("is")).map_or(Choice::IsObject, is));
            }
            (_, _) => {}
        }
    }

    fn join(&mut self, place: usize, behind: Behind, name: Option<&str>, within: usize) {
        let Some(part) = self.parts.get_mut(place) else { return };
        match behind {
            Behind::Same | Behind::SameList | Behind::SameByName => part.same.push(within),
            Behind::Within(which) | Behind::EachWithin(which) => match (which, name) {
                (Which::Named, Some(name)) => drop(part.named.insert(name.to_owned(), within)),
                (Which::Named | Which::OtherNames, _) => part.other_names.push(within),
                (Which::Matching, _) => part.matching.push(within),
                (Which::Placed, _) => part.placed.push(within),
                (Which::OtherItems, _) => part.other_items.push(within),
                (Which::EveryItem, _) => part.every_item.push(within),
            },
            Behind::Definitions | Behind::Plain => {}
        }
    }

    /// Joins those that refer to others.
    fn follow(&mut self) {
        for (place, to, path) in &self.refers {
            let known = to.strip_prefix('#').and_then(|pointer| self.places.get(pointer));
            if let (Some(known), Some(part)) = (known, self.parts.get_mut(*place)) {
                part.same.push(*known);
                continue;
            }
            let shown = display::ticked(to);
            let why = format!(
                "`$ref` to `{shown}`: only `#/…`, the place of a schema within this one, is followed"
            );
            self.problems.push(SchemaProblem::at(path, why));
        }
    }
}

/// Gives every part its turn; false where one hands a value on to itself.
fn give_turns(parts: &mut [Part]) -> bool {
    let mut waits_for = vec![0_usize; parts.len()];
    for target in parts.iter().flat_map(Part::same_or_chosen) {
        if let Some(count) = waits_for.get_mut(target) {
            *count += 1;
        }
    }
    let mut ready: Vec<usize> =
        waits_for.iter().enumerate().filter(|(_, count)| **count == 0).map(|(at, _)| at).collect();
    let mut turn = 0;
    while let Some(place) = ready.pop() {
        let Some(part) = parts.get_mut(place) else { continue };
        part.turn = turn;
        turn += 1;
        for target in part.same_or_chosen() {
            let Some(count) = waits_for.get_mut(target) else { continue };
            *count -= 1;
            if *count == 0 {
                ready.push(target);
            }
        }
    }
    turn == parts.len()
}

/// A JSON pointer one step further (RFC 6901).
fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn step(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
