//! One value that can be edited, with what the schema of a registered tool says about it.

use countersign_domain::approval::{Approval, Cost, steps};
use countersign_domain::display::{Opens, Piece, REDACTED, pieces};
use countersign_domain::policy::document::Tool;
use serde_json::Value;

use super::lists::whole_lists;
use crate::app::Error;
use crate::dashboard::approvals::view::value::{Leaf, leaves};
use crate::dashboard::layout::{Phrase, Text, said};

/// What the names of the fields begin with, followed by the path.
pub(super) const FIELD: &str = "edit.";
/// The path of the cost.
pub(super) const COST: &str = "cost.usd";
/// How many choices a list still offers.
const CHOICES: usize = 60;
/// How many characters stand beside other fields; more need a line of their own.
const WIDE: usize = 26;

/// A value that can be edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) path: String,
    pub(super) label: Text,
    /// The path below the parameters.
    pub(super) name: Text,
    /// `bool`, `number`, `text`, `json` or `choice`.
    pub(super) kind: &'static str,
    pub(super) value: String,
    pub(super) was: Text,
    pub(super) is_long: bool,
    pub(super) is_changed: bool,
    /// What is wrong with what was written.
    pub(super) wrong: Option<Phrase>,
    /// Whether it stays as it is.
    pub(super) fixed: bool,
    /// Whether it is left out; `None` where it cannot be.
    pub(super) left_out: Option<bool>,
    /// What the schema says about it.
    pub(super) hint: Option<Text>,
    /// The only values that the schema permits: as sent, and as shown.
    pub(super) choices: Vec<(String, Text)>,
    /// The least and the most that the schema permits of a number.
    pub(super) least: Option<String>,
    pub(super) most: Option<String>,
}

impl Field {
    /// The field of a value; `written` is what was typed into it before.
    pub(super) fn of(leaf: &Leaf, written: Option<&str>, schema: Option<&Value>) -> Self {
        let value = written.map_or_else(|| leaf.text(), str::to_owned);
        let choices = choices(leaf, schema);
        let number = |key: &str| schema.and_then(|s| s.get(key)).filter(|v| v.is_number());
        Self {
            label: label(leaf, schema),
            name: Text::key(leaf.path.strip_prefix("params.").unwrap_or(&leaf.path)),
            kind: if choices.is_empty() { kind(&leaf.value) } else { "choice" },
            was: was(leaf),
            is_long: value.chars().count() > 60 || value.contains('\n'),
            is_changed: value != leaf.text(),
            wrong: None,
            left_out: None,
            fixed: leaf.is_redacted() || !can_be_typed(&leaf.text()),
            hint: hint(schema).or_else(|| how_to_write(leaf, schema)).map(|hint| Text::line(&hint)),
            choices,
            least: number("minimum").map(ToString::to_string),
            most: number("maximum").map(ToString::to_string),
            path: leaf.path.clone(),
            value,
        }
    }
}

impl Field {
    /// Whether its name or value needs a line of its own.
    pub(super) fn is_wide(&self) -> bool {
        [&self.path, &self.value].iter().any(|text| text.chars().count() > WIDE)
    }

    /// The same with what is wrong with it, if the error is about this value.
    pub(super) fn told(self, error: Option<&Error>) -> Self {
        let wrong = error.filter(|error| self.is_meant_by(error)).map(said);
        Self { wrong, ..self }
    }

    /// An error names the path of the value, or its place among the parameters as a JSON pointer.
    fn is_meant_by(&self, error: &Error) -> bool {
        let place = steps(self.path.strip_prefix("params.").unwrap_or(&self.path));
        let escaped = |step: &String| step.replace('~', "~0").replace('/', "~1");
        let pointer = format!("/{}", place.iter().map(escaped).collect::<Vec<_>>().join("/"));
        error.path.as_deref() == Some(&self.path)
            || error.detail.contains(&format!("at `{pointer}`:"))
            || (self.kind == "json" && error.detail.contains(&format!("at `{pointer}/")))
    }
}

