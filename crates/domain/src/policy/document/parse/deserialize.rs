//! From values that know where they stand to types. The first error on the way is told with its place.

use std::fmt::Display;

use rust_decimal::Decimal;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::node::{Key, Node, Value};
use super::problem::{Fault, Step, nearest};

/// Reads a type from a node.
#[derive(Clone, Copy)]
pub(super) struct Reader<'n>(pub(super) &'n Node);

impl<'n> Reader<'n> {
    fn any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.0.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(whole), _, _) => visitor.visit_u64(whole),
                (_, Some(whole), _) => visitor.visit_i64(whole),
                (_, _, double) => visitor.visit_f64(double.unwrap_or_default()),
            },
            Value::Text(text) => visitor.visit_borrowed_str(&text.text),
            Value::Sequence(items) => visitor.visit_seq(Items { items, next: 0 }),
            Value::Mapping(entries) => visitor.visit_map(Entries { entries, value: None }),
            Value::Broken => Err(Fault::new("it cannot be read")),
        }
    }
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.any(visitor).map_err(|fault| fault.at(self.0.place))
    }

    /// A key with nothing behind it may be one whose value was forgotten, or made a comment; read as if the key were
    /// not there, it would demand less than was meant.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.0.value {
            Value::Null => {
                let message = "nothing stands here: write a value, or leave the key out";
                Err(Fault::new(message).at(self.0.place))
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let variant = match &self.0.value {
            Value::Text(text) => Variant { name: &text.text, content: None },
            Value::Mapping(entries) => match entries.as_slice() {
                [(key, content)] => Variant { name: &key.text, content: Some(content) },
                _ => return Err(one_of(known).at(self.0.place)),
            },
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Sequence(_)
            | Value::Broken => {
                return Err(one_of(known).at(self.0.place));
            }
        };
        visitor.visit_enum(variant).map_err(|fault| fault.at(self.0.place))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items<'n> {
    items: &'n [Node],
    next: usize,
}

impl<'n> SeqAccess<'n> for Items<'n> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'n>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        while let Some(item) = self.items.get(self.next) {
            let index = self.next;
            self.next += 1;
            if item.value != Value::Broken {
                let read = seed.deserialize(Reader(item));
                return read.map(Some).map_err(|f| f.at(item.place).under(Step::Index(index)));
            }
        }
        Ok(None)
    }
}

struct Entries<'n> {
    entries: &'n [(Key, Node)],
    value: Option<&'n (Key, Node)>,
}

impl<'n> MapAccess<'n> for Entries<'n> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'n>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        while let Some((entry, rest)) = self.entries.split_first() {
            self.entries = rest;
            if entry.1.value == Value::Broken {
                continue;
            }
            self.value = Some(entry);
            let key: de::value::BorrowedStrDeserializer<'n, Fault> =
                de::value::BorrowedStrDeserializer::new(&entry.0.text);
            let place =
                |fault: Fault| fault.at(entry.0.place).under(Step::Key(entry.0.text.clone()));
            return seed.deserialize(key).map(Some).map_err(place);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'n>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (key, node) = self.value.take().ok_or_else(|| Fault::new("a value is missing"))?;
        let read = seed.deserialize(Reader(node));
        read.map_err(|fault| {
            fitting(&key.text, fault).at(node.place).under(Step::Key(key.text.clone()))
        })
    }
}

/// A number where a text stands is not always that number in quotes.
fn fitting(key: &str, fault: Fault) -> Fault {
    let number = fault.suggestion.as_deref().and_then(|quoted| quoted.strip_prefix('"'));
    let number = number.and_then(|quoted| quoted.strip_suffix('"')).map(str::to_owned);
    match (key, number) {
        ("escalate_at", Some(number)) => {
            let share = number.parse::<Decimal>().ok().filter(|share| *share < Decimal::ONE);
            let percent = share.map(|share| (share * Decimal::ONE_HUNDRED).normalize().to_string());
            fault.suggesting(Some(format!("{}%", percent.unwrap_or(number))))
        }
        ("expires_in" | "use_within" | "after" | "every", Some(number)) => {
            fault.suggesting(Some(format!("{number}h")))
        }
        (_, _) => fault,
    }
}

