//! Every value among parameters, those that hold others included, each with what it is called and what stands beside
//! it.

use serde_json::Value;

use crate::approval::step;
use crate::json::Object;

/// A value among parameters.
#[derive(Debug, Clone)]
pub(in crate::display) struct Node<'a> {
    /// Dotted, as an edit would name it.
    pub(in crate::display) path: String,
    /// What it is called; within a list, what the list is called.
    pub(in crate::display) name: &'a str,
    /// The value.
    pub(in crate::display) value: &'a Value,
    /// The object that it stands in.
    pub(in crate::display) beside: &'a Object,
}

/// All of them, in order, each before those that it holds.
pub(in crate::display) fn nodes(params: &Object) -> Vec<Node<'_>> {
    let mut all = Vec::new();
    for (name, value) in params {
        walk(Node { path: step(name), name, value, beside: params }, &mut all);
    }
    all
}

fn walk<'a>(node: Node<'a>, all: &mut Vec<Node<'a>>) {
    let Node { path, value, name, beside } = node.clone();
    all.push(node);
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let path = format!("{path}.{}", step(name));
                walk(Node { path, name, value, beside: object }, all);
            }
        }
        Value::Array(items) => {
            for (place, value) in items.iter().enumerate() {
                walk(Node { path: format!("{path}.{place}"), name, value, beside }, all);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