/// What it is called: as an admin calls it in the schema of the tool, or by its own name.
fn label(leaf: &Leaf, schema: Option<&Value>) -> Text {
    if leaf.path == COST {
        return Text::line("Cost in USD");
    }
    let title = schema.and_then(|schema| schema.get("title")).and_then(Value::as_str);
    title.map_or_else(
        || Text::key(leaf.path.strip_prefix("params.").unwrap_or(&leaf.path)),
        Text::line,
    )
}

/// What it was; a cost that was not stated is not one of nothing.
fn was(leaf: &Leaf) -> Text {
    if leaf.path == COST && leaf.text().is_empty() {
        return Text::line("not stated");
    }
    match leaf.value.as_str() {
        Some(REDACTED) if leaf.is_redacted() => Text::line("hidden: a secret"),
        _ => Text::said(&leaf.text()),
    }
}

/// Every value that an edit can name, the cost included.
pub(super) fn editable(approval: &Approval) -> Vec<Leaf> {
    let params = &approval.proposal().params;
    let each = leaves(&approval.card, params).into_iter().map(|leaf| leaf.below("params"));
    let mut all = whole_lists(each.collect(), params);
    all.push(Leaf::plain(COST, Value::from(cost_in_usd(approval.cost()))));
    all
}

/// The cost as the form holds it: nothing where none was stated.
fn cost_in_usd(cost: &Cost) -> String {
    if cost.usd.0.is_zero() { String::new() } else { cost.usd.to_string() }
}

/// What the schema of a tool says about the value at a path.
pub(super) fn schema_of<'a>(tool: Option<&'a Tool>, path: &str) -> Option<&'a Value> {
    let root = tool?.input_schema.as_ref()?;
    let path = steps(path);
    let (_, below_params) = path.split_first().filter(|(first, _)| *first == "params")?;
    below_params.iter().try_fold(followed(root, root)?, |schema, step| {
        let below = schema.get("properties").and_then(|properties| properties.get(step));
        let item = || step.parse::<usize>().ok().and_then(|_| schema.get("items"));
        followed(root, below.or_else(item)?)
    })
}

/// A schema that stands elsewhere in the same document.
fn followed<'a>(root: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(place) => root.pointer(place.strip_prefix('#')?),
        None => Some(schema),
    }
}

/// What the schema permits, where the value is one of that already: another would be of another kind.
fn choices(leaf: &Leaf, schema: Option<&Value>) -> Vec<(String, Text)> {
    let Some(Value::Array(all)) = schema.and_then(|schema| schema.get("enum")) else {
        return Vec::new();
    };
    let as_text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()).filter(|text| can_be_typed(text)),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let texts: Vec<String> = all.iter().filter_map(as_text).collect();
    let fits = texts.len() == all.len() && texts.len() <= CHOICES && texts.contains(&leaf.text());
    if !fits {
        return Vec::new();
    }
    texts.into_iter().map(|text| (text.clone(), Text::line(&text))).collect()
}

/// How a value is written that is neither a text nor a number.
fn how_to_write(leaf: &Leaf, schema: Option<&Value>) -> Option<String> {
    let said = match &leaf.value {
        Value::String(_) if leaf.path == COST && leaf.text().is_empty() => {
            "no cost is stated; what stays empty stays so"
        }
        Value::Null if permits(schema, "string") => "null is nothing; or a text",
        Value::Null => "null is nothing; a text stands in quotation marks",
        Value::Array(_) => "the whole list; texts in it stand in quotation marks",
        Value::String(_) | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return None,
    };
    Some(said.to_owned())
}

/// Whether a schema names this type among those that it permits.
pub(super) fn permits(schema: Option<&Value>, kind: &str) -> bool {
    match schema.and_then(|schema| schema.get("type")) {
        Some(Value::String(only)) => only == kind,
        Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == Some(kind)),
        _ => false,
    }
}

