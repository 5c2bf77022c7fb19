//! Unions whose branches a constant tells apart, as `type` does in documents and trees. Comparing a value with every branch,
//! each with all that stands within it, takes longer at each level; so the constant is looked at first, and only the
//! branch that it names after it. What fits is the same.

use serde_json::{Map, Value, json};

use super::keywords::{Behind, behind};

/// Marks a choice between `then` and `else`, for whoever counts what comparing takes.
pub(super) const CHOICE: &str = "x-countersign-choice";

/// How many references are followed from one to the next.
const HOPS: usize = 5;

/// The same schema, with such unions as choices. Where something refers into a union, everything stays as it is.
pub(super) fn told_apart(schema: &Value) -> Value {
    if refers_into_a_union(schema) {
        return schema.clone();
    }
    Rewriting { root: schema }.schema(schema)
}

fn refers_into_a_union(schema: &Value) -> bool {
    match schema {
        Value::Object(object) => object.iter().any(|(key, value)| match value.as_str() {
            Some(to) => key == "$ref" && (to.contains("/oneOf/") || to.contains("/anyOf/")),
            None => refers_into_a_union(value),
        }),
        Value::Array(items) => items.iter().any(refers_into_a_union),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

struct Rewriting<'a> {
    root: &'a Value,
}

/// A branch, and the constant that names it.
type Branch<'b> = (&'b Value, &'b Value);

impl Rewriting<'_> {
    fn schema(&self, schema: &Value) -> Value {
        let Value::Object(keywords) = schema else { return schema.clone() };
        let mut written: Map<String, Value> =
            keywords.iter().map(|(key, value)| (key.clone(), self.keyword(key, value))).collect();
        for union in ["oneOf", "anyOf"] {
            let Some(choice) = keywords.get(union).and_then(|all| self.choice(union, all)) else {
                continue;
            };
            written.remove(union);
            match written.get_mut("allOf") {
                Some(Value::Array(all)) => all.push(choice),
                _ => drop(written.insert("allOf".to_owned(), json!([choice]))),
            }
        }
        Value::Object(written)
    }

    fn keyword(&self, key: &str, value: &Value) -> Value {
        match (behind(key), value) {
            (Ok(Behind::Plain) | Err(_), value) => value.clone(),
            (Ok(Behind::Same | Behind::Within(_)), schema) => self.schema(schema),
            (Ok(_), Value::Array(schemas)) => schemas.iter().map(|one| self.schema(one)).collect(),
            (Ok(_), Value::Object(schemas)) => {
                let each = schemas.iter().map(|(name, one)| (name.clone(), self.schema(one)));
                Value::Object(each.collect())
            }
            (Ok(_), value) => value.clone(),
        }
    }

    /// A union as a choice, if all its branches for objects are told apart by one constant, and the others are for none.
    fn choice(&self, union: &str, branches: &Value) -> Option<Value> {
        let Value::Array(branches) = branches else { return None };
        let (objects, others): (Vec<&Value>, Vec<&Value>) =
            branches.iter().partition(|branch| !self.is_for_no_object(branch));
        let name = self.telling(objects.first()?)?;
        let told: Option<Vec<Branch<'_>>> =
            objects.iter().map(|branch| Some((*branch, self.constant(branch, &name)?))).collect();
        let told = told.filter(|told| told.len() > 1)?;
        let constants: Vec<&Value> = told.iter().map(|(_, constant)| *constant).collect();
        let is_apart =
            |(at, one): (usize, &&Value)| !constants.iter().skip(at + 1).any(|c| c == one);
        if !constants.iter().enumerate().all(is_apart) {
            return None;
        }
        let none = json!({"type": "object", "required": [name], "properties": {&name: {"enum": constants}}});
        let chain = told.iter().rev().fold(none, |otherwise, (branch, constant)| {
            json!({
                "if": {"type": "object", "required": [name], "properties": {&name: {"const": constant}}},
                "then": self.schema(branch),
                "else": otherwise,
                CHOICE: {"name": name, "is": constant},
            })
        });
        if others.is_empty() {
            return Some(chain);
        }
        let others: Vec<Value> = others.into_iter().map(|one| self.schema(one)).collect();
        Some(json!({
            "if": {"type": "object"}, "then": chain, "else": {union: others}, CHOICE: {},
        }))
    }

    /// What a branch says, where it says that by reference.
    fn said<'b>(&'b self, branch: &'b Value) -> Option<&'b Map<String, Value>> {
        let mut branch = branch;
        for _ in 0..HOPS {
            let object = branch.as_object()?;
            match (object.get("$ref").and_then(Value::as_str), object.len()) {
                (None, _) => return Some(object),
                (Some(to), 1) => branch = self.root.pointer(to.strip_prefix('#')?)?,
                (Some(_), _) => return None,
            }
        }
        None
    }

    fn is_for_no_object(&self, branch: &Value) -> bool {
        let kind = self.said(branch).and_then(|said| said.get("type")).and_then(Value::as_str);
        kind.is_some_and(|kind| kind != "object")
    }

    /// The property with a constant that tells a branch from others.
    fn telling(&self, branch: &Value) -> Option<String> {
        let properties = self.said(branch)?.get("properties")?.as_object()?;
        let mut names = properties.keys();
        names.find(|name| self.constant(branch, name).is_some()).cloned()
    }

    /// The constant that a branch for objects demands of a property.
    fn constant<'b>(&'b self, branch: &'b Value, name: &str) -> Option<&'b Value> {
        let said = self.said(branch)?;
        let is_object = said.get("type").and_then(Value::as_str) == Some("object");
        let required = said.get("required")?.as_array()?;
        let property = said.get("properties")?.get(name)?;
        let only = || match property.get("enum")?.as_array()?.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        let constant = property.get("const").or_else(only)?;
        let is_told = is_object && required.iter().any(|key| key == name) && constant.is_string();
        is_told.then_some(constant)
    }
}
