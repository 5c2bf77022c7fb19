//! Which numbers are exact, and how a number is printed.

use serde_json::Number;

/// The largest whole number up to which a double holds every neighbour.
const MAX_SAFE: f64 = 9_007_199_254_740_992.0;

/// The value of a JSON number, if the shortest decimal form of its double says the same as `text`;
/// otherwise `None`. `text` must already follow the grammar of RFC 8259.
pub(crate) fn exact(text: &str) -> Option<Number> {
    if text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse::<i64>().ok().map(Number::from);
    }
    let double: f64 = text.parse().ok()?;
    if !double.is_finite() || decimal(text) != decimal(&shortest(double)) {
        return None;
    }
    of_double(double)
}

/// Whole numbers become integers, so that `1`, `1.0` and `1e0` are one value; `-0` becomes `0`.
fn of_double(double: f64) -> Option<Number> {
    if double.fract() == 0.0 && double.abs() <= MAX_SAFE {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and within the range just checked"
        )]
        return Some(Number::from(double as i64));
    }
    Number::from_f64(double)
}

/// The shortest decimal that reads back as this double and, of several as short, the nearest; where two are
/// equally near, the even one, as ECMAScript wants it. The standard library takes the upper one there:
/// it prints 81028008153974.625 as `81028008153974.63`.
fn shortest(double: f64) -> String {
    let upper = format!("{double:e}");
    let mantissa = upper.split_once('e').map_or(upper.as_str(), |(mantissa, _)| mantissa);
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let even = format!("{double:.decimals$e}");
    if even.parse() == Ok(double) { even } else { upper }
}

/// A decimal as (negative, significant digits, power of ten of the last digit); zero has no digits.
fn decimal(text: &str) -> Option<(bool, String, i64)> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let trimmed = digits.trim_end_matches('0');
    let dropped = digits.len() - trimmed.len();
    let significant = trimmed.trim_start_matches('0');
    if significant.is_empty() {
        return Some((false, String::new(), 0));
    }
    let exponent: i64 = exponent.parse().ok()?;
    let shift = i64::try_from(dropped).ok()? - i64::try_from(fraction.len()).ok()?;
    Some((negative, significant.to_owned(), exponent.checked_add(shift)?))
}

/// Prints a number as ECMAScript does (RFC 8785, section 3.2.2.3).
pub(super) fn print(number: &Number, out: &mut String) {
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) if whole.unsigned_abs() <= 1 << 53 => out.push_str(&whole.to_string()),
        (_, Some(double)) => print_double(double, out),
        (_, None) => out.push_str(&number.to_string()),
    }
}

fn print_double(double: f64, out: &mut String) {
    if double == 0.0 {
        out.push('0');
        return;
    }
    let shortest = shortest(double.abs());
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let digits = mantissa.replace('.', "");
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    if double < 0.0 {
        out.push('-');
    }
    lay_out(&digits, point, out);
}

/// Places the decimal point after `point` digits, as ECMAScript's `Number::toString` does.
fn lay_out(digits: &str, point: i32, out: &mut String) {
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
    match point {
        1..=21 if count <= point => {
            out.push_str(digits);
            out.push_str(&zeros(point - count));
        }
        1..=21 => {
            let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
            out.push_str(&format!("{whole}.{fraction}"));
        }
        -5..=0 => out.push_str(&format!("0.{}{digits}", zeros(-point))),
        _ => {
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            out.push_str(&format!("{first}{dot}{rest}e{:+}", point - 1));
        }
    }
}
