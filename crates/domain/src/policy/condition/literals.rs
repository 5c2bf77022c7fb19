//! What is written out in an expression: it calls functions that there are, with patterns, times and zones that can be
//! read, and compares words with words that can be.
//!
//! Evaluated, each of these would be an error every time, or never hold, and nobody would see it before it mattered.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use cel::common::ast::{CallExpr, Expr, LiteralValue};
use cel::parser::{Expression, Parser};
use cel::{Context, Value};

use super::bounds::walk;
use super::kinds::path;
use super::mentions::Variable;
use super::{ENVIRONMENT, first_line};

/// What can be called, beside operators and the macros, which are gone once an expression is parsed.
const FUNCTIONS: &[&str] = &[
    "bool",
    "bytes",
    "contains",
    "double",
    "duration",
    "dyn",
    "endsWith",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "hasValue",
    "int",
    "matches",
    "none",
    "of",
    "ofNonZeroValue",
    "or",
    "orValue",
    "size",
    "startsWith",
    "string",
    "timestamp",
    "type",
    "uint",
    "value",
];

/// The words that a field of the agent can be.
const WORDS: &[(&str, &[&str])] =
    &[("trust", &["untrusted", "standard", "trusted"]), ("status", &["active", "inactive"])];

/// Fails where something that is written out is of no use.
pub(super) fn must_be_of_use(expression: &Expression) -> Result<(), String> {
    walk(expression, &mut |node, _, _| match &node.expr {
        Expr::Call(call) => {
            must_be_known(&call.func_name)?;
            must_be_readable(call)?;
            must_be_possible(call)
        }
        _ => Ok(()),
    })
}

fn must_be_known(name: &str) -> Result<(), String> {
    let is_operator = !name.starts_with(|c: char| c.is_ascii_alphabetic());
    if is_operator || FUNCTIONS.contains(&name) {
        return Ok(());
    }
    let distance =
        |known: &str| strsim::damerau_levenshtein(&known.to_lowercase(), &name.to_lowercase());
    let near = FUNCTIONS.iter().map(|known| (distance(known), known)).min();
    Err(match near.filter(|(distance, _)| *distance <= 2) {
        Some((_, near)) => format!("there is no function `{name}`; did you mean `{near}`?"),
        None => format!("there is no function `{name}`; there are {}", FUNCTIONS.join(" ")),
    })
}

/// Calls a function with what is written out for it, where that alone can be wrong.
fn must_be_readable(call: &CallExpr) -> Result<(), String> {
    let is_literal = |part: &&Expression| matches!(part.expr, Expr::Literal(_));
    let Some(last) = call.args.last().filter(is_literal) else { return Ok(()) };
    let like = match call.func_name.as_str() {
        "matches" => "''.matches('')",
        name if name.starts_with("get") => "timestamp('1970-01-01T00:00:00Z').getHours('')",
        "timestamp" | "duration" | "int" | "uint" | "double" => "timestamp('')",
        _ => return Ok(()),
    };
    let Ok(mut tried) = Parser::new().parse(like) else { return Ok(()) };
    if let Expr::Call(trial) = &mut tried.expr {
        trial.func_name.clone_from(&call.func_name);
        trial.args = vec![last.clone()];
    }
    let context = Context::with_env(Arc::clone(&ENVIRONMENT));
    let called = catch_unwind(AssertUnwindSafe(|| Value::resolve(&tried, &context)));
    match called {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(format!("`{}` fails: {}", call.func_name, first_line(&error))),
        Err(_) => Err(format!("`{}` fails", call.func_name)),
    }
}

/// A word that is compared with a field of the agent is one that it can be.
fn must_be_possible(call: &CallExpr) -> Result<(), String> {
    if !["_==_", "_!=_", "@in"].contains(&call.func_name.as_str()) {
        return Ok(());
    }
    let field = call.args.iter().find_map(|part| match path(&part.expr)? {
        (Variable::Agent, steps) => WORDS.iter().find(|(name, _)| *steps == [*name]),
        _ => None,
    });
    let Some((field, words)) = field else { return Ok(()) };
    let check = |part: &Expression| match &part.expr {
        Expr::Literal(LiteralValue::String(word)) if !words.contains(&word.inner()) => {
            let can_be = words.join(", ");
            Err(format!("`agent.{field}` is never `{}`; it is one of {can_be}", word.inner()))
        }
        _ => Ok(()),
    };
    for part in &call.args {
        match &part.expr {
            Expr::List(list) => list.elements.iter().try_for_each(check)?,
            _ => check(part)?,
        }
    }
    Ok(())
}
