//! A tool with its schema compiled.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::document::Tool;
use super::compile::Problems;
use super::schema::ReadySchema;
use crate::json::Object;
use crate::names::Look;

/// A tool, ready to look at parameters.
#[derive(Debug)]
pub(in crate::policy) struct ReadyTool {
    /// As it was written, without its schema.
    pub tool: Tool,
    /// How its name looks.
    pub look: Look,
    /// The names of its fields that nobody is shown.
    pub hidden: BTreeSet<String>,
    schema: Option<ReadySchema>,
}

impl ReadyTool {
    /// Makes a tool ready.
    pub(super) fn new(tool: &Tool, problems: &mut Problems<'_>) -> Self {
        let mut hidden = BTreeSet::new();
        let schema = tool.input_schema.as_ref().and_then(|schema| {
            hide(schema, &mut hidden);
            let wrong = match ReadySchema::new(schema) {
                Ok(ready) => return Some(ready),
                Err(wrong) => wrong,
            };
            for problem in wrong {
                let dot = if problem.path.is_empty() { "" } else { "." };
                problems.at(format!("input_schema{dot}{}", problem.path), problem.message);
            }
            None
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
        let (place, why) = self.schema.as_ref()?.misfit(params)?;
        Some(format!("the parameters do not fit tool `{}` at `{place}`: {why}", self.tool.name))
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
