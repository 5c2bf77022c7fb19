//! Parameters as a table: the key as `--set` takes it, the type, the exact value.

use countersign_domain::approval::step;
use countersign_domain::display::{number, redact_object};
use countersign_wire::Object;
use serde_json::Value;

use crate::output::{Field, table};

/// Every value, however deep, a row each.
pub(super) fn table_of(params: &Object) -> String {
    if params.is_empty() {
        return "none".to_owned();
    }
    let mut rows = Vec::new();
    for (key, value) in &redact_object(params) {
        take(&step(key), value, &mut rows);
    }
    table(["parameter", "type", "value"], rows)
}

/// What people changed: the keys as they gave them.
pub(super) fn edits_table(edits: &Object) -> String {
    let mut rows = Vec::new();
    for (key, value) in &redact_object(edits) {
        take(key, value, &mut rows);
    }
    table(["changed", "type", "new value"], rows)
}

fn take(path: &str, value: &Value, rows: &mut Vec<[Field; 3]>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            object
                .iter()
                .for_each(|(key, value)| take(&format!("{path}.{}", step(key)), value, rows));
        }
        Value::Array(items) if !items.is_empty() => {
            let indexed = items.iter().enumerate();
            indexed.for_each(|(index, value)| take(&format!("{path}.{index}"), value, rows));
        }
        leaf => rows.push([key(path), type_name(leaf).to_owned().into(), shown(leaf)]),
    }
}

/// A plain name stands as it is; any other in quotation marks, as every text of an agent, with its script.
fn key(path: &str) -> Field {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.\\".contains(&b);
    if path.bytes().all(plain) { path.to_owned().into() } else { Field::Key(path.to_owned()) }
}

fn shown(leaf: &Value) -> Field {
    match leaf {
        Value::String(text) => Field::Said(text.clone()),
        Value::Number(value) => number(&value.to_string()).into(),
        other => other.to_string().into(),
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}
