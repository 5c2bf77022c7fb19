//! Amounts that are written as text: `1.000,50`, `1,000.50 EUR`, `€ 3`. What separates thousands in one country
//! separates cents in another; where a text can be read both ways, both readings are given.

use super::currency::is_currency;

/// The most digits that are read as an amount; more of them name something.
const MOST: usize = 24;

/// An amount as a text states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What the number can mean, in plain decimals: one reading, or two.
    pub readings: Vec<String>,
    /// The currency that stands beside it.
    pub unit: Option<String>,
}

impl Written {
    /// The amount that a text is; `None` for what is none, such as a date or the address of a machine.
    pub fn of(text: &str) -> Option<Self> {
        let (number, unit) = apart(text.trim())?;
        let (sign, digits) = match number.strip_prefix(['-', '−']) {
            Some(digits) => ("-", digits),
            None => ("", number.strip_prefix('+').unwrap_or(number)),
        };
        let readings = readings(digits)?.into_iter().map(|read| format!("{sign}{read}")).collect();
        Some(Self { readings, unit })
    }
}

/// A number without the currency before or after it.
fn apart(text: &str) -> Option<(&str, Option<String>)> {
    let is_number = |c: char| c.is_ascii_digit() || "+-−".contains(c);
    let start = text.find(is_number)?;
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let number = text.get(start..end)?;
    let (before, after) = (text.get(..start)?.trim(), text.get(end..)?.trim());
    match (before, after) {
        ("", "") => Some((number, None)),
        (unit, "") | ("", unit) if is_currency(unit) => Some((number, Some(unit.to_owned()))),
        _ => None,
    }
}

/// What digits and the marks between them can mean.
fn readings(digits: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = digits.split(|c: char| !c.is_ascii_digit()).collect();
    let marks: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).map(plain).collect();
    let is_filled = parts.iter().all(|part| !part.is_empty());
    if !is_filled || digits.chars().count() > MOST || marks.iter().any(|mark| !is_mark(*mark)) {
        return None;
    }
    let whole = || grouped(&parts).then(|| parts.concat());
    let split = || {
        let (last, before) = parts.split_last()?;
        let mark = marks.last()?;
        let is_own = marks.iter().filter(|other| *other == mark).count() == 1;
        let can = is_own && matches!(mark, '.' | ',') && (before.len() == 1 || grouped(before));
        can.then(|| format!("{}.{last}", before.concat()))
    };
    let same = marks.windows(2).all(|pair| matches!(pair, [one, other] if one == other));
    let readings: Vec<String> = match marks.as_slice() {
        [] => vec![digits.to_owned()],
        _ if same => split().into_iter().chain(whole()).collect(),
        [thousands @ .., _] if thousands.windows(2).all(|p| matches!(p, [a, b] if a == b)) => {
            split().into_iter().collect()
        }
        _ => Vec::new(),
    };
    (!readings.is_empty()).then_some(readings)
}

/// Whether these can be thousands: up to three digits, and then always three.
fn grouped(parts: &[&str]) -> bool {
    match parts {
        [first, rest @ ..] => {
            let leads = (1..=3).contains(&first.len()) && !first.starts_with('0');
            leads && rest.iter().all(|part| part.len() == 3)
        }
        [] => false,
    }
}

/// The marks that are typed for one another.
const fn plain(mark: char) -> char {
    match mark {
        '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
        '’' => '\'',
        other => other,
    }
}

const fn is_mark(mark: char) -> bool {
    matches!(mark, '.' | ',' | ' ' | '\'' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_it_is_written_here_or_elsewhere() {
        let cases: &[(&str, &[&str], Option<&str>)] = &[
            ("1.000,50", &["1000.50"], None),
            ("1,000.50 EUR", &["1000.50"], Some("EUR")),
            ("€ 3", &["3"], Some("€")),
            ("1 000,50", &["1000.50"], None),
            ("1\u{202f}000", &["1000"], None),
            ("1'000.5 CHF", &["1000.5"], Some("CHF")),
            ("12.345.678", &["12345678"], None),
            ("-5,00", &["-5.00"], None),
            ("250", &["250"], None),
            ("1.000", &["1.000", "1000"], None),
            ("1,000 USD", &["1.000", "1000"], Some("USD")),
            ("0.500", &["0.500"], None),
        ];
        for (text, readings, unit) in cases {
            let read = Written::of(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(read.readings, *readings, "{text}");
            assert_eq!(read.unit.as_deref(), *unit, "{text}");
        }
    }

    #[test]
    fn what_names_something_is_no_amount() {
        for text in [
            "",
            "ten",
            "12.11.2026",
            "2026-11-30",
            "10.0.0.1",
            "1.2.3",
            "12 apples",
            "A-12",
            "12x",
            "1,00,000",
            "1..2",
            "DE02 1203 0000 0000 2020 51",
            "1234567890123456789012345",
        ] {
            assert_eq!(Written::of(text), None, "{text}");
        }
    }
}
