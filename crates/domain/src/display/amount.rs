//! How much an action is about: the parameter that says so, and the amount as it stands there.

use std::fmt;

use rust_decimal::Decimal;
use serde_json::Value;

use super::headline::Part;
use super::number::{Written, decimals, number};
use super::telling::{
    has_word, is_amount, is_former, is_in_parts, is_money, is_plain, is_plural, states_amount,
};
use super::{REDACTED, fits, is_blank};
use crate::Money;
use crate::approval::step;
use crate::json::Object;

/// How much: a number is written the gateway's way; a text stays as the agent wrote it, because `1.000` is one in some
/// places and a thousand in others. The unit is the agent's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// `240.00`.
    pub number: String,
    /// Whether the agent gave it as a text.
    pub is_text: bool,
    /// What that means, where the text is sure to mean it and does not read like it already.
    pub meaning: Option<String>,
    /// `EUR`.
    pub unit: Option<String>,
}

/// Words of names that stand for an amount where no parameter is called so, the most telling first. What is only a
/// part of it, as a fee is, stands for nothing.
const SUMS: &[&str] = &["amount", "total", "sum", "payout", "price", "value"];

/// What stands beside a number in an amount that is an object.
const WITHIN: &[&str] = &["value", "amount"];

/// Units that are no currency of a country, and that an amount is told in all the same.
const UNITS: &[&str] =
    &["%", "percent", "points", "credits", "tokens", "btc", "eth", "usdc", "usdt", "sats"];

/// The parameter that states the amount, and the amount. One that is no number is told before another one is taken
/// for it.
pub(super) fn amount(params: &Object) -> Option<(String, Amount)> {
    let unit = currency(params);
    if let Some(stated) = params.get("amount").and_then(|value| called_amount(value, unit)) {
        return Some(stated);
    }
    let summed = |name: &str, value: &Value, sum: &str| {
        // Many a thing has a value, and only money has a currency.
        let is_worth = sum != "value" || unit.is_some() || names_unit(value);
        has_word(name, sum) && is_worth && is_amount(name) && !is_former(name)
    };
    let unit_of = |name: &str| unit.filter(|_| !is_in_parts(name));
    let find = |of: &dyn Fn(&String, &Value) -> Option<Amount>| {
        SUMS.iter().find_map(|sum| {
            let stands = params.iter().filter(|(name, value)| summed(name, value, sum));
            stands.filter(|(name, _)| *name != "amount").find_map(|(name, value)| {
                let amount = of(name, value)?;
                Some((step(name), amount))
            })
        })
    };
    let unread = |name: &String, value: &Value| {
        is_unreadable(name, value, params).then(|| Amount::unread(value, unit_of(name))).flatten()
    };
    find(&|name, value| Amount::of(value, unit_of(name))).or_else(|| find(&unread))
}

/// What stands under this very name.
fn called_amount(value: &Value, unit: Option<&str>) -> Option<(String, Amount)> {
    let within = value.as_object().and_then(|object| {
        let unit = currency(object).or(unit);
        let part =
            |key: &&str| Some((format!("amount.{key}"), Amount::of(object.get(*key)?, unit)?));
        WITHIN.iter().find_map(part)
    });
    let unread =
        || Amount::unread(value, unit).filter(|_| !value.is_object() || !holds_number(value));
    let whole = || Some(("amount".to_owned(), Amount::of(value, unit).or_else(unread)?));
    within.or_else(whole)
}

/// The currency that stands beside an amount.
pub(super) fn currency(beside: &Object) -> Option<&str> {
    let exact = beside.get("currency").or_else(|| beside.get("currency_code"));
    let named = exact.or_else(|| currencies(beside).next().map(|(_, value)| value));
    named.and_then(Value::as_str).filter(|unit| fits(unit))
}

/// All that says in which currency, however it is written.
pub(super) fn currencies(beside: &Object) -> impl Iterator<Item = (&String, &Value)> {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.map(|c| c.to_ascii_lowercase()).collect()
    };
    let known = ["currency", "currencycode", "currencyiso", "isocurrency", "curr", "ccy"];
    beside.iter().filter(move |(name, _)| known.contains(&plain(name).as_str()))
}

/// Whether a text names the currency of its amount itself.
fn names_unit(value: &Value) -> bool {
    value.as_str().and_then(Written::of).is_some_and(|written| written.unit.is_some())
}

