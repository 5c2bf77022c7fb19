//! Hides secrets in values before they are shown or written down for reading.

use std::borrow::Cow;

use serde_json::Value;

use super::card;
use crate::json::Object;

/// What stands in the place of a secret.
pub const REDACTED: &str = "[REDACTED]";

/// Words that mark a key as secret when they stand in it as whole words (`api_key`, `userPassword`).
const SECRET_WORDS: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "passphrase",
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
    "Bearer ",
    "Basic ",
    "-----BEGIN ",
];

/// A copy of `value` in which every secret, at any depth, reads [`REDACTED`].
pub fn redact(value: &Value) -> Value {
    redact_and(value, &[])
}

/// A copy of `text` in which every secret reads [`REDACTED`]: the whole text if it is one, otherwise the words
/// that are, and what follows `password=` and its like.
pub fn redact_text(text: &str) -> String {
    if looks_secret(text) {
        return REDACTED.to_owned();
    }
    let without_cards = card::redacted(text);
    let text = &without_passwords(&without_cards);
    let mut follows = false;
    let word = |part: &str| {
        let word = part.trim_end();
        let spaces = part.get(word.len()..).unwrap_or_default();
        let next = announces(word) || (follows && word.is_empty());
        let announced = std::mem::replace(&mut follows, next);
        match word.split_once('=') {
            Some((key, value)) if !value.is_empty() && names_secret(key, None) => {
                format!("{key}={REDACTED}{spaces}")
            }
            _ if looks_secret(word) => format!("{REDACTED}{spaces}"),
            _ if announced && !word.is_empty() => format!("{REDACTED}{spaces}"),
            _ => part.to_owned(),
        }
    };
    text.split_inclusive(char::is_whitespace).map(word).collect()
}

/// Whether the word after this one is a secret: `password: hunter2`.
fn announces(word: &str) -> bool {
    word.strip_suffix(':').is_some_and(|key| names_secret(key, None))
}

/// A copy of `object` in which every secret, at any depth, reads [`REDACTED`].
pub fn redact_object(object: &Object) -> Object {
    redact_object_and(object, &[])
}

/// The same, where everything below a key among `hidden` is a secret as well: the fields that the schema of a
/// tool hides, wherever they stand.
pub fn redact_object_and(object: &Object, hidden: &[String]) -> Object {
    let redact_entry = |(key, value): (&String, &Value)| {
        let named = names_secret(key, Some(value)) || hidden.contains(key);
        let value = if named && !value.is_null() {
            Value::from(REDACTED)
        } else {
            redact_and(value, hidden)
        };
        (key.clone(), value)
    };
    object.iter().map(redact_entry).collect()
}

/// A copy of `value` without secrets, and without what stands below the keys among `hidden`.
pub fn redact_and(value: &Value, hidden: &[String]) -> Value {
    match value {
        Value::String(text) => Value::from(redact_text(text)),
        Value::Array(items) => items.iter().map(|item| redact_and(item, hidden)).collect(),
        Value::Object(object) => Value::Object(redact_object_and(object, hidden)),
        Value::Number(number) if card::is_number(&number.to_string()) => Value::from(REDACTED),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn names_secret(key: &str, value: Option<&Value>) -> bool {
    let plain = matches!(value, Some(Value::Number(_) | Value::Bool(_)));
    let secret_words = if plain { NUMERIC } else { SECRET_WORDS };
    // Most keys are one word in lower case.
    if key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return secret_words.contains(&unnumbered(key));
    }
    let words = words(key);
    words.iter().any(|word| secret_words.contains(&unnumbered(word)))
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

fn looks_secret(text: &str) -> bool {
    let text = text.trim_start();
    SECRET_PREFIXES.iter().any(|prefix| text.len() > prefix.len() + 7 && text.starts_with(prefix))
        || is_jwt(text)
}

fn is_jwt(text: &str) -> bool {
    let url_safe =
        |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    text.starts_with("eyJ") && text.split('.').count() == 3 && text.split('.').all(url_safe)
}

/// The text without what addresses in it carry as user and password. The host is shown: it says where things go.
fn without_passwords(text: &str) -> Cow<'_, str> {
    let Some((before, rest)) = text.split_once("://") else { return Cow::Borrowed(text) };
    let ends = |c: char| matches!(c, '/' | '?' | '#') || c.is_whitespace();
    let end = rest.find(ends).unwrap_or(rest.len());
    let (authority, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let after = without_passwords(after);
    match authority.rsplit_once('@') {
        Some((user, host)) if user.contains(':') => {
            Cow::Owned(format!("{before}://{REDACTED}@{host}{after}"))
        }
        _ => match after {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(after) => Cow::Owned(format!("{before}://{authority}{after}")),
        },
    }
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
    fn an_address_loses_its_password_and_never_its_host() {
        for (text, shown) in [
            ("https://x:y@evil.example/drop", "https://[REDACTED]@evil.example/drop"),
            (
                "https://user:pw@bank.com:443@evil.example:8443",
                "https://[REDACTED]@evil.example:8443",
            ),
            (
                "see https://a.example and http://u:p@b.example",
                "see https://a.example and http://[REDACTED]@b.example",
            ),
            ("https://paypal.com@evil.example", "https://paypal.com@evil.example"),
            ("https://a.example/x:y@z", "https://a.example/x:y@z"),
        ] {
            assert_eq!(redact_text(text), shown);
        }
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
          "mail": "my key is [REDACTED] use password=[REDACTED] now",
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
