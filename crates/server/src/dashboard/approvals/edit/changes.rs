//! What a form changes: values that are others, parameters that come, and parameters that go.

use countersign_domain::approval::{Approval, step, steps};
use countersign_domain::display::{is_blank, sanitise};
use countersign_domain::json::{self, Object};
use countersign_domain::policy::document::Tool;
use countersign_wire::Code;
use serde_json::Value;

use super::field::{COST, FIELD, editable, permits, schema_of};
use super::lists::value_at;
use crate::app::Error;
use crate::dashboard::approvals::view::value::Leaf;
use crate::dashboard::layout::{Form, Text};

/// The field that names the parameters that go, once for each.
const GOES: &str = "goes";

/// The field that says that more is to be changed, and nothing looked at yet.
pub(super) const MORE: &str = "more";

/// How many parameters can come at once.
const ROWS: usize = 3;

/// A parameter that may come, as it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Coming {
    pub(super) place: usize,
    pub(super) name: String,
    pub(super) value: String,
    /// Whether what was written is a number, a list and so on, and not a text.
    pub(super) is_json: bool,
}

impl Coming {
    /// The rows of the form.
    pub(super) fn all(form: &Form) -> Vec<Self> {
        let row = |place| {
            let of = |what: &str| form.all(&format!("comes.{what}.{place}")).next();
            Self {
                place,
                name: of("name").unwrap_or_default().trim().to_owned(),
                value: of("value").unwrap_or_default().to_owned(),
                is_json: of("as") == Some("json"),
            }
        };
        (1..=ROWS).map(row).collect()
    }

    fn edit(&self) -> Result<Option<(String, Value)>, Error> {
        if self.name.is_empty() {
            let missing = "name the parameter that this value is for";
            return if self.value.is_empty() { Ok(None) } else { Err(refused(missing.to_owned())) };
        }
        let value = if self.is_json {
            typed(&self.name, self.value.trim())?
        } else {
            Value::from(self.value.as_str())
        };
        Ok(Some((format!("params.{}", self.name), value)))
    }
}

/// Whether a value can be taken away: it is the value of a key, no secret, and the schema does not ask for it.
pub(super) fn can_go(approval: &Approval, leaf: &Leaf, tool: Option<&Tool>) -> bool {
    let path = steps(&leaf.path);
    let Some((name, above)) = path.split_last() else { return false };
    let above: Vec<String> = above.iter().map(|name| step(name)).collect();
    let is_key = above.len() == 1 || {
        let owner = value_at(&approval.proposal().params, &above.join("."));
        owner.is_some_and(Value::is_object)
    };
    let owner = schema_of(tool, &above.join("."));
    let required = owner.and_then(|schema| schema.get("required")).and_then(Value::as_array);
    let is_required = required.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)));
    path.first().is_some_and(|first| first == "params")
        && is_key
        && !is_required
        && !leaf.is_redacted()
}

/// Whether the form takes it away.
pub(super) fn goes(form: &Form, path: &str) -> bool {
    form.all(GOES).any(|gone| gone == path)
}

/// The parameters that a tool knows and the request leaves out.
pub(super) fn missing(approval: &Approval, tool: Option<&Tool>) -> Vec<Text> {
    let schema = tool.and_then(|tool| tool.input_schema.as_ref());
    let known = schema.and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    let params = &approval.proposal().params;
    let hidden = |schema: &Value| schema.get("x-sensitive") == Some(&Value::Bool(true));
    let fits = |(name, schema): &(&String, &Value)| !params.contains_key(*name) && !hidden(schema);
    known.into_iter().flatten().filter(fits).map(|(name, _)| Text::line(name)).collect()
}

