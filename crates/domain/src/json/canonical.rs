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
    let order = |a: &str, b: &str| a.encode_utf16().cmp(b.encode_utf16());
    let mut entries: Vec<_> = object.iter().collect();
    // Nearly always they are in order already, and plain.
    if !object.keys().all(|key| key.is_ascii()) || !object.keys().is_sorted() {
        entries.sort_by(|(a, _), (b, _)| order(a, b));
    }
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

/// Prints in one piece whatever stands between characters that have to be escaped.
fn print_text(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| b < b' ' || b == b'"' || b == b'\\') {
        let (plain, escaped) = rest.split_at(at);
        out.push_str(plain);
        let (special, after) = escaped.split_at(1);
        print_escape(special, out);
        rest = after;
    }
    out.push_str(rest);
    out.push('"');
}

fn print_escape(special: &str, out: &mut String) {
    match special {
        "\"" => out.push_str("\\\""),
        "\\" => out.push_str("\\\\"),
        "\u{8}" => out.push_str("\\b"),
        "\t" => out.push_str("\\t"),
        "\n" => out.push_str("\\n"),
        "\u{c}" => out.push_str("\\f"),
        "\r" => out.push_str("\\r"),
        other => {
            for c in other.chars() {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
        }
    }
}

/// The fields of an object, printed canonically one after the other, without a value being built first. The
/// names have to come in canonical order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(String);

impl Fields {
    /// A field with a value.
    pub(crate) fn value(mut self, name: &'static str, value: &Value) -> Self {
        self.name(name);
        print(value, &mut self.0);
        self
    }

    /// A field with a text, or with null.
    pub(crate) fn text(mut self, name: &'static str, text: Option<&str>) -> Self {
        self.name(name);
        match text {
            Some(text) => print_text(text, &mut self.0),
            None => self.0.push_str("null"),
        }
        self
    }

    /// A field with an object.
    pub(crate) fn object(mut self, name: &'static str, object: &super::Object) -> Self {
        self.name(name);
        print_object(object, &mut self.0);
        self
    }

    /// A field with fields of its own.
    pub(crate) fn fields(mut self, name: &'static str, fields: &Self) -> Self {
        self.name(name);
        self.0.push('{');
        self.0.push_str(&fields.0);
        self.0.push('}');
        self
    }

    /// A field with a whole number, exact as far as a double is.
    pub(crate) fn number(mut self, name: &'static str, number: u64) -> Self {
        self.name(name);
        number::print(&number.into(), &mut self.0);
        self
    }

    /// The fields, with commas between them and without braces around them.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    fn name(&mut self, name: &'static str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }
}
