//! The schema of a tool's parameters: read strictly, since a misspelt keyword would demand nothing, and compared with
//! parameters only where that takes little, whoever sent them.

mod keywords;
mod parts;
mod told_apart;
mod work;

use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::Value;

use crate::json::Object;

use self::parts::Parts;

/// The most bytes of a schema, as JSON.
const LENGTH: usize = 65_536;
/// The most bytes that a regular expression of a schema may take when compiled.
const PATTERN: usize = 1 << 18;

/// A schema, ready to be compared with parameters.
#[derive(Debug)]
pub(super) struct ReadySchema {
    validator: Validator,
    parts: Parts,
}

/// What is wrong with a schema, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SchemaProblem {
    /// The steps that lead there, each after a `.`; nothing for the schema itself.
    pub(super) path: String,
    /// What.
    pub(super) message: String,
}

impl SchemaProblem {
    fn at(path: &str, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), message: message.into() }
    }
}

impl ReadySchema {
    /// Makes a schema ready, or says everything that is wrong with it. Patterns take linear time, and nothing is fetched
    /// from anywhere.
    pub(super) fn new(schema: &Value) -> Result<Self, Vec<SchemaProblem>> {
        let whole = |message: String| vec![SchemaProblem::at("", message)];
        let length = schema.to_string().len();
        if length > LENGTH {
            return Err(whole(format!("it has {length} bytes; at most {LENGTH} are allowed")));
        }
        // What is wrong is told of the schema as it was written.
        Parts::of(schema)?;
        if schema.to_string().contains(told_apart::CHOICE) {
            return Err(whole(format!("`{}` is a word of ours: leave it out", told_apart::CHOICE)));
        }
        let schema = &told_apart::told_apart(schema);
        let parts = Parts::of(schema)?;
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .should_validate_formats(true)
            .with_pattern_options(
                PatternOptions::regex().size_limit(PATTERN).dfa_size_limit(PATTERN),
            )
            .build(schema)
            .map_err(|error| vec![refused(&error)])?;
        Ok(Self { validator, parts })
    }

    /// Where parameters do not fit, as a JSON pointer, and why, without repeating their values.
    pub(super) fn misfit(&self, params: &Object) -> Option<(String, String)> {
        let params = Value::Object(params.clone());
        if !work::is_bearable(&self.parts, &params) {
            let why = "they are nested so that it takes too long to compare them with it";
            return Some(("/".to_owned(), why.to_owned()));
        }
        let error = self.validator.validate(&params).err()?;
        let place = error.instance_path().to_string();
        let place = if place.is_empty() { "/".to_owned() } else { place };
        Some((place, error.masked().to_string().chars().take(300).collect()))
    }
}

/// What the library says of a schema, at its place.
fn refused(error: &ValidationError<'_>) -> SchemaProblem {
    let steps = error.instance_path().to_string();
    let path = steps.split('/').filter(|step| !step.is_empty()).collect::<Vec<_>>().join(".");
    let said: String = error.to_string().chars().take(300).collect();
    // It says the same of what it cannot read, cannot follow and of what would be too large.
    let message = if said.contains("is not a \"regex\"") {
        format!(
            "{said}, or one that is not supported: lookaround, back references, or too large when compiled; `minLength` and `maxLength` limit lengths"
        )
    } else {
        said
    };
    SchemaProblem::at(&path, message)
}

#[cfg(test)]
mod tests;
