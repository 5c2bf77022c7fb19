//! Parameters as a table: the key as `--set` takes it, the type, the exact value.

use countersign_domain::approval::step;
use countersign_domain::display::{could_hide, number_of, redact_object};
use countersign_wire::Object;
use countersign_wire::approvals::{ApprovalView, HiddenView};
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

/// What is not shown, and how long it is: a receiver or an amount may stand there.
pub(super) fn hidden(view: &ApprovalView) -> String {
    if view.hidden.is_empty() {
        return String::new();
    }
    let row = |hidden: &HiddenView| {
        // An older server does not say it.
        let known = || could_hide(&[&hidden.path]).map(str::to_owned);
        let what = hidden.may_be.clone().or_else(known);
        let what = what.map(|what| format!("{what} could stand there: ask the agent"));
        [key(&hidden.path), hidden.length.clone().into(), what.unwrap_or_default().into()]
    };
    table(["hidden, and sent along", "how long", ""], view.hidden.iter().map(row))
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
        leaf => {
            rows.push([key(path), type_name(leaf).to_owned().into(), shown(name_in(path), leaf)]);
        }
    }
}

/// A plain name stands as it is; any other in quotation marks, as every text of an agent, with its script.
fn key(path: &str) -> Field {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.\\".contains(&b);
    if path.bytes().all(plain) { path.to_owned().into() } else { Field::Key(path.to_owned()) }
}

/// The last step of a path that is a name.
fn name_in(path: &str) -> &str {
    path.rsplit('.').find(|step| step.parse::<usize>().is_err()).unwrap_or(path)
}

fn shown(name: &str, leaf: &Value) -> Field {
    match leaf {
        Value::String(text) => Field::Said(text.clone()),
        Value::Number(value) => number_of(name, &value.to_string()).into(),
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
