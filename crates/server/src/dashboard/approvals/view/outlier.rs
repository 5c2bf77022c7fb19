//! What stands out in one column of alike requests: a receiver that is not that of all others, and an amount that is
//! much more than theirs, or none at all. What is small harms least, and is not pointed at.

use std::collections::BTreeMap;

use countersign_domain::display::{Written, is_amount, is_naming};
use serde_json::Value;

use super::card::tells_where;

/// How many times the median is far from it.
const FAR: f64 = 3.0;

/// Whether each of these values of a parameter is unlike the others.
pub(super) fn outliers(name: &str, column: &[Option<&Value>]) -> Vec<bool> {
    let where_to = tells_where(name) || column.iter().flatten().any(|value| holds_where(value));
    match () {
        () if where_to && !is_amount(name) => alone(column),
        () if is_naming(name) => vec![false; column.len()],
        () => far_out(column),
    }
}

/// Whether an object, or a list of them, says who or where.
fn holds_where(value: &Value) -> bool {
    match value {
        Value::Object(object) => {
            object.iter().any(|(name, value)| tells_where(name) || holds_where(value))
        }
        Value::Array(items) => items.iter().any(holds_where),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Those that say something else than all others, or nearly all.
fn alone(column: &[Option<&Value>]) -> Vec<bool> {
    let text = |value: Option<&Value>| value.map(ToString::to_string);
    let mut counts: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for value in column {
        *counts.entry(text(*value)).or_default() += 1;
    }
    let usual = counts.iter().max_by_key(|(_, count)| **count);
    let usual = usual.filter(|(_, count)| {
        **count > 1 && (**count + 1 == column.len() || **count * 5 >= column.len() * 4)
    });
    column.iter().map(|value| usual.is_some_and(|(usual, _)| *usual != text(*value))).collect()
}

/// Those that are much more than the one in the middle, below zero where that is not, or no number where nearly all
/// are.
fn far_out(column: &[Option<&Value>]) -> Vec<bool> {
    let numbers: Vec<Option<f64>> = column.iter().map(|value| value.and_then(number)).collect();
    let mut sorted: Vec<f64> = numbers.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let Some(median) = sorted.get(sorted.len() / 2).copied() else {
        return vec![false; column.len()];
    };
    let given = column.iter().filter(|value| value.is_some_and(|value| !value.is_null())).count();
    let mostly_numbers = sorted.len() + 1 == given || sorted.len() * 5 >= given * 4;
    let far = |(value, number): (Option<&Value>, &Option<f64>)| match number {
        Some(number) => {
            (median > 0.0 && *number > FAR * median) || (median >= 0.0 && *number < 0.0)
        }
        None => mostly_numbers && value.is_some_and(|value| !value.is_null()),
    };
    column.iter().copied().zip(&numbers).map(far).collect()
}

/// A number, also one that is written as text; where that can mean two, the larger.
fn number(value: &Value) -> Option<f64> {
    let Some(text) = value.as_str() else { return value.as_f64() };
    let written = Written::of(text).map(|written| written.readings);
    let read = written.iter().flatten().filter_map(|read| read.parse::<f64>().ok());
    read.max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(name: &str, values: &Value) -> Vec<usize> {
        let values = values.as_array().unwrap();
        let column: Vec<Option<&Value>> =
            values.iter().map(|value| Some(value).filter(|value| *value != "none")).collect();
        let outliers = outliers(name, &column);
        (0..values.len()).filter(|place| outliers[*place]).collect()
    }

    #[test]
    fn a_receiver_that_differs_and_an_amount_that_is_much_more_stand_out() {
        for (name, values, out) in [
            ("iban", json!(["DE1", "DE1", "XX9", "DE1"]), vec![2]),
            ("account_id", json!([1, 1, 2]), vec![2]),
            ("to", json!(["a", "a", "none"]), vec![2]),
            ("bank", json!([{"iban": "a"}, {"iban": "b"}, {"iban": "a"}]), vec![1]),
            ("currency", json!(["EUR", "EUR", "KWD"]), vec![2]),
            ("to", json!(["a", "b", "c", "d"]), vec![]),
            ("to", json!(["a", "a", "b", "b"]), vec![]),
            ("account_id", json!([1, 2, 9000]), vec![]),
            ("order_id", json!([1, 2, 9000]), vec![]),
            ("memo", json!(["a", "a", "b"]), vec![]),
            ("amount", json!([20, 30, 25, 400]), vec![3]),
            ("amount", json!([20, "30,00", 25, "9.000"]), vec![3]),
            ("amount", json!([20, 30, 1]), vec![]),
            ("amount", json!([20, 30, -1]), vec![2]),
            ("amount", json!([20, 30, "l00", 25]), vec![2]),
            ("amount", json!([20, 30, "none"]), vec![]),
            ("memo", json!([1, "x", "y"]), vec![]),
        ] {
            assert_eq!(told(name, &values), out, "{name}: {values}");
        }
    }
}
