//! The strict reader of JSON: no bytes make it panic, and what it accepts is understood by every other
//! reader in the same way. `cargo xtask verify --only fuzz` runs it for a while.
//!
//! The first four bytes of an input say how a second text is made of the first one: by one byte set, put in
//! or taken out. So the fuzzer meets pairs that differ in little, which is where two texts could share a
//! digest that must not.

#![no_main]

use std::collections::HashSet;

use countersign_domain::approval::Digest;
use countersign_domain::json::{Object, canonical, read};
use libfuzzer_sys::fuzz_target;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

fuzz_target!(|data: &[u8]| {
    let Some((change, text)) = data.split_at_checked(4) else { return };
    let (Ok(one), other) = (understood(text), understood(&changed(text, change))) else { return };
    if let Ok(other) = other {
        assert_eq!(one.digest == other.digest, same(&one.theirs, &other.theirs));
    }
});

/// A text that was accepted.
struct Understood {
    digest: Digest,
    /// What `serde_json` makes of it.
    theirs: Value,
}

/// Reads a text; if it is accepted, everyone else has to agree.
fn understood(text: &[u8]) -> Result<Understood, ()> {
    let value = read(text).map_err(|error| assert!(!error.to_string().is_empty()))?;
    let printed = canonical(&value);
    let again = read(printed.as_bytes()).expect("the canonical form is accepted");
    assert_eq!(again, value, "the canonical form means the same");
    assert_eq!(canonical(&again), printed, "and is its own canonical form");
    let theirs: Value = serde_json::from_slice(text).expect("serde_json accepts it as well");
    serde_json::from_slice::<Once>(text).expect("no key stands twice");
    assert!(same(&theirs, &value), "serde_json understands {theirs}, and we {value}");
    let second = serde_json_canonicalizer::to_string(&value).expect("it can be printed");
    assert_eq!(second, printed, "another implementation of RFC 8785 prints the same");
    Ok(Understood { digest: Digest::of_bytes(printed.as_bytes()), theirs })
}

/// Whether two values are the same, by other means than the canonical form.
fn same(a: &Value, b: &Value) -> bool {
    let same_entries = |a: &Object, b: &Object| {
        a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
    };
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (whole(a), whole(b)) {
            (None, None) => a.as_f64() == b.as_f64(),
            (a, b) => a == b,
        },
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => same_entries(a, b),
        (Value::String(a), Value::String(b)) => a.encode_utf16().eq(b.encode_utf16()),
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Null, Value::Null) => true,
        _ => false,
    }
}

/// A whole number with every digit: as it was written, or as the shortest form of its double says, which
/// is what counts as exact here.
fn whole(number: &Number) -> Option<i128> {
    let integer = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    integer.or_else(|| serde_json_canonicalizer::to_string(number).ok()?.parse().ok())
}

/// Any value in which no object has a key twice; `serde_json` would keep the last one silently.
struct Once;

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Walk)
    }
}

struct Walk;

impl<'de> Visitor<'de> for Walk {
    type Value = Once;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_str<E>(self, _: &str) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Once, A::Error> {
        while items.next_element::<Once>()?.is_some() {}
        Ok(Once)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Once, A::Error> {
        let mut keys = HashSet::new();
        while let Some((key, Once)) = entries.next_entry::<String, Once>()? {
            if !keys.insert(key) {
                return Err(serde::de::Error::custom("a key stands twice"));
            }
        }
        Ok(Once)
    }
}

/// The text with one byte set, put in or taken out; the same text where the place is behind its end.
fn changed(text: &[u8], change: &[u8]) -> Vec<u8> {
    let mut other = text.to_vec();
    let &[how, high, low, byte] = change else { return other };
    let place = usize::from(u16::from_be_bytes([high, low]));
    match how % 3 {
        0 if place < other.len() => other[place] = byte,
        1 if place <= other.len() => other.insert(place, byte),
        2 if place < other.len() => drop(other.remove(place)),
        _ => {}
    }
    other
}