/// Whether what stands where an amount should is no number that can be read: it is asked about, and never left out.
/// What names something (`ch_3Nv0`), and what an amount is about (`fee_type`), is none.
pub(super) fn is_unreadable(name: &str, value: &Value, beside: &Object) -> bool {
    let is_value = name.eq_ignore_ascii_case("value");
    if !states_amount(name) || (is_value && currency(beside).is_none()) {
        return false;
    }
    // A charge can be anything, and so can a total or a tip; only of money are the other words said.
    let is_sure = is_money(name) || is_value || has_word(name, "total");
    match value {
        Value::Null | Value::Number(_) => false,
        Value::String(text) => {
            let is_one = has_word(name, "amount") || !names_something(text, is_sure);
            let could = is_sure || is_one_word(text);
            could && is_one && !is_blank(text) && !text.contains(REDACTED) && !reads(value)
        }
        Value::Bool(_) => is_plain(name),
        Value::Array(items) => is_sure && (!is_plural(name) && !items.is_empty()),
        Value::Object(inner) => has_word(name, "amount") && !inner.values().any(holds_number),
    }
}

fn holds_number(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(holds_number),
        Value::Object(inner) => inner.values().any(holds_number),
        Value::String(text) => text.contains(REDACTED) || reads(value),
        Value::Null | Value::Bool(_) | Value::Number(_) => reads(value),
    }
}

