//! The JSON Schema of every kind, for editors, and the reference page that is made of it.

mod page;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::policy::trial::PolicyTest;

use super::{AgentDocument, Budget, Defaults, DocumentKind, Grant, Group, Policy, Tool};

pub use page::page;

/// The schema of one kind of document.
pub fn of(kind: DocumentKind) -> Value {
    let mut generator = generator();
    let mut schema = body(kind, &mut generator);
    finish(&mut schema, kind.as_str(), generator);
    schema
}

/// The schema of any document, for files that hold several kinds.
pub fn of_any() -> Value {
    let mut generator = generator();
    let mut kinds: Vec<_> =
        DocumentKind::ALL.iter().map(|kind| body(*kind, &mut generator)).collect();
    let test = inline::<PolicyTest>(&mut generator);
    kinds.push(with_kind(test, "PolicyTest"));
    let mut schema = json!({"oneOf": kinds});
    finish(&mut schema, "Document", generator);
    schema
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().into_generator()
}

/// The schema of a kind, with `kind` itself, its shared parts left to the generator.
fn body(kind: DocumentKind, generator: &mut SchemaGenerator) -> Value {
    let schema = match kind {
        DocumentKind::Agent => inline::<AgentDocument>(generator),
        DocumentKind::Policy => inline::<Policy>(generator),
        DocumentKind::Budget => inline::<Budget>(generator),
        DocumentKind::Grant => inline::<Grant>(generator),
        DocumentKind::Tool => inline::<Tool>(generator),
        DocumentKind::Group => inline::<Group>(generator),
        DocumentKind::Defaults => inline::<Defaults>(generator),
    };
    with_kind(schema, kind.as_str())
}

/// The schema with the key `kind`, which comes first.
fn with_kind(mut schema: Value, kind: &str) -> Value {
    if let Some(object) = schema.as_object_mut() {
        let mut properties = Map::new();
        let says = json!({"description": "What this document is.", "const": kind});
        properties.insert("kind".to_owned(), says);
        if let Some(Value::Object(own)) = object.remove("properties") {
            properties.extend(own);
        }
        object.insert("properties".to_owned(), Value::Object(properties));
        let mut required = vec![json!("kind")];
        if let Some(Value::Array(own)) = object.remove("required") {
            required.extend(own);
        }
        object.insert("required".to_owned(), Value::Array(required));
    }
    schema
}

fn inline<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    T::json_schema(generator).to_value()
}

/// A key is left out, or has a value: null is none.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(without_null);
            let is_null = |one: &Value| *one == json!("null") || *one == json!({"type": "null"});
            for key in ["type", "anyOf"] {
                let Some(Value::Array(all)) = object.get_mut(key) else { continue };
                all.retain(|one| !is_null(one));
                let [only] = all.as_slice() else { continue };
                let only = only.clone();
                object.remove(key);
                match only {
                    Value::Object(inner) => object.extend(inner),
                    only => drop(object.insert(key.to_owned(), only)),
                }
            }
            if let Some(Value::Array(values)) = object.get_mut("enum") {
                values.retain(|value| !value.is_null());
            }
            if object.get("default").is_some_and(Value::is_null) {
                object.remove("default");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn finish(schema: &mut Value, title: &str, mut generator: SchemaGenerator) {
    let Some(object) = schema.as_object_mut() else { return };
    let dialect = "https://json-schema.org/draft/2020-12/schema";
    object.insert("$schema".to_owned(), json!(dialect));
    object.insert("title".to_owned(), json!(title));
    let shared = generator.take_definitions(true);
    if !shared.is_empty() {
        object.insert("$defs".to_owned(), Value::Object(shared));
    }
    without_null(schema);
}

#[cfg(test)]
mod tests {
    use super::super::parse::{SourceFile, read};
    use super::*;

    #[test]
    fn a_schema_takes_what_the_reader_takes() {
        let text = "\
kind: Policy
name: p
rules:
  - name: r
    verdict: escalate
    approval: {stages: [{name: s, need: 2}], on_timeout: {escalate: [{after: 2h}]}, expires_in: 4h}
---
kind: Agent
name: a
manifest: {actions: [x.*], amount: {cap: 5}, hours: {days: mon-fri, from: '08:00', to: '20:00'}}
---
kind: Budget
name: b
unit: usd
limit: 1.5
window: day
";
        let file = SourceFile { name: "f".to_owned(), text: text.to_owned() };
        let any = jsonschema::validator_for(&of_any()).unwrap();
        for written in read(&[file]).documents {
            let value = json_of(&written.source);
            let kind = written.document.kind();
            let own = jsonschema::validator_for(&of(kind)).unwrap();
            assert!(own.is_valid(&value), "{kind:?} {value}");
            assert!(any.is_valid(&value), "{kind:?} {value}");
            let mut misspelt = value.clone();
            misspelt.as_object_mut().unwrap().insert("nmae".to_owned(), json!("x"));
            assert!(!own.is_valid(&misspelt) && !any.is_valid(&misspelt), "{kind:?}");
        }
    }

    /// The value as a schema sees it, by way of a field that takes anything.
    fn json_of(source: &str) -> Value {
        let nested: String =
            source.lines().map(|line| format!("  {line}\n")).collect::<Vec<_>>().concat();
        let text = format!("kind: Tool\nname: t\naction: t\ninput_schema:\n{nested}");
        let reading = read(&[SourceFile { name: "f".to_owned(), text }]);
        let super::super::Document::Tool(tool) = &reading.documents[0].document else { panic!() };
        tool.input_schema.clone().unwrap()
    }
}
