//! JSON in which every character can be seen, and which still reads as the same value.

use countersign_domain::display::sanitise;
use serde_json::Value;

/// A value as one line of JSON; what the display sanitiser would escape is escaped as JSON escapes it.
pub(crate) fn visible_json(value: &Value) -> String {
    visible(&value.to_string())
}

/// The same JSON text with every character visible.
pub(crate) fn visible(json: &str) -> String {
    if sanitise(json) == json {
        return json.to_owned();
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        let text = c.to_string();
        if sanitise(&text) == text {
            out.push(c);
        } else {
            let mut units = [0; 2];
            let units = c.encode_utf16(&mut units);
            out.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn hidden_characters_are_seen_and_the_value_stays() {
        let value = json!({"a\u{202e}": "x\u{9b}31m\u{e0041}\u{1b}[0m\u{feff} é 世 \\u{1} \\"});
        let text = visible_json(&value);
        insta::assert_snapshot!(text, @r#"{"a\u202e":"x\u009b31m\udb40\udc41\u001b[0m\ufeff é 世 \\u{1} \\"}"#);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
