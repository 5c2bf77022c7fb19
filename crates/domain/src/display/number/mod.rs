//! Numbers as people read them: written out, with their thousands apart, so that nobody has to count zeros or
//! overlooks an exponent.

mod currency;
mod written;

pub(super) use currency::decimals;
pub use written::Written;

use super::telling::is_naming;

/// From how many digits on thousands stand apart.
const MANY: usize = 5;
/// More digits than these are not written out, but counted.
const MOST: usize = 40;

/// A number as it stands in JSON, for people: `1e21` is `1,000,000,000,000,000,000,000`. What is no number stays
/// as it is.
pub fn number(text: &str) -> String {
    let Some((sign, whole, part)) = written_out(text) else { return text.to_owned() };
    if whole.len() > MOST {
        return format!("{text} (a number of {} digits)", whole.len());
    }
    if part.len() > MOST {
        let first = part.len() - part.trim_start_matches('0').len() + 1;
        return format!("{text} (its first digit is place {first} after the point)");
    }
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{part}", grouped(&whole))
}

/// A number that stands under this name: one that only names something is written as it is.
pub fn number_of(name: &str, text: &str) -> String {
    let is_name = is_naming(name) && text.bytes().all(|b| b.is_ascii_digit());
    if is_name { text.to_owned() } else { number(text) }
}

/// Sign, what stands before the point, and what stands after it.
fn written_out(text: &str) -> Option<(&str, String, String)> {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let exponent: i32 = exponent.parse().ok()?;
    let (mut whole, mut part) = match mantissa.split_once('.') {
        Some((whole, part)) => (whole.to_owned(), part.to_owned()),
        None => (mantissa.to_owned(), String::new()),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(&whole) || !digits(&part) || exponent.unsigned_abs() > 9_999 {
        return None;
    }
    for _ in 0..exponent {
        whole.push(if part.is_empty() { '0' } else { part.remove(0) });
    }
    for _ in exponent..0 {
        part.insert(0, whole.pop().unwrap_or('0'));
    }
    let kept = whole.trim_start_matches('0').to_owned();
    let whole = if kept.is_empty() { "0".to_owned() } else { kept };
    let part = if exponent == 0 { part } else { part.trim_end_matches('0').to_owned() };
    Some((sign, whole, part))
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if digits.len() >= MANY && place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_name_something_are_no_thousands() {
        assert_eq!(number_of("account_id", "1234567890"), "1234567890");
        assert_eq!(number_of("account_id", "1e21"), "1,000,000,000,000,000,000,000");
        assert_eq!(number_of("amount", "1234567890"), "1,234,567,890");
    }

    #[test]
    fn a_magnitude_cannot_be_misread() {
        let cases = [
            ("5", "5"),
            ("1000", "1000"),
            ("50000", "50,000"),
            ("-1234567.25", "-1,234,567.25"),
            ("5.0", "5.0"),
            ("1e3", "1000"),
            ("1e+21", "1,000,000,000,000,000,000,000"),
            ("1.5e5", "150,000"),
            ("1.25e1", "12.5"),
            ("1e-7", "0.0000001"),
            ("1e308", "1e308 (a number of 309 digits)"),
            ("1e-300", "1e-300 (its first digit is place 300 after the point)"),
            ("0e0", "0"),
            ("no number", "no number"),
            ("1e99999", "1e99999"),
        ];
        for (text, shown) in cases {
            assert_eq!(number(text), shown, "{text}");
        }
    }
}
