//! What a word without quotes means: the core schema of YAML 1.2, without what readers disagree on.

pub(super) mod lines;

use super::node::{Text, Value};
use super::problem::Fault;
use crate::json;

/// The value of a scalar without quotes.
pub(super) fn plain(text: &str) -> Result<Value, Fault> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let special = [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(&unsigned);
    let based = |prefix, radix| {
        let digits = unsigned.strip_prefix(prefix);
        digits.is_some_and(|d: &str| !d.is_empty() && d.chars().all(|c| c.is_digit(radix)))
    };
    if special {
        let message = format!("`{text}` is no number that can be compared: write one out");
        return Err(Fault::new(message));
    }
    if based("0x", 16) || based("0o", 8) {
        let message = format!("`{text}` is not a decimal number: write one, or put it in quotes");
        return Err(Fault::new(message).suggesting(in_decimal(text, unsigned)));
    }
    if !is_number(unsigned) {
        return Ok(Value::Text(Text { text: text.to_owned(), pieces: Vec::new() }));
    }
    let whole = unsigned.split(['.', 'e', 'E']).next().unwrap_or_default();
    if whole.len() > 1 && whole.starts_with('0') {
        let message = format!(
            "`{text}` begins with 0, which some read as octal: write it without, or put it in quotes"
        );
        let sign = if text.starts_with('-') { "-" } else { "" };
        let rest = unsigned.trim_start_matches('0');
        let zero = if rest.starts_with(|c: char| c.is_ascii_digit()) { "" } else { "0" };
        return Err(Fault::new(message).suggesting(Some(format!("{sign}{zero}{rest}"))));
    }
    let exact = json::exact_number(&as_json(text, unsigned));
    let refused = || {
        let message = format!("the number `{text}` would lose digits: put it in quotes");
        Fault::new(message).suggesting(Some(format!("\"{text}\"")))
    };
    exact.map(Value::Number).ok_or_else(refused)
}

/// A hexadecimal or octal number as a decimal one, if it is not too large.
fn in_decimal(text: &str, unsigned: &str) -> Option<String> {
    let sign = if text.starts_with('-') { "-" } else { "" };
    let hex = unsigned.strip_prefix("0x").map(|digits| u32::from_str_radix(digits, 16));
    let value = hex.or_else(|| Some(u32::from_str_radix(unsigned.strip_prefix("0o")?, 8)));
    value?.ok().map(|value| format!("{sign}{value}"))
}

/// Digits, at most one point among or beside them, at most one exponent.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['-', '+']).unwrap_or(e);
        !e.is_empty() && digits(e)
    });
    digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty()) && power
}

/// The same number as JSON writes it: `+.5` becomes `0.5`, `5.` becomes `5`.
fn as_json(text: &str, unsigned: &str) -> String {
    let sign = if text.starts_with('-') { "-" } else { "" };
    let at = unsigned.find(['e', 'E']).unwrap_or(unsigned.len());
    let (mantissa, exponent) = unsigned.split_at(at);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}{exponent}")
}
