//! What parts of an expression are for certain: fields that are known, and kinds that are.
//!
//! It says nothing of what depends on the question. What it finds wrong could never hold.

use std::fmt;

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue};
use cel::parser::Expression;

use super::mentions::{Variable, known};

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    YesNo,
    Number,
    Text,
    Time,
    List,
    Map,
    Other,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::YesNo => "yes or no",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Time => "a time",
            Self::List => "a list",
            Self::Map => "a group of values",
            Self::Other => "a value of another kind",
        })
    }
}

const AGENT: &[(&str, Kind)] = &[
    ("id", Kind::Text),
    ("name", Kind::Text),
    ("version", Kind::Text),
    ("trust", Kind::Text),
    ("status", Kind::Text),
    ("owner", Kind::Text),
];

const COST: &[(&str, Kind)] =
    &[("usd", Kind::Number), ("tokens", Kind::Number), ("estimate", Kind::YesNo)];

const HISTORY: &[(&str, Kind)] = &[
    ("hour", Kind::Number),
    ("day", Kind::Number),
    ("total", Kind::Number),
    ("runs", Kind::Number),
    ("first_seen", Kind::YesNo),
];

const BUDGET: &[(&str, Kind)] = &[
    ("used", Kind::Number),
    ("limit", Kind::Number),
    ("left", Kind::Number),
    ("percent", Kind::Number),
];

/// What stands at a path below a variable, or that nothing ever does; `None` where that depends on the question.
pub(super) fn at(variable: Variable, path: &[String]) -> Result<Option<Kind>, String> {
    let name = variable.as_str();
    match (variable, path) {
        (Variable::Params | Variable::Context, [_, ..]) => Ok(None),
        (Variable::Params | Variable::Context, []) | (Variable::Budget, [] | [_]) => {
            Ok(Some(Kind::Map))
        }
        (Variable::Agent, path) => among(name, AGENT, path),
        (Variable::Cost, path) => among(name, COST, path),
        (Variable::History, path) => among(name, HISTORY, path),
        (Variable::Budget, [budget, path @ ..]) => among(&format!("{name}.{budget}"), BUDGET, path),
        (Variable::Action | Variable::Tool | Variable::Task, path) => alone(name, Kind::Text, path),
        (Variable::Now, path) => alone(name, Kind::Time, path),
    }
}

/// One of the fields, and nothing below it.
fn among(name: &str, fields: &[(&str, Kind)], path: &[String]) -> Result<Option<Kind>, String> {
    let Some((first, rest)) = path.split_first() else { return Ok(Some(Kind::Map)) };
    if let Some((field, kind)) = fields.iter().find(|(field, _)| field == first) {
        return alone(&format!("{name}.{field}"), *kind, rest);
    }
    let near = fields
        .iter()
        .map(|(field, _)| (strsim::damerau_levenshtein(field, first), *field))
        .min()
        .filter(|(distance, _)| *distance <= 2);
    if let Some((_, near)) = near {
        return Err(format!("`{name}.{first}` is not known; did you mean `{name}.{near}`?"));
    }
    let all: Vec<_> = fields.iter().map(|(field, _)| *field).collect();
    Err(format!("`{name}.{first}` is not known; `{name}` has {}", all.join(" ")))
}

/// A value that nothing is below of.
fn alone(name: &str, kind: Kind, path: &[String]) -> Result<Option<Kind>, String> {
    match path.first() {
        None => Ok(Some(kind)),
        Some(first) => {
            Err(format!("`{name}.{first}` is not known: `{name}` is {kind} and has no fields"))
        }
    }
}

/// The variable that an expression is or looks into, and the path to what it looks at.
pub(super) fn path(expression: &Expr) -> Option<(Variable, Vec<String>)> {
    let (mut path, mut here) = (Vec::new(), expression);
    loop {
        match here {
            Expr::Ident(name) => {
                path.reverse();
                return Some((known(name)?, path));
            }
            Expr::Select(select) => {
                path.push(select.field.clone());
                here = &select.operand.expr;
            }
            Expr::Call(call) if call.func_name == "_[_]" => {
                let [operand, key] = call.args.as_slice() else { return None };
                let Expr::Literal(LiteralValue::String(key)) = &key.expr else { return None };
                path.push(key.inner().to_owned());
                here = &operand.expr;
            }
            _ => return None,
        }
    }
}

/// Fails if an expression, or a part of it that stands where yes or no is needed, certainly gives something else.
pub(super) fn must_be_yes_or_no(expression: &Expression) -> Result<(), String> {
    let mut open = vec![expression];
    while let Some(part) = open.pop() {
        match &part.expr {
            Expr::Call(call) if ["_&&_", "_||_", "!_", "_?_:_"].contains(&&*call.func_name) => {
                open.extend(&call.args);
            }
            other => match kind(other) {
                None | Some(Kind::YesNo) => {}
                Some(kind) => {
                    return Err(format!(
                        "it gives {kind} where yes or no is needed: compare it with something"
                    ));
                }
            },
        }
    }
    Ok(())
}

/// What an expression gives, where that is certain.
fn kind(expression: &Expr) -> Option<Kind> {
    match expression {
        Expr::Literal(literal) => Some(match literal {
            LiteralValue::Boolean(_) => Kind::YesNo,
            LiteralValue::Double(_) | LiteralValue::Int(_) | LiteralValue::UInt(_) => Kind::Number,
            LiteralValue::String(_) => Kind::Text,
            LiteralValue::Bytes(_) | LiteralValue::Null => Kind::Other,
        }),
        Expr::List(_) => Some(Kind::List),
        Expr::Map(_) => Some(Kind::Map),
        Expr::Select(select) if select.test => Some(Kind::YesNo),
        Expr::Ident(_) | Expr::Select(_) => at_path(expression),
        Expr::Call(call) => of_call(call).or_else(|| at_path(expression)),
        Expr::Comprehension(each) => of_loop(each),
        Expr::Unspecified | Expr::Struct(_) => None,
    }
}

fn at_path(expression: &Expr) -> Option<Kind> {
    let (variable, path) = path(expression)?;
    at(variable, &path).ok().flatten()
}

fn of_call(call: &CallExpr) -> Option<Kind> {
    match call.func_name.as_str() {
        "size" | "int" | "uint" | "double" | "-_" => Some(Kind::Number),
        name if name.starts_with("get") => Some(Kind::Number),
        "string" => Some(Kind::Text),
        "timestamp" | "duration" => Some(Kind::Time),
        "type" | "bytes" => Some(Kind::Other),
        "_+_" | "_-_" | "_*_" | "_/_" | "_%_" => {
            let sum = call.args.iter().find_map(|part| kind(&part.expr));
            Some(sum.filter(|kind| *kind != Kind::YesNo).unwrap_or(Kind::Number))
        }
        _ => None,
    }
}

/// `all` and its like give yes or no, `map` and `filter` a list: what they begin with, or make of it in the end.
fn of_loop(each: &ComprehensionExpr) -> Option<Kind> {
    match &each.result.expr {
        Expr::Ident(name) if *name == each.accu_var => kind(&each.accu_init.expr),
        other => kind(other),
    }
}
