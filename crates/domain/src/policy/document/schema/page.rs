//! The reference page of the policy files, made of the schemas.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::DocumentKind;
use super::of;

/// The page, in Markdown.
pub fn page() -> String {
    let mut page = String::from(
        "# Policy files\n\nWhat can stand in the documents of `countersign apply`, made of the JSON Schemas in \
         [policy-schema](policy-schema/).\nEvery document has a `kind`; a key that is not listed here is an error.\n",
    );
    let mut shared = Map::new();
    for kind in DocumentKind::ALL {
        let schema = of(kind);
        page.push_str(&format!("\n## {}\n", kind.as_str()));
        describe(&schema, &mut page);
        table(&schema, &mut page);
        if let Some(Value::Object(parts)) = schema.get("$defs") {
            shared.extend(parts.clone());
        }
    }
    let names: BTreeSet<_> = shared.keys().cloned().collect();
    for name in names {
        let Some(part) = shared.get(&name) else { continue };
        page.push_str(&format!("\n### {name}\n"));
        describe(part, &mut page);
        table(part, &mut page);
        words(part, &mut page);
    }
    page
}

fn text<'a>(schema: &'a Value, key: &str) -> &'a str {
    schema.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn describe(schema: &Value, page: &mut String) {
    let description = text(schema, "description");
    if !description.is_empty() {
        page.push_str(&format!("\n{}\n", one_line(description)));
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn table(schema: &Value, page: &mut String) {
    let Some(Value::Object(properties)) = schema.get("properties") else { return };
    let required: Vec<&str> = match schema.get("required") {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    page.push_str("\n| key | type | | means |\n| --- | --- | --- | --- |\n");
    for (name, property) in properties {
        let need = match (required.contains(&name.as_str()), property.get("default")) {
            (true, _) => "required".to_owned(),
            (false, Some(default)) => format!("default `{default}`"),
            (false, None) => String::new(),
        };
        let description = one_line(text(property, "description"));
        page.push_str(&format!("| `{name}` | {} | {need} | {description} |\n", kind_of(property)));
    }
}

/// The words that a part can be, each with its meaning.
fn words(schema: &Value, page: &mut String) {
    let Some(Value::Array(choices)) = schema.get("oneOf") else { return };
    page.push('\n');
    for choice in choices {
        let description = one_line(text(choice, "description"));
        page.push_str(&format!("- {}: {description}\n", kind_of(choice)));
    }
}

/// The type in a few words.
fn kind_of(schema: &Value) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(word) = schema.get("const") {
        return format!("`{}`", word.as_str().unwrap_or_default());
    }
    if let Some(Value::Array(words)) = schema.get("enum") {
        let words: Vec<_> =
            words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect();
        return words.join(", ");
    }
    if let Some(Value::Array(choices)) = schema.get("anyOf") {
        return choices.iter().map(kind_of).collect::<Vec<_>>().join(" or ");
    }
    if let (Some(Value::Object(properties)), "object") =
        (schema.get("properties"), text(schema, "type"))
    {
        let names: Vec<_> = properties
            .iter()
            .map(|(name, property)| format!("`{name}:` {}", kind_of(property)))
            .collect();
        return names.join(", ");
    }
    let names: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    match names.as_slice() {
        ["array"] => {
            let items = schema.get("items").map(kind_of).unwrap_or_default();
            format!("list of {items}")
        }
        ["string"] => "text".to_owned(),
        ["integer"] => "whole number".to_owned(),
        [] => "anything".to_owned(),
        names => names.join(" or "),
    }
}
