//! What the amount that the headline names comes to, where it is that of one and a parameter says how many.

use rust_decimal::Decimal;

use super::Warning;
use crate::approval::step;
use crate::display::amount::{amount, at_most};
use crate::display::is_amount;
use crate::display::number::Written;
use crate::display::telling::has_word;
use crate::json::Object;

/// Names that say how many.
const HOW_MANY: &[&str] = &[
    "quantity",
    "qty",
    "count",
    "units",
    "times",
    "copies",
    "repeat",
    "repeats",
    "repetitions",
    "unit_count",
    "item_count",
    "order_quantity",
    "number_of_units",
    "installments",
];

/// What it comes to; nothing where a parameter says that already.
pub(in crate::display::warning) fn in_all(params: &Object) -> Option<Warning> {
    let (path, named) = amount(params)?;
    // What stands within an object is counted there.
    let (name, _) = params.iter().find(|(name, _)| step(name) == path)?;
    let one = sure(params, name)?;
    let (count_name, count) = HOW_MANY.iter().find_map(|known| {
        let (name, _) = params.iter().find(|(name, _)| snake(name) == *known)?;
        Some((name.clone(), sure(params, name)?))
    })?;
    let sum = one.checked_mul(count)?;
    if count <= Decimal::ONE || one <= Decimal::ZERO {
        return None;
    }
    let others = params.keys().filter(|other| *other != name && is_amount(other));
    let others: Vec<Decimal> = others.filter_map(|other| sure(params, other)).collect();
    let is_sum = |other: &Decimal| other.checked_mul(count) == Some(one) || *other == sum;
    if others.iter().any(is_sum) {
        return None;
    }
    // A price is that of one; an amount may be that of all.
    let is_of_one = ["price", "each", "unit"].iter().any(|word| has_word(name, word));
    Some(Warning::InAll {
        path,
        count: count_name,
        sum: sum.to_string(),
        unit: named.unit,
        is_of_one,
    })
}

/// The number that stands under a name, where it can be read in one way only.
fn sure(params: &Object, name: &str) -> Option<Decimal> {
    let value = params.get(name)?;
    let written = value.as_str().and_then(Written::of);
    if written.is_some_and(|written| written.readings.len() > 1) {
        return None;
    }
    at_most(value).map(|(number, _)| number)
}

/// `unitCount` as `unit_count`.
fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(if c == '-' { '_' } else { c.to_ascii_lowercase() });
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(params: &Value) -> Option<(String, bool)> {
        in_all(params.as_object().unwrap()).map(|one| (one.to_string(), one.warns()))
    }

    #[test]
    fn what_it_comes_to_is_told_exactly() {
        for (params, line, warns) in [
            (
                json!({"price": "9.99", "quantity": 5000, "currency": "EUR"}),
                "“price” times “quantity” comes to 49,950.00 “EUR” in all.",
                false,
            ),
            (
                json!({"unit_price": 0.1, "qty": 3}),
                "“unit_price” times “qty” comes to 0.3 in all.",
                false,
            ),
            (
                json!({"amount": 45, "times": "12"}),
                "“amount” times “times” comes to 540 in all: ask whether “amount” is that of one.",
                true,
            ),
            (
                json!({"amount": 45, "unitCount": 2}),
                "“amount” times “unitCount” comes to 90 in all: ask whether “amount” is that of one.",
                true,
            ),
        ] {
            assert_eq!(told(&params), Some((line.to_owned(), warns)));
        }
    }

    #[test]
    fn what_is_said_already_or_is_not_sure_is_not() {
        for params in [
            json!({"price": 9, "quantity": 5, "total": 45}),
            json!({"amount": 45, "unit_price": 9, "quantity": 5}),
            json!({"amount": 45, "quantity": 1}),
            json!({"amount": "1.000", "quantity": 2}),
            json!({"amount": 45, "quantity": "l0"}),
            json!({"amount": 45, "count_rows": 7, "discount": 5}),
            json!({"rows": 45, "count": 7}),
            json!({"amount": 45, "quantity": true}),
        ] {
            assert_eq!(told(&params), None, "{params}");
        }
    }
}
