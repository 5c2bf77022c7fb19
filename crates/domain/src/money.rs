//! Amounts of money: decimal, never binary floating point.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An amount in US dollars. JSON numbers and strings come in; a string goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(pub Decimal);

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an amount: write `30` or `\"30.00\"`")]
pub struct MoneyError(String);

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        // The library takes `5_0` for 50.
        let plain = Some(text).filter(|text| !text.contains('_')).ok_or(());
        let plain = plain.and_then(|text| {
            Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).map_err(drop)
        });
        plain.map(Self).map_err(|()| MoneyError(text.to_owned()))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(d)? {
            serde_json::Value::String(text) => text.parse().map_err(serde::de::Error::custom),
            serde_json::Value::Number(number) => {
                // A number has no trailing zeros of its own: `1e3` would be printed as `1000.0`.
                let money: Self = number.to_string().parse().map_err(serde::de::Error::custom)?;
                Ok(Self(money.0.normalize()))
            }
            other => Err(serde::de::Error::custom(MoneyError(other.to_string()))),
        }
    }
}

impl Money {
    /// The amount that a JSON value states, if it states one.
    pub fn of(value: &serde_json::Value) -> Option<Self> {
        match value {
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(whole) => Some(Self(Decimal::from(whole))),
                None => serde_json::from_value(value.clone()).ok(),
            },
            serde_json::Value::String(text) => text.parse().ok(),
            serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Array(_)
            | serde_json::Value::Object(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_numbers_and_strings_and_gives_strings() {
        for (json, text) in
            [("30", "30"), ("30.5", "30.5"), ("\"30.00\"", "30.00"), ("1e3", "1000"), ("0", "0")]
        {
            let money: Money = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_value(money).unwrap(), text, "{json}");
        }
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for json in ["\"\"", "\"ten\"", "\"5_0\"", "true", "null", "\"NaN\"", "[1]"] {
            assert!(serde_json::from_str::<Money>(json).is_err(), "{json}");
        }
    }
}