/// The schema in words.
fn hint(schema: Option<&Value>) -> Option<String> {
    let schema = schema?;
    let said = |key: &str| schema.get(key).filter(|value| value.is_number());
    let mut parts: Vec<String> = Vec::new();
    parts.extend(schema.get("description").and_then(Value::as_str).map(str::to_owned));
    match (said("minimum"), said("maximum")) {
        (Some(least), Some(most)) => parts.push(format!("from {least} to {most}")),
        (Some(least), None) => parts.push(format!("at least {least}")),
        (None, Some(most)) => parts.push(format!("at most {most}")),
        (None, None) => {}
    }
    parts.extend(said("maxLength").map(|most| format!("at most {most} characters")));
    parts.extend(said("minLength").map(|least| format!("at least {least} characters")));
    let pattern = schema.get("pattern").and_then(Value::as_str);
    parts.extend(pattern.map(|pattern| format!("has to match {pattern}")));
    let format = schema.get("format").and_then(Value::as_str);
    parts.extend(format.map(|format| format!("written as {format}")));
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Whether a person can type this text: nothing in it hides, and a field gives it back as it was.
pub(super) fn can_be_typed(text: &str) -> bool {
    let plain = |piece: &Piece| match piece {
        // An address that is what it seems.
        Piece::Host(host, Opens::Itself) => {
            host.iter().all(|piece| matches!(piece, Piece::Plain(_)))
        }
        other => matches!(other, Piece::Plain(_) | Piece::Blanks(_) | Piece::Hidden('\n')),
    };
    !text.starts_with('\n') && !text.contains("\\\\u") && pieces(text).iter().all(plain)
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Null | Value::Array(_) | Value::Object(_) => "json",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tool() -> Tool {
        serde_json::from_value(json!({"name": "pay", "action": "pay", "input_schema": {
            "properties": {
                "amount": {"type": "number", "minimum": 1, "maximum": 500, "description": "In euros"},
                "currency": {"enum": ["EUR", "USD"]},
                "lines": {"items": {"$ref": "#/$defs/line"}},
                "a.b": {"maxLength": 5}
            },
            "$defs": {"line": {"properties": {"sku": {"pattern": "^[A-Z]+$"}}}}
        }}))
        .unwrap()
    }

    #[test]
    fn a_schema_says_what_may_be_typed() {
        let tool = tool();
        let field = |path: &str, value: Value| {
            Field::of(&Leaf::plain(path, value), None, schema_of(Some(&tool), path))
        };
        let amount = field("params.amount", json!(240));
        assert_eq!(amount.hint, Some(Text::line("In euros; from 1 to 500")));
        assert_eq!((amount.least.as_deref(), amount.most.as_deref()), (Some("1"), Some("500")));
        let currency = field("params.currency", json!("EUR"));
        assert_eq!((currency.kind, currency.choices.len()), ("choice", 2));
        assert_eq!(
            field("params.currency", json!("GBP")).kind,
            "text",
            "it would be another value"
        );
        let sku = field("params.lines.0.sku", json!("A"));
        assert_eq!(sku.hint, Some(Text::line("has to match ^[A-Z]+$")));
        assert_eq!(
            field("params.a\\.b", json!("x")).hint,
            Some(Text::line("at most 5 characters"))
        );
        assert_eq!(field("cost.usd", json!("1")).hint, None);
    }

    #[test]
    fn only_what_comes_back_as_it_was_can_be_typed() {
        for text in ["plain", "two\nlines", "C:\\temp"] {
            assert!(can_be_typed(text), "{text:?}");
        }
        for text in ["\nfirst", "a\u{202e}b", "a\u{430}bc", "tab\tbed", "cr\rlf"] {
            assert!(!can_be_typed(text), "{text:?}");
        }
    }
}
