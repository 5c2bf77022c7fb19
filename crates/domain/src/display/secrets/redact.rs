//! Hides secrets in values before they are shown or written down for reading.

use serde_json::Value;

use super::card;
use super::text::redact_text;
use crate::json::Object;

/// What stands in the place of a secret.
pub const REDACTED: &str = "[REDACTED]";

/// Words that mark a key as secret when they stand in it as whole words (`api_key`, `userPassword`).
const SECRET_WORDS: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "secrets",
    "token",
    "apikey",
    "authorization",
    "credential",
    "credentials",
    "cookie",
    "cvv",
    "cvc",
    "ssn",
    "pin",
    "otp",
    "bearer",
    "jwt",
];

/// Those of them whose secret can be a number; `token_count: 5` hides nothing.
const NUMERIC: &[&str] = &["cvv", "cvc", "ssn", "pin", "otp", "password", "passwd", "pwd"];

/// How words end that are names of such a secret written as one: `PGPASSWORD`.
const SECRET_ENDS: &[&str] = &["password", "passwd", "apikey", "authtoken", "accesstoken"];

/// Pairs of neighbouring words that mark a key as secret.
const SECRET_PAIRS: &[(&str, &str)] = &[
    ("api", "key"),
    ("private", "key"),
    ("access", "key"),
    ("signing", "key"),
    ("encryption", "key"),
    ("session", "id"),
    ("card", "number"),
    ("connection", "string"),
];

/// How well-known secrets begin.
const SECRET_PREFIXES: &[&str] = &[
    "csa_",
    "csk_",
    "csp_",
    "sk-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "AKIA",
    "ASIA",
    "AIza",
    "whsec_",
];

/// How a whole value begins that is one.
const SECRET_SCHEMES: &[&str] = &["Bearer ", "Basic "];

/// A copy of `value` in which every secret, at any depth, reads [`REDACTED`].
pub fn redact(value: &Value) -> Value {
    redact_and(value, &[])
}

/// A copy of `object` in which every secret, at any depth, reads [`REDACTED`].
pub fn redact_object(object: &Object) -> Object {
    redact_object_and(object, &[])
}

/// The same, where everything below a key among `hidden` is a secret as well: the fields that the schema of a
/// tool hides, wherever they stand.
pub fn redact_object_and(object: &Object, hidden: &[String]) -> Object {
    let redact_entry = |(key, value): (&String, &Value)| {
        let is_value = matches!(key.as_str(), "value" | "Value") && value.is_string();
        let named = names_secret(key, Some(value))
            || hidden.contains(key)
            || (is_value && names_a_secret(object));
        let value = if named && !value.is_null() {
            Value::from(REDACTED)
        } else {
            redact_and(value, hidden)
        };
        (key.clone(), value)
    };
    object.iter().map(redact_entry).collect()
}

/// Whether an entry that is written as a name and a value, as in a list of headers or variables, names a secret.
fn names_a_secret(object: &Object) -> bool {
    let name = ["name", "key", "header", "Name", "Key"].iter().find_map(|key| object.get(*key));
    name.and_then(Value::as_str).is_some_and(|name| names_secret(name, None))
}

/// The words of a command, without what follows a flag that names a secret.
fn redact_words(items: &[Value], hidden: &[String]) -> Value {
    let mut before: Option<&str> = None;
    let word = |item| {
        let text = Value::as_str(item);
        let flag = std::mem::replace(&mut before, text);
        let flag = flag.and_then(|flag| flag.strip_prefix("--")).filter(|flag| !flag.contains('='));
        match (flag, text) {
            (Some(flag), Some(text)) if names_secret(flag, None) && !text.starts_with('-') => {
                Value::from(REDACTED)
            }
            _ => redact_and(item, hidden),
        }
    };
    items.iter().map(word).collect()
}