struct Variant<'n> {
    name: &'n str,
    content: Option<&'n Node>,
}

impl<'n> EnumAccess<'n> for Variant<'n> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'n>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let name = IntoDeserializer::<Fault>::into_deserializer(self.name);
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'n> VariantAccess<'n> for Variant<'n> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.content {
            None => Ok(()),
            Some(content) => {
                Err(Fault::new(format!("`{}` takes nothing behind it", self.name))
                    .at(content.place))
            }
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'n>>(self, seed: T) -> Result<T::Value, Fault> {
        let missing = || Fault::new(format!("`{}` needs something behind it", self.name));
        let read = seed.deserialize(Reader(self.content.ok_or_else(missing)?));
        read.map_err(|fault| fault.under(Step::Key(self.name.to_owned())))
    }

    fn tuple_variant<V: Visitor<'n>>(self, _: usize, _: V) -> Result<V::Value, Fault> {
        Err(Fault::new("it cannot be read"))
    }

    fn struct_variant<V: Visitor<'n>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Fault> {
        Err(Fault::new("it cannot be read"))
    }
}

impl std::error::Error for Fault {}

impl Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let wanted = wanted(&expected.to_string());
        let fault = Self::new(format!("expected {wanted}, found {}", found_words(found)));
        fault.suggesting(match (wanted.as_str(), found) {
            ("`true` or `false`", Unexpected::Str("yes" | "Yes" | "on" | "y")) => {
                Some("true".into())
            }
            ("`true` or `false`", Unexpected::Str("no" | "No" | "off" | "n")) => {
                Some("false".into())
            }
            ("a text", Unexpected::Unsigned(number)) => Some(format!("\"{number}\"")),
            ("a text", Unexpected::Signed(number)) => Some(format!("\"{number}\"")),
            ("a text", Unexpected::Float(number)) => Some(format!("\"{number}\"")),
            ("a text", Unexpected::Bool(truth)) => Some(format!("\"{truth}\"")),
            _ => None,
        })
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let wanted = wanted(&expected.to_string());
        Self::new(format!("expected {wanted}, found {}", found_words(found)))
    }

    fn unknown_variant(variant: &str, known: &'static [&'static str]) -> Self {
        let fault = Self::new(format!("`{variant}` is not known; it can be {}", listed(known)));
        fault.suggesting(nearest(variant, known.iter().copied()).map(str::to_owned))
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        let nearest = nearest(field, known.iter().copied());
        let message = match nearest {
            Some(_) => format!("the key `{field}` is not known"),
            None => format!("the key `{field}` is not known; known are {}", listed(known)),
        };
        Self::new(message).suggesting(nearest.map(str::to_owned))
    }

    fn missing_field(field: &'static str) -> Self {
        Self { missing: Some(field), ..Self::new(format!("`{field}` is missing")) }
    }
}

fn one_of(known: &[&str]) -> Fault {
    Fault::new(format!("expected one of {}", listed(known)))
}

fn listed(known: &[&str]) -> String {
    known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What serde expects, in words for people.
fn wanted(expected: &str) -> String {
    match expected {
        "a string" => "a text",
        "a boolean" => "`true` or `false`",
        "a sequence" => "a list",
        "a map" => "keys and values",
        "f32" | "f64" => "a number",
        "usize" | "u8" | "u16" | "u32" | "u64" => "a whole number, 0 or more",
        other if other.starts_with("struct ") => "keys and values",
        other => other,
    }
    .to_owned()
}

fn found_words(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Str(text) => {
            format!("the text `{}`", text.chars().take(60).collect::<String>())
        }
        Unexpected::Bool(truth) => format!("`{truth}`"),
        Unexpected::Unsigned(number) => format!("the number {number}"),
        Unexpected::Signed(number) => format!("the number {number}"),
        Unexpected::Float(number) => format!("the number {number}"),
        Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "keys and values".to_owned(),
        other => other.to_string(),
    }
}
