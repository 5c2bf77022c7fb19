//! The canonical form: RFC 8785 over what the strict reader accepted.

use serde_json::Value;

use super::number;

/// Prints a value canonically: no spaces, keys sorted by UTF-16 code units, ECMAScript numbers.
pub fn canonical(value: &Value) -> String {
    let mut out = String::with_capacity(256);
    print(value, &mut out);
    out
}

fn print(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => number::print(number, out),
        Value::String(text) => print_text(text, out),
        Value::Array(items) => print_array(items, out),
        Value::Object(object) => print_object(object, out),
    }
}

fn print_array(items: &[Value], out: &mut String) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        print(item, out);
    }
    out.push(']');
}

fn print_object(object: &super::Object, out: &mut String) {
    let mut entries: Vec<_> = object.iter().collect();
    entries.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push('{');
    for (index, (key, value)) in entries.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        print_text(key, out);
        out.push(':');
        print(value, out);
    }
    out.push('}');
}

fn print_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}
