//! Amounts with their unit, their thousands apart.

use countersign_domain::Money;
use countersign_domain::policy::document::Unit;

/// An amount in a unit.
pub(in crate::dashboard) fn amount(amount: Money, unit: Option<Unit>) -> String {
    let number = money(amount);
    match unit {
        None => number,
        Some(Unit::Actions) if number == "1" => "1 action".to_owned(),
        Some(Unit::Actions) => format!("{number} actions"),
        Some(Unit::Usd) => format!("{number} USD"),
        Some(Unit::Tokens) => format!("{number} tokens"),
    }
}

/// A decimal number with its thousands apart.
pub(in crate::dashboard) fn money(amount: Money) -> String {
    let text = amount.to_string();
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |text| ("−", text));
    let (whole, rest) =
        text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(rest) = rest {
        out.push('.');
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_a_unit_and_their_thousands_apart() {
        let of = |text: &str, unit| amount(text.parse().unwrap(), Some(unit));
        assert_eq!(of("1", Unit::Actions), "1 action");
        assert_eq!(of("12345", Unit::Tokens), "12,345 tokens");
        assert_eq!(of("1234.50", Unit::Usd), "1,234.50 USD");
        assert_eq!(of("-1234.5", Unit::Usd), "−1,234.5 USD");
        assert_eq!(of("999", Unit::Actions), "999 actions");
    }
}
