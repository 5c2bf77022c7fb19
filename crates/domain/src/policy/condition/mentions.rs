//! What an expression speaks of: only that is made ready for it.

use std::collections::BTreeMap;

use cel::common::ast::{Expr, LiteralValue};
use cel::parser::Expression;

use super::bounds::walk;
use super::kinds;

/// What a condition can speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::policy) enum Variable {
    /// Who asks: `id name version trust status owner`.
    Agent,
    /// The action, a text without capitals and with `.` between its parts, whatever the agent wrote.
    Action,
    /// The name of the tool, or null.
    Tool,
    /// The parameters.
    Params,
    /// What surrounds it, as the agent says.
    Context,
    /// What it would cost, as the agent says: `usd tokens estimate`.
    Cost,
    /// The task it belongs to, or null.
    Task,
    /// The time, a timestamp.
    Now,
    /// The budgets it counts against, by name: `used limit left percent`.
    Budget,
    /// How often this agent asked for this action and ran it: `hour day total runs first_seen`.
    History,
}

impl Variable {
    const ALL: [Self; 10] = [
        Self::Agent,
        Self::Action,
        Self::Tool,
        Self::Params,
        Self::Context,
        Self::Cost,
        Self::Task,
        Self::Now,
        Self::Budget,
        Self::History,
    ];

    /// Its name in expressions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Action => "action",
            Self::Tool => "tool",
            Self::Params => "params",
            Self::Context => "context",
            Self::Cost => "cost",
            Self::Task => "task",
            Self::Now => "now",
            Self::Budget => "budget",
            Self::History => "history",
        }
    }
}

/// Which fields of a variable are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fields {
    /// All of them.
    All,
    /// Only these.
    Named(Vec<String>),
}

/// What an expression speaks of.
#[derive(Debug)]
pub(super) struct Mentions {
    variables: BTreeMap<Variable, Fields>,
    parameters: Vec<Vec<String>>,
    budgets: Vec<String>,
}

impl Mentions {
    /// What the expression speaks of, or which name in it means nothing.
    pub fn of(expression: &Expression) -> Result<Self, String> {
        let mut loops = Vec::new();
        walk(expression, &mut |node, _, _| {
            if let Expr::Comprehension(each) = &node.expr {
                loops.extend([Some(each.iter_var.clone()), each.iter_var2.clone()]);
                loops.push(Some(each.accu_var.clone()));
            }
            Ok(())
        })?;
        let bound: Vec<String> = loops.into_iter().flatten().collect();
        if let Some(name) = Variable::ALL.iter().find(|v| bound.iter().any(|b| b == v.as_str())) {
            return Err(format!("`{}` cannot be the name of an element of a list", name.as_str()));
        }
        let mut mentions =
            Self { variables: BTreeMap::new(), parameters: Vec::new(), budgets: Vec::new() };
        walk(expression, &mut |node, _, _| mentions.note(node, &bound))?;
        mentions.parameters.sort();
        mentions.parameters.dedup();
        Ok(mentions)
    }

    /// Which fields of a variable are needed, if it is spoken of.
    pub fn variable(&self, variable: Variable) -> Option<&Fields> {
        self.variables.get(&variable)
    }

    /// Every variable it speaks of.
    pub fn variables(&self) -> impl Iterator<Item = (Variable, &Fields)> {
        self.variables.iter().map(|(variable, fields)| (*variable, fields))
    }

    /// The parameters it names, as paths.
    pub fn parameters(&self) -> &[Vec<String>] {
        &self.parameters
    }

    /// The budgets it looks into, by name.
    pub fn budgets(&self) -> &[String] {
        &self.budgets
    }

    /// A selection notes its first field; the name itself, which is visited as well, notes everything, and
    /// so each name is looked at once: from the selection around it, or else alone.
    fn note(&mut self, node: &Expression, bound: &[String]) -> Result<(), String> {
        match &node.expr {
            Expr::Select(_) => {
                let Some((variable, path)) = kinds::path(&node.expr) else { return Ok(()) };
                kinds::at(variable, &path)?;
                if let (Variable::Budget, [budget, ..]) = (variable, path.as_slice())
                    && !self.budgets.contains(budget)
                {
                    self.budgets.push(budget.clone());
                }
                if !is_selected(&node.expr) {
                    return Ok(());
                }
                if let Some(first) = path.first() {
                    self.field(variable, first);
                }
                if variable == Variable::Params {
                    self.parameters.push(path);
                }
                Ok(())
            }
            Expr::Ident(name) => match known(name) {
                Some(variable) => {
                    self.variables.entry(variable).or_insert_with(|| Fields::Named(Vec::new()));
                    Ok(())
                }
                None if bound.contains(name) || name.starts_with('@') || is_type(name) => Ok(()),
                None => Err(unknown(name)),
            },
            _ => self.whole(node),
        }
    }

