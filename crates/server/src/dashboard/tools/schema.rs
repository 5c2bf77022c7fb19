//! The JSON Schema of a tool's parameters as a table that people read.

use serde_json::Value;

use crate::dashboard::layout::{Text, grouped};

/// How deep objects in objects are shown; what is deeper stands in the schema itself.
const DEEPEST: usize = 6;

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// Where it stands: `customer.name`, `items[].sku`.
    pub(super) path: Text,
    /// What it is: `text`, `number`, `one of a, b`.
    pub(super) kind: Text,
    /// Whether it has to be there.
    pub(super) is_required: bool,
    /// Whether its value is never shown.
    pub(super) is_hidden: bool,
    /// What else holds: bounds, patterns, a default.
    pub(super) bounds: Text,
    /// What it means.
    pub(super) description: Option<Text>,
}

/// Every parameter of a schema, in its order.
pub(super) fn fields(schema: &Value) -> Vec<Field> {
    let mut found = Vec::new();
    below(schema, "", 0, &mut found);
    found
}

fn below(schema: &Value, path: &str, depth: usize, found: &mut Vec<Field>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    let required: Vec<&str> = strings(schema, "required");
    for (name, property) in properties {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        found.push(field(&path, property, required.contains(&name.as_str())));
        if depth < DEEPEST {
            below(property, &path, depth + 1, found);
            if let Some(items) = property.get("items") {
                below(items, &format!("{path}[]"), depth + 1, found);
            }
        }
    }
}

fn field(path: &str, property: &Value, is_required: bool) -> Field {
    let text = |name: &str| property.get(name).and_then(Value::as_str);
    Field {
        path: Text::line(path),
        kind: Text::line(&kind(property)),
        is_required,
        is_hidden: property.get("x-sensitive").and_then(Value::as_bool).unwrap_or_default(),
        bounds: Text::line(&bounds(property)),
        description: text("description").or_else(|| text("title")).map(Text::line),
    }
}

fn kind(property: &Value) -> String {
    if let Some(only) = property.get("const") {
        return format!("exactly {only}");
    }
    if let Some(all) = property.get("enum").and_then(Value::as_array) {
        let words: Vec<String> =
            all.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect();
        return format!("one of {}", words.join(", "));
    }
    let word = |name: &str| match name {
        "string" => "text".to_owned(),
        "boolean" => "yes or no".to_owned(),
        "integer" => "whole number".to_owned(),
        "array" => match property.get("items") {
            Some(items) => format!("list of {}", kind(items)),
            None => "list".to_owned(),
        },
        other => other.to_owned(),
    };
    match property.get("type") {
        Some(Value::String(name)) => word(name),
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).map(word).collect::<Vec<_>>().join(" or ")
        }
        Some(_) | None => "anything".to_owned(),
    }
}

fn bounds(property: &Value) -> String {
    let words = [
        ("minimum", "at least"),
        ("exclusiveMinimum", "more than"),
        ("maximum", "at most"),
        ("exclusiveMaximum", "less than"),
        ("multipleOf", "a multiple of"),
        ("pattern", "matches"),
        ("format", "written as"),
        ("default", "else"),
    ];
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let said = words.iter().filter_map(|(name, word)| {
        property.get(*name).map(|value| format!("{word} {}", shown(value)))
    });
    let size = |name: &str| {
        let size = property.get(name).and_then(Value::as_u64);
        size.map(|size| grouped(usize::try_from(size).unwrap_or(usize::MAX)))
    };
    let sizes = [
        size("minLength").map(|n| format!("at least {n} characters")),
        size("maxLength").map(|n| format!("at most {n} characters")),
        size("minItems").map(|n| format!("at least {n} entries")),
        size("maxItems").map(|n| format!("at most {n} entries")),
    ];
    said.chain(sizes.into_iter().flatten()).collect::<Vec<_>>().join(", ")
}

fn strings<'a>(schema: &'a Value, name: &str) -> Vec<&'a str> {
    let all = schema.get(name).and_then(Value::as_array);
    all.map(|all| all.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use askama::Template as _;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_reads_as_a_table() {
        let schema = json!({
            "type": "object", "required": ["customer"],
            "properties": {
                "amount": {"type": "number", "exclusiveMinimum": 0, "maximum": 5000},
                "customer": {"type": "object", "required": ["id"], "properties": {
                    "id": {"type": "string", "maxLength": 1200, "pattern": "^c"},
                    "token": {"type": "string", "x-sensitive": true}}},
                "items": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {"sku": {"enum": ["a", 2]}}}},
                "when": {"type": ["string", "null"], "description": "<b>later</b>", "default": "now"},
            },
        });
        let row = |field: &Field| {
            let text = |text: &Text| text.render().unwrap();
            let marks = [(field.is_required, "!"), (field.is_hidden, "*")];
            let marks: String = marks.iter().filter(|(on, _)| *on).map(|(_, mark)| *mark).collect();
            format!(
                "{}{marks} | {} | {}",
                text(&field.path),
                text(&field.kind),
                text(&field.bounds)
            )
        };
        let rows: Vec<String> = fields(&schema).iter().map(row).collect();
        assert_eq!(
            rows,
            [
                "amount | number | more than 0, at most 5000",
                "customer! | object | ",
                "customer.id! | text | matches ^c, at most 1,200 characters",
                "customer.token* | text | ",
                "items | list of object | at least 1 entries",
                "items[].sku | one of a, 2 | ",
                "when | text or null | else now",
            ]
        );
        assert_eq!(fields(&json!(true)), []);
    }
}
