//! What an expression may look like at most: checked before it is parsed, and again on what was parsed.

use cel::common::ast::{EntryExpr, Expr, LiteralValue};
use cel::parser::Expression;

/// The most bytes of an expression.
const LENGTH: usize = 4096;
/// The most opening brackets, wherever they stand; so many the parser can be made to nest.
const BRACKETS: usize = 100;
/// How deep the parser may nest.
pub(super) const NESTING: u16 = 32;
/// The stack of the parser, in bytes: unoptimised, it takes well over 100 kB for each bracket.
pub(super) const STACK: usize = 64 << 20;
/// The most signs that stand for operators; chains of them nest the tree without brackets.
const OPERATORS: usize = 300;
/// How deep the tree may be.
const DEPTH: usize = 64;
/// How deep loops may be nested.
const LOOPS: usize = 2;
/// The most characters of a regular expression, counted repetitions multiplied out.
const PATTERN: usize = 80;

/// Refuses a text that would be dear or dangerous to parse. It counts without understanding, so that no
/// trick of quoting can hide anything from it.
pub(super) fn check_source(source: &str) -> Result<(), String> {
    let count = |signs: &[char]| source.matches(signs).count();
    if source.trim().is_empty() {
        Err("it is empty".to_owned())
    } else if source.len() > LENGTH {
        Err(format!("it has {} bytes; at most {LENGTH} are allowed", source.len()))
    } else if count(&['(', '[', '{']) > BRACKETS {
        Err(format!("it opens more than {BRACKETS} brackets; divide it into several rules"))
    } else if count(&['+', '-', '*', '/', '%', '!', '?', '<', '>', '=', '&', '|', '.']) > OPERATORS {
        Err(format!("it has more than {OPERATORS} operators; divide it into several rules"))
    } else {
        Ok(())
    }
}

/// Refuses a tree that is too deep, loops within loops within loops, and regular expressions that are not
/// written out or too large.
pub(super) fn check_tree(expression: &Expression) -> Result<(), String> {
    walk(expression, &mut |expression, depth, loops| {
        if depth > DEPTH {
            return Err(format!("it is nested more than {DEPTH} deep; divide it into several rules"));
        }
        if loops > LOOPS {
            return Err(format!("loops are nested more than {LOOPS} deep"));
        }
        match &expression.expr {
            Expr::Call(call) if call.func_name == "matches" => check_pattern(call.args.last()),
            _ => Ok(()),
        }
    })
}

fn check_pattern(pattern: Option<&Expression>) -> Result<(), String> {
    let Some(Expr::Literal(LiteralValue::String(pattern))) = pattern.map(|p| &p.expr) else {
        return Err("the regular expression of `matches` has to be written out".to_owned());
    };
    let pattern = pattern.inner();
    let numbers = pattern.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let counted = pattern.contains('{');
    let times: usize = numbers
        .filter(|_| counted)
        .map(|digits| digits.parse().unwrap_or(usize::MAX).max(1))
        .fold(1, usize::saturating_mul);
    if pattern.chars().count().saturating_mul(times) > PATTERN {
        return Err(format!(
            "the regular expression is longer than {PATTERN} characters, repetitions multiplied out"
        ));
    }
    Ok(())
}

/// Visits every node with its depth and the number of loops around it; bodies of loops count as within.
pub(super) fn walk(
    expression: &Expression,
    visit: &mut impl FnMut(&Expression, usize, usize) -> Result<(), String>,
) -> Result<(), String> {
    let mut open = vec![(expression, 1, 0)];
    while let Some((node, depth, loops)) = open.pop() {
        visit(node, depth, loops)?;
        for (child, inside) in children(node) {
            open.push((child, depth + 1, loops + usize::from(inside)));
        }
    }
    Ok(())
}

/// The children of a node, and whether they are evaluated once per element of a list.
fn children(node: &Expression) -> Vec<(&Expression, bool)> {
    match &node.expr {
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => Vec::new(),
        Expr::Call(call) => {
            call.target.as_deref().into_iter().chain(&call.args).map(|c| (c, false)).collect()
        }
        Expr::Comprehension(each) => vec![
            (&each.iter_range, false),
            (&each.accu_init, false),
            (&each.loop_cond, true),
            (&each.loop_step, true),
            (&each.result, false),
        ],
        Expr::List(list) => list.elements.iter().map(|c| (c, false)).collect(),
        Expr::Map(map) => entries(&map.entries),
        Expr::Struct(made) => entries(&made.entries),
        Expr::Select(select) => vec![(&*select.operand, false)],
    }
}

fn entries(entries: &[cel::common::ast::IdedEntryExpr]) -> Vec<(&Expression, bool)> {
    let mut children = Vec::new();
    for entry in entries {
        match &entry.expr {
            EntryExpr::StructField(field) => children.push((&field.value, false)),
            EntryExpr::MapEntry(entry) => children.extend([(&entry.key, false), (&entry.value, false)]),
        }
    }
    children
}