/// A copy of `value` without secrets, and without what stands below the keys among `hidden`.
pub fn redact_and(value: &Value, hidden: &[String]) -> Value {
    match value {
        Value::String(text) => Value::from(redact_text(text)),
        Value::Array(items) => redact_words(items, hidden),
        Value::Object(object) => Value::Object(redact_object_and(object, hidden)),
        Value::Number(number) if card::is_number(&number.to_string()) => Value::from(REDACTED),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Whether a key marks its value as secret; `value` where it is known.
pub(super) fn names_secret(key: &str, value: Option<&Value>) -> bool {
    let plain = matches!(value, Some(Value::Number(_) | Value::Bool(_)));
    let secret_words = if plain { NUMERIC } else { SECRET_WORDS };
    // Most keys are one word in lower case.
    let is_secret = |word: &str| {
        let word = unnumbered(word);
        secret_words.contains(&word)
            || (!plain && SECRET_ENDS.iter().any(|end| word.ends_with(end)))
    };
    if key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return is_secret(key);
    }
    let words = words(key);
    words.iter().any(|word| is_secret(word))
        || words.windows(2).any(|pair| match pair {
            [first, second] => {
                let second = unnumbered(second);
                SECRET_PAIRS.contains(&(first.as_str(), second))
                    || secret_words.contains(&format!("{first}{second}").as_str())
            }
            _ => false,
        })
}

/// The word without a number at its end: `password2`.
fn unnumbered(word: &str) -> &str {
    word.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// The words of a key in lower case: `userApi-KEY_id` gives `user api key id`.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in key.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        after_lower = c.is_lowercase() || c.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a whole text is a secret.
pub(super) fn looks_secret(text: &str) -> bool {
    let text = text.trim_start();
    let after = SECRET_SCHEMES.iter().find_map(|scheme| text.strip_prefix(scheme));
    after.is_some_and(|secret| secret.len() > 7 && !secret.trim().contains(char::is_whitespace))
        || text.starts_with("-----BEGIN ")
        || (!text.contains(char::is_whitespace) && starts_like_secret(text))
}

/// Whether a word is a secret by how it begins.
pub(super) fn starts_like_secret(word: &str) -> bool {
    let begins = |prefix: &&str| word.len() > prefix.len() + 7 && word.starts_with(*prefix);
    SECRET_PREFIXES.iter().any(begins) || is_jwt(word)
}

fn is_jwt(text: &str) -> bool {
    let url_safe =
        |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    text.starts_with("eyJ") && text.split('.').count() == 3 && text.split('.').all(url_safe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_schema_hides_is_hidden_wherever_it_stands() {
        let hidden = ["salary".to_owned()];
        let value = json!({
            "salary": 1, "people": [{"name": "Ana", "salary": {"eur": 5}}, "salary"], "note": null,
            "raise": {"salary": null}
        });
        let shown = json!({
            "salary": REDACTED, "people": [{"name": "Ana", "salary": REDACTED}, "salary"],
            "note": null, "raise": {"salary": null}
        });
        assert_eq!(redact_and(&value, &hidden), shown);
        assert_eq!(redact(&value), value);
    }

    #[test]
    fn secrets_are_hidden_by_key_and_by_value_at_any_depth() {
        let value = json!({
            "namespace": "production", "api_key": "k", "apiKey": 7, "userPassword": {"a": 1},
            "headers": [{"Authorization": "x"}, "Bearer abcdefghijkl"],
            "dsn": "postgres://app:hunter2@db/x", "note": "the token is late", "tokens": 12,
            "ghp": "ghp_0123456789abcdef", "pin_count": null, "shipping": "fast", "key": "plain",
            "PassWord2": "x", "token_2": "x", "numbers": [4_111_111_111_111_111_u64, 4_111_111_111_111_112_u64],
            "paid": "with 4111 1111 1111 1111, order 4111111111111112, at 1700000000000",
            "login": "password: hunter2 ok",
            "cs": "csa_0123456789abcdef", "passwords": ["a"], "token_count": 5, "cvv": 123,
            "mail": "my key is sk_live_0123456789, use password=hunter2 now"
        });
        insta::assert_json_snapshot!(redact(&value), @r#"
        {
          "PassWord2": "[REDACTED]",
          "apiKey": "[REDACTED]",
          "api_key": "[REDACTED]",
          "cs": "[REDACTED]",
          "cvv": "[REDACTED]",
          "dsn": "postgres://[REDACTED]@db/x",
          "ghp": "[REDACTED]",
          "headers": [
            {
              "Authorization": "[REDACTED]"
            },
            "[REDACTED]"
          ],
          "key": "plain",
          "login": "password: [REDACTED] ok",
          "mail": "my key is [REDACTED], use password=[REDACTED] now",
          "namespace": "production",
          "note": "the token is late",
          "numbers": [
            "[REDACTED]",
            4111111111111112
          ],
          "paid": "with [REDACTED], order 4111111111111112, at 1700000000000",
          "passwords": "[REDACTED]",
          "pin_count": null,
          "shipping": "fast",
          "token_2": "[REDACTED]",
          "token_count": 5,
          "tokens": 12,
          "userPassword": "[REDACTED]"
        }
        "#);
    }
}
