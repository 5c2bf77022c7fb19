//! Documents as YAML, for those that were not written as a file.

use serde_json::{Map, Value};

use super::super::{Document, StoredDocument};

/// The YAML of a document: as its author wrote it, or else made of what it says.
pub fn to_yaml(stored: &StoredDocument) -> String {
    match &stored.source {
        Some(source) => ended(source),
        None => written(&stored.document),
    }
}

/// Several documents as one file.
pub fn to_file<'a>(documents: impl IntoIterator<Item = &'a StoredDocument>) -> String {
    documents.into_iter().map(to_yaml).collect::<Vec<_>>().join("---\n")
}

fn ended(source: &str) -> String {
    format!("{}\n", source.trim_end())
}

/// A document as YAML that reads as the same document.
pub fn written(document: &Document) -> String {
    let mut out = String::new();
    if let Ok(Value::Object(mut object)) = serde_json::to_value(document) {
        let mut first = Map::new();
        for key in ["kind", "name"] {
            if let Some(value) = object.remove(key) {
                first.insert(key.to_owned(), value);
            }
        }
        // Two steps, because the map may sort its keys.
        for part in [first, object] {
            entries(&part, 0, &mut out);
        }
    }
    out
}

fn entries(object: &Map<String, Value>, depth: usize, out: &mut String) {
    for (key, value) in object {
        out.push_str(&"  ".repeat(depth));
        out.push_str(&plain(key));
        out.push(':');
        behind(value, depth, out);
    }
}

/// What stands behind a key or a dash.
fn behind(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            out.push('\n');
            entries(object, depth + 1, out);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            for item in items {
                out.push_str(&"  ".repeat(depth + 1));
                out.push('-');
                behind(item, depth + 1, out);
            }
        }
        scalar => {
            out.push(' ');
            out.push_str(&match scalar {
                Value::String(text) => plain(text),
                other => other.to_string(),
            });
            out.push('\n');
        }
    }
}

/// A text without quotes where no reader takes it for anything else, else in the quotes of JSON.
fn plain(text: &str) -> String {
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let start = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let rest = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./@ ".contains(c));
    if start && rest && text.trim() == text && !words.contains(&text.to_lowercase().as_str()) {
        text.to_owned()
    } else {
        Value::from(text).to_string()
    }
}
