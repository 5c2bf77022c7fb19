//! The keywords of JSON Schema (2020-12), and what stands behind each.

use crate::policy::document::parse::nearest;

/// What stands behind a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    /// A schema for the same value.
    Same,
    /// Several schemas for the same value, in a list.
    SameList,
    /// Several schemas for the same value, by name.
    SameByName,
    /// A schema for what stands within the value.
    Within(Which),
    /// Several such schemas, in a list or by name.
    EachWithin(Which),
    /// Schemas that others refer to.
    Definitions,
    /// No schema.
    Plain,
}

/// For what within a value a schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// For the property of its name.
    Named,
    /// For properties whose names match a pattern.
    Matching,
    /// For properties that no name is for.
    OtherNames,
    /// For the item at its place.
    Placed,
    /// For items that no place is for.
    OtherItems,
    /// For every item.
    EveryItem,
}

const WITH_SCHEMAS: &[(&str, Behind)] = &[
    ("not", Behind::Same),
    ("if", Behind::Same),
    ("then", Behind::Same),
    ("else", Behind::Same),
    ("propertyNames", Behind::Same),
    ("allOf", Behind::SameList),
    ("anyOf", Behind::SameList),
    ("oneOf", Behind::SameList),
    ("dependentSchemas", Behind::SameByName),
    ("properties", Behind::EachWithin(Which::Named)),
    ("patternProperties", Behind::EachWithin(Which::Matching)),
    ("additionalProperties", Behind::Within(Which::OtherNames)),
    ("unevaluatedProperties", Behind::Within(Which::OtherNames)),
    ("prefixItems", Behind::EachWithin(Which::Placed)),
    ("items", Behind::Within(Which::OtherItems)),
    ("unevaluatedItems", Behind::Within(Which::OtherItems)),
    ("contains", Behind::Within(Which::EveryItem)),
    ("$defs", Behind::Definitions),
    ("definitions", Behind::Definitions),
];

const PLAIN: &[&str] = &[
    "$comment",
    "$id",
    "$ref",
    "$schema",
    "const",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "dependentRequired",
    "deprecated",
    "description",
    "enum",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
];

/// Notes that other dialects have and that demand nothing.
const NOTES: &[&str] = &["discriminator", "example", "externalDocs", "nullable", "xml"];

/// What would demand something in another draft, or is not followed here, and what to write instead.
const ELSEWHERE: &[(&str, &str)] = &[
    ("dependencies", "is of an older draft: write `dependentRequired` or `dependentSchemas`"),
    ("additionalItems", "is of an older draft: write `prefixItems`, and `items` for the rest"),
    ("$dynamicRef", "is not followed: write `$ref` to `#/…` within the schema"),
    ("$recursiveRef", "is not followed: write `$ref` to `#/…` within the schema"),
    ("$dynamicAnchor", "is not followed: write `$ref` to `#/…` within the schema"),
    ("$recursiveAnchor", "is not followed: write `$ref` to `#/…` within the schema"),
    ("$anchor", "is not followed: write `$ref` to `#/…` within the schema"),
    ("$vocabulary", "is not followed: the vocabulary is that of the draft 2020-12"),
];

/// The key that marks what nobody is shown.
pub(super) const SENSITIVE: &str = "x-sensitive";

/// What stands behind a keyword; an error where it is probably misspelt, or means nothing here. What no draft knows is
/// a note.
pub(super) fn behind(key: &str) -> Result<Behind, String> {
    if let Some((_, behind)) = WITH_SCHEMAS.iter().find(|(known, _)| *known == key) {
        return Ok(*behind);
    }
    if PLAIN.contains(&key) || NOTES.contains(&key) || key == SENSITIVE {
        return Ok(Behind::Plain);
    }
    if let Some((_, why)) = ELSEWHERE.iter().find(|(known, _)| *known == key) {
        return Err(format!("`{key}` {why}"));
    }
    let known = WITH_SCHEMAS.iter().map(|(known, _)| *known).chain(PLAIN.iter().copied());
    match nearest(key, known.chain([SENSITIVE])) {
        Some(_) if key.starts_with("x-") && nearest(key, [SENSITIVE]).is_none() => {
            Ok(Behind::Plain)
        }
        Some(meant) => Err(format!(
            "`{key}` is no keyword of JSON Schema and would demand nothing; did you mean `{meant}`?"
        )),
        None => Ok(Behind::Plain),
    }
}