    /// Notes the variables that a node uses other than by a field.
    fn whole(&mut self, node: &Expression) -> Result<(), String> {
        let mut children: Vec<&Expression> = Vec::new();
        match &node.expr {
            Expr::Call(call) => {
                children.extend(call.target.as_deref().into_iter().chain(&call.args));
            }
            Expr::Comprehension(each) => {
                children.extend([&each.iter_range, &each.accu_init, &each.loop_step, &each.result]);
            }
            Expr::List(list) => children.extend(&list.elements),
            Expr::Map(map) => {
                for entry in &map.entries {
                    if let cel::common::ast::EntryExpr::MapEntry(entry) = &entry.expr {
                        children.extend([&entry.key, &entry.value]);
                    }
                }
            }
            Expr::Struct(_) => {
                return Err("it makes a structure; only values can be compared".to_owned());
            }
            Expr::Unspecified => return Err("it is incomplete".to_owned()),
            Expr::Ident(_) | Expr::Literal(_) | Expr::Select(_) => {}
        }
        for child in &children {
            if let Expr::Ident(name) = &child.expr
                && let Some(variable) = known(name)
            {
                self.variables.insert(variable, Fields::All);
                if variable == Variable::Action {
                    let pattern = matches!(&node.expr, Expr::Call(c) if c.func_name == "matches");
                    children.iter().try_for_each(|beside| must_be_plain(&beside.expr, pattern))?;
                }
            }
        }
        Ok(())
    }

    /// Notes one field that is needed.
    fn field(&mut self, variable: Variable, field: &str) {
        let fields = self.variables.entry(variable).or_insert_with(|| Fields::Named(Vec::new()));
        if let Fields::Named(named) = fields
            && !named.iter().any(|name| name == field)
        {
            named.push(field.to_owned());
        }
    }
}

/// Fails if a text that stands beside the action could never be one, or as a regular expression never cover one:
/// actions are read with dots and small letters.
fn must_be_plain(beside: &Expr, is_pattern: bool) -> Result<(), String> {
    match beside {
        Expr::Literal(LiteralValue::String(text)) => {
            let text = text.inner();
            let looked_at = if is_pattern { letters(text) } else { text.to_owned() };
            if crate::names::folded(&looked_at) == looked_at && !looked_at.contains(':') {
                return Ok(());
            }
            let rule = "`action` is read with dots and small letters, whatever the agent writes";
            Err(if is_pattern {
                format!("{rule}: `{text}` never covers one")
            } else {
                format!("{rule}: write `{}`", crate::names::folded(text).replace(':', "."))
            })
        }
        Expr::List(list) => {
            list.elements.iter().try_for_each(|one| must_be_plain(&one.expr, is_pattern))
        }
        _ => Ok(()),
    }
}

/// A regular expression without its classes and flags.
fn letters(pattern: &str) -> String {
    let mut out = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if matches!(chars.next(), Some('p' | 'P')) => {
                let class = chars.as_str().find('}').filter(|_| chars.as_str().starts_with('{'));
                if let Some(end) = class {
                    chars.nth(end);
                }
            }
            '\\' => {}
            c => out.push(c),
        }
    }
    out.replace("(?:", "(").replace("[:", "[").replace(":]", "]")
}

/// Whether every step from a variable is a selection; what is looked up by a key needs the whole of it.
fn is_selected(expression: &Expr) -> bool {
    match expression {
        Expr::Ident(_) => true,
        Expr::Select(select) => is_selected(&select.operand.expr),
        _ => false,
    }
}

/// The variable of that name.
pub(super) fn known(name: &str) -> Option<Variable> {
    Variable::ALL.into_iter().find(|variable| variable.as_str() == name)
}

fn is_type(name: &str) -> bool {
    ["bool", "bytes", "double", "duration", "int", "list", "map", "null_type", "string", "uint"]
        .contains(&name)
        || ["timestamp", "type", "google", "optional", "optional_type"].contains(&name)
}

fn unknown(name: &str) -> String {
    let near = Variable::ALL
        .into_iter()
        .map(|variable| (strsim::damerau_levenshtein(variable.as_str(), name), variable))
        .min()
        .filter(|(distance, _)| *distance <= 2);
    let names = Variable::ALL.map(Variable::as_str).join(" ");
    match near {
        Some((_, near)) => format!("`{name}` is not known; did you mean `{}`?", near.as_str()),
        None => format!("`{name}` is not known; there are {names}"),
    }
}
