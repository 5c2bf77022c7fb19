//! What was read from YAML: values that know where they stand.

use serde_json::Number;

use super::problem::{Place, Step};

/// One value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    Sequence(Vec<Node>),
    Mapping(Vec<(Key, Node)>),
    /// It was told of already; whoever reads on leaves it out.
    Broken,
}

/// A text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) text: String,
    /// Where it stands as it is: from which of its characters (from 0) on, and where that one stands.
    pub(super) pieces: Vec<(usize, Place)>,
}

/// A key of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Key {
    pub(super) place: Place,
    pub(super) text: String,
}

impl Node {
    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(&text.text),
            _ => None,
        }
    }

    /// The value under a key, with the key.
    pub(super) fn get(&self, name: &str) -> Option<&(Key, Self)> {
        match &self.value {
            Value::Mapping(entries) => entries.iter().find(|(key, _)| key.text == name),
            _ => None,
        }
    }

    /// The value that a path such as `rules[0].when` leads to, or the last one on the way that is there.
    pub(super) fn find(&self, path: &str) -> &Self {
        let mut node = self;
        for step in path.split(['.', '[']).map(|step| step.trim_end_matches(']')) {
            let next = match &node.value {
                Value::Mapping(_) => node.get(step).map(|(_, value)| value),
                Value::Sequence(items) => step.parse().ok().and_then(|at: usize| items.get(at)),
                _ => None,
            };
            match next {
                Some(next) => node = next,
                None => return node,
            }
        }
        node
    }

    /// Where a place within this text stands in the file; where the text begins, if it is not written as it is.
    pub(super) fn place_in(&self, within: Place) -> Place {
        let Value::Text(text) = &self.value else { return self.place };
        let lines = text.text.split('\n').take(within.line.saturating_sub(1));
        let before: usize = lines.map(|line| line.chars().count() + 1).sum();
        let character = before + within.column.saturating_sub(1);
        let piece = text.pieces.iter().rev().find(|(from, _)| *from <= character);
        piece.map_or(self.place, |(from, at)| Place { column: at.column + character - from, ..*at })
    }

    /// Takes out what was told of, so that the rest can be read on; false if there is no such thing.
    pub(super) fn break_at(&mut self, steps: &[Step]) -> bool {
        let Some((step, inner)) = steps.split_last() else {
            self.value = Value::Broken;
            return true;
        };
        let next = match (&mut self.value, step) {
            (Value::Mapping(entries), Step::Key(name)) => {
                entries.iter_mut().find(|(key, _)| key.text == *name).map(|(_, node)| node)
            }
            (Value::Sequence(items), Step::Index(index)) => items.get_mut(*index),
            _ => None,
        };
        next.is_some_and(|next| next.break_at(inner))
    }
}
