//! A tool with its schema compiled.

use std::collections::BTreeSet;

use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value;

use super::super::document::Tool;
use super::compile::Problems;
use crate::json::Object;
use crate::names::Look;

/// The most bytes of a schema, as JSON.
const LENGTH: usize = 65_536;
/// The most bytes that a regular expression of a schema may take when compiled.
const PATTERN: usize = 1 << 18;

/// A tool, ready to look at parameters.
#[derive(Debug)]
pub(in crate::policy) struct ReadyTool {
    /// As it was written, without its schema.
    pub tool: Tool,
    /// How its name looks.
    pub look: Look,
    /// The names of its fields that nobody is shown.
    pub hidden: BTreeSet<String>,
    schema: Option<Validator>,
}

impl ReadyTool {
    /// Makes a tool ready.
    pub(super) fn new(tool: &Tool, problems: &mut Problems<'_>) -> Self {
        let mut hidden = BTreeSet::new();
        let schema = tool.input_schema.as_ref().and_then(|schema| {
            hide(schema, &mut hidden);
            compile(schema).map_err(|why| problems.at("input_schema", why)).ok()
        });
        let look = Look::of(&tool.name);
        Self { tool: Tool { input_schema: None, ..tool.clone() }, look, hidden, schema }
    }

    /// Whether it says what its parameters look like.
    pub const fn has_schema(&self) -> bool {
        self.schema.is_some()
    }

    /// Where parameters do not fit and why, without repeating their values.
    pub fn misfit(&self, params: &Object) -> Option<String> {
        let params = Value::Object(params.clone());
        let error = self.schema.as_ref()?.validate(&params).err()?;
        let place = error.instance_path().to_string();
        let place = if place.is_empty() { "/".to_owned() } else { place };
        let message: String = error.masked().to_string().chars().take(300).collect();
        Some(format!("the parameters do not fit tool `{}` at `{place}`: {message}", self.tool.name))
    }
}

/// Patterns take linear time, and nothing is fetched from anywhere.
fn compile(schema: &Value) -> Result<Validator, String> {
    let length = schema.to_string().len();
    if length > LENGTH {
        return Err(format!("it has {length} bytes; at most {LENGTH} are allowed"));
    }
    if let Some(reference) = remote_reference(schema) {
        return Err(format!("`$ref` to `{reference}`: only `#/…` within the schema is followed"));
    }
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex().size_limit(PATTERN).dfa_size_limit(PATTERN))
        .build(schema)
        .map_err(|error| error.to_string().chars().take(300).collect())
}

fn remote_reference(schema: &Value) -> Option<&str> {
    match schema {
        Value::Object(object) => {
            object.iter().find_map(|(key, value)| match (key.as_str(), value) {
                ("$ref" | "$dynamicRef", Value::String(to)) if !to.starts_with('#') => {
                    Some(to.as_str())
                }
                _ => remote_reference(value),
            })
        }
        Value::Array(items) => items.iter().find_map(remote_reference),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Collects the names of all properties that are marked `x-sensitive`, wherever they stand.
fn hide(schema: &Value, hidden: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            for (name, below) in object {
                if below.get("x-sensitive") == Some(&Value::Bool(true)) {
                    hidden.insert(name.clone());
                }
                hide(below, hidden);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| hide(item, hidden)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