/// Whether a value is a number, however it is written.
pub(super) fn reads(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::String(text) => {
            let number = text.trim_end_matches(|c: char| c.is_alphabetic() || c == '%');
            let unit = text.get(number.len()..).unwrap_or_default().to_ascii_lowercase();
            let told_in = || UNITS.contains(&unit.as_str()) && Written::of(number).is_some();
            Written::of(text).is_some() || Money::of(value).is_some() || told_in()
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Whether a text is one word with a digit in it, as a number that is mistyped is.
fn is_one_word(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && !text.contains(char::is_whitespace)
}

/// `ch_3Nv0FGQ9`: a mark of what it is, and then which; a short one only where nothing is sure to be money.
fn names_something(text: &str, is_sure: bool) -> bool {
    let least = if is_sure { 6 } else { 1 };
    text.split_once('_').is_some_and(|(mark, which)| {
        let is_mark = !mark.is_empty() && mark.bytes().all(|b| b.is_ascii_lowercase());
        is_mark
            && which.len() >= least
            && which.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

/// What a value can mean at most, and the currency that it names itself.
pub(super) fn at_most(value: &Value) -> Option<(Decimal, Option<String>)> {
    let written = value.as_str().and_then(Written::of);
    let read = written.iter().flat_map(|written| &written.readings);
    let most = read.filter_map(|read| read.parse::<Money>().ok()).max();
    let most = most.or_else(|| Money::of(value))?;
    Some((most.0, written.and_then(|written| written.unit)))
}

/// Whether an amount is below zero.
pub(super) fn is_below_zero(name: &str, value: &Value, beside: &Object) -> bool {
    let is_owed = is_money(name) || has_word(name, "total") || has_word(name, "sum");
    let is_owed = is_owed || (is_amount(name) && currency(beside).is_some());
    let below = || match value {
        Value::Number(number) => number.as_f64().is_some_and(|number| number < 0.0),
        _ => at_most(value).is_some_and(|(most, _)| most < Decimal::ZERO),
    };
    is_owed && below()
}

impl Amount {
    /// The amount that a value states, in the unit that stands beside it.
    fn of(value: &Value, unit: Option<&str>) -> Option<Self> {
        match value {
            Value::Number(number) => {
                let number = match (Money::of(value), unit) {
                    (Some(money), Some(unit)) => in_coins(money, unit),
                    (Some(money), None) => money.to_string(),
                    (None, _) => number.to_string(),
                };
                let unit = unit.map(str::to_owned);
                Some(Self { number, is_text: false, meaning: None, unit })
            }
            Value::String(text) if fits(text) && reads(value) => {
                let written = Written::of(text);
                let meaning = meaning(value, text, written.as_ref());
                let own = written.and_then(|written| written.unit);
                let is_twice =
                    own.zip(unit).is_some_and(|(own, unit)| own.eq_ignore_ascii_case(unit));
                let unit = unit.filter(|_| !is_twice).map(str::to_owned);
                Some(Self { number: text.clone(), is_text: true, meaning, unit })
            }
            Value::String(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        }
    }

    /// What stands in the place of an amount and is none.
    fn unread(value: &Value, unit: Option<&str>) -> Option<Self> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Null => return None,
            other => other.to_string(),
        };
        let is_shown = fits(&text) && !text.contains(REDACTED);
        let unit = unit.map(str::to_owned);
        is_shown.then_some(Self { number: text, is_text: true, meaning: None, unit })
    }

    /// Its parts, in order.
    pub(super) fn parts(&self) -> Vec<Part<'_>> {
        let unit = self.unit.iter().flat_map(|unit| [Part::Ours(" "), Part::Said(unit)]);
        if !self.is_text {
            return std::iter::once(Part::Number(&self.number)).chain(unit).collect();
        }
        let mut parts = vec![Part::Said(&self.number)];
        if let Some(meaning) = &self.meaning {
            parts.extend([Part::Ours(" (that is "), Part::Number(meaning), Part::Ours(")")]);
        }
        parts.extend(unit);
        parts
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.unit {
            Some(unit) => write!(f, "{} {unit}", self.number),
            None => f.write_str(&self.number),
        }
    }
}

/// What a text means, where that is sure and not what it reads like already: `1.000` is one in some places and a
/// thousand in others, and is left alone.
fn meaning(value: &Value, text: &str, written: Option<&Written>) -> Option<String> {
    let Some(written) = written else {
        // Only a number with an exponent is none that people write.
        let is_number = Money::of(value).is_some() && number(text) != text;
        return is_number.then(|| text.to_owned());
    };
    match written.readings.as_slice() {
        [only] if number(only) != text.trim() => Some(only.clone()),
        _ => None,
    }
}

/// Money with a currency has the decimals of its smallest coin, unless it has more.
fn in_coins(money: Money, unit: &str) -> String {
    let number = money.0.normalize();
    let places = decimals(unit).and_then(|places| usize::try_from(places).ok()).unwrap_or_default();
    let has = usize::try_from(number.scale()).unwrap_or_default();
    if has < places { format!("{number:.places$}") } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_read_is_told_from_what_is_written_otherwise_and_from_what_is_no_amount() {
        let nothing = Object::new();
        let unreadable = |name: &str, value: &Value| is_unreadable(name, value, &nothing);
        for value in [
            json!("l00"),
            json!("0x64"),
            json!("1O0.00"),
            json!("one million"),
            json!("1e"),
            json!("NaN"),
            json!("100-"),
            json!("(100)"),
            json!("100 million"),
            json!("１００"),
            json!(true),
            json!([100]),
            json!({"is": "l00"}),
            json!({}),
        ] {
            assert!(unreadable("amount", &value), "{value}");
        }
        for value in [
            json!(5),
            json!("5"),
            json!("1.000,50 EUR"),
            json!("5e6"),
            json!("0.5 BTC"),
            json!("10%"),
            json!("-5"),
            json!(null),
            json!(""),
            json!({"value": 3}),
        ] {
            assert!(!unreadable("amount", &value), "{value}");
        }
        for (name, value) in [
            ("total_eur", json!("l00")),
            ("charge", json!("l00")),
            ("priceText", json!("cheap")),
            ("amount", json!("ch_3Nv0FGQ9")),
        ] {
            assert!(unreadable(name, &value), "{name}: {value}");
        }
        for (name, value) in [
            ("charge", json!("ch_3Nv0FGQ9")),
            ("price", json!("price_1Nv0FGQ9")),
            ("fee_type", json!("flat")),
            ("tip", json!("use the back door")),
            ("cost", json!("low")),
            ("charge", json!("Visa 4242")),
            ("show_total", json!(true)),
            ("prices", json!([1, 2])),
            ("value", json!("on")),
            ("memo", json!("l00")),
        ] {
            assert!(!unreadable(name, &value), "{name}: {value}");
        }
        let Value::Object(euros) = json!({"currency": "EUR"}) else { panic!("no object") };
        assert!(is_unreadable("value", &json!("l00"), &euros));
    }

    #[test]
    fn only_what_is_owed_can_be_below_zero() {
        let nothing = Object::new();
        for (name, value) in
            [("amount", json!(-5)), ("fee", json!("−5,00")), ("total", json!("-5 EUR"))]
        {
            assert!(is_below_zero(name, &value, &nothing), "{name}: {value}");
        }
        for (name, value) in
            [("amount", json!(0)), ("amount", json!("-0")), ("value", json!(-5)), ("x", json!(-5))]
        {
            assert!(!is_below_zero(name, &value, &nothing), "{name}: {value}");
        }
    }
}