/// What a form changes, with the types that were there.
pub(super) fn changes(
    approval: &Approval,
    form: &Form,
    tool: Option<&Tool>,
) -> Result<Object, Error> {
    let known = editable(approval);
    let mut edits = Object::new();
    for leaf in known.iter().filter(|leaf| goes(form, &leaf.path)) {
        edits.insert(format!("-{}", leaf.path), Value::Null);
    }
    for (path, text) in form.under(FIELD).filter(|(path, _)| !goes(form, path)) {
        let Some(leaf) = known.iter().find(|leaf| leaf.path == path) else { continue };
        if leaf.text() == text {
            continue;
        }
        let value = match &leaf.value {
            // No cost is one of nothing.
            Value::String(_) if path == COST && is_blank(text) => Value::from("0"),
            Value::String(_) => Value::from(text),
            Value::Null => instead_of_nothing(path, text.trim(), schema_of(tool, path))?,
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                typed(path, text.trim())?
            }
        };
        // A list may be written with other blanks and line breaks.
        if value != leaf.value {
            edits.insert(path.to_owned(), value);
        }
    }
    for coming in Coming::all(form) {
        let Some((name, value)) = coming.edit()? else { continue };
        let of_parts = format!("{name}.");
        let twice = edits.keys().any(|key| *key == name || key.starts_with(&of_parts));
        let is_list = value_at(&approval.proposal().params, &name).is_some_and(Value::is_array);
        let key = if is_list { name } else { format!("+{name}") };
        if edits.insert(key, value).is_some() || twice {
            return Err(refused(format!("`{}` is given twice", sanitise(&coming.name))));
        }
    }
    if edits.is_empty() {
        return Err(refused("nothing is changed yet".to_owned()));
    }
    Ok(edits)
}

fn refused(detail: String) -> Error {
    Error::new(Code::EditRefused, detail)
}

fn typed(path: &str, text: &str) -> Result<Value, Error> {
    if text.is_empty() {
        let detail = "write null where nothing is to stand, or \"\" for a text without a character";
        return Err(Error::invalid(path, detail));
    }
    json::read(text.as_bytes()).map_err(|error| {
        let detail = format!(
            "`{}` cannot be read as a value: {error}; a text stands in quotation marks",
            sanitise(text)
        );
        Error::invalid(path, detail)
    })
}

/// What is written where nothing stood: a text needs no quotation marks where the schema permits one.
fn instead_of_nothing(path: &str, text: &str, schema: Option<&Value>) -> Result<Value, Error> {
    let is_text = permits(schema, "string") && !text.is_empty();
    match json::read(text.as_bytes()) {
        Ok(value) if !is_text || value.is_null() || value.is_string() => Ok(value),
        Ok(value) if value.is_number() && permits(schema, "number") => Ok(value),
        Ok(value) if value.is_number() && permits(schema, "integer") => Ok(value),
        Ok(value) if value.is_boolean() && permits(schema, "boolean") => Ok(value),
        Ok(value) if value.is_array() && permits(schema, "array") => Ok(value),
        Ok(value) if value.is_object() && permits(schema, "object") => Ok(value),
        Ok(_) | Err(_) if is_text => Ok(Value::from(text)),
        Ok(_) | Err(_) => typed(path, text),
    }
}

/// Edits as the fields in which they are written, so that more can be changed.
pub(super) fn fields_of(approval: &Approval, edits: &Object) -> Vec<(String, String)> {
    let known = editable(approval);
    let is_field = |key: &str| known.iter().any(|leaf| leaf.path == key);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut fields = Vec::new();
    let mut place = 0;
    for (key, value) in edits {
        if let Some(path) = key.strip_prefix('-') {
            fields.push((GOES.to_owned(), path.to_owned()));
        } else if is_field(key) {
            fields.push((format!("{FIELD}{key}"), text(value)));
        } else if let Some(name) = key.trim_start_matches('+').strip_prefix("params.") {
            place += 1;
            let kind = if value.is_string() { "text" } else { "json" };
            fields.push((format!("comes.name.{place}"), name.to_owned()));
            fields.push((format!("comes.value.{place}"), text(value)));
            fields.push((format!("comes.as.{place}"), kind.to_owned()));
        }
    }
    fields
}

/// The edits that a confirmed form carries; `None` where it carries none.
pub(in crate::dashboard::approvals) fn edits_of(form: &Form) -> Result<Option<Object>, Error> {
    let mut edits = Object::new();
    for (path, text) in form.under(FIELD) {
        edits.insert(path.to_owned(), typed(path, text)?);
    }
    Ok((!edits.is_empty()).then_some(edits))
}
