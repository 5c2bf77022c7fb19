//! Conditions of rules and grants, in CEL.
//!
//! They are compiled once. What they may cost is bounded twice: their form when they are compiled ([`bounds`]),
//! and how much they would have to look at when they are evaluated ([`Weight`]), because an agent chooses that.
//! Whatever goes wrong, a panic of the library included, is an error, and an error asks a person.

mod bounds;
mod kinds;
mod literals;
mod mentions;
mod scope;
mod weight;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};
use std::thread;

use cel::parser::{Expression, Parser};
use cel::{Context, Env, Value};

pub(super) use self::mentions::Variable;
pub(super) use self::scope::{History, Scope};

use self::mentions::Mentions;
use self::weight::Weight;

/// What expressions can call; made once, as making it costs more than a hundred evaluations.
static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// A condition, compiled.
pub(super) struct Condition {
    source: Arc<str>,
    expression: Expression,
    mentions: Mentions,
    weight: Weight,
}

impl Condition {
    /// Compiles an expression, or says why it cannot be used. The parser nests with the brackets of the
    /// expression, so it runs on a stack that is deep enough for the most of them.
    pub fn compile(source: &str) -> Result<Self, String> {
        bounds::check_source(source)?;
        thread::scope(|scope| {
            let parser = thread::Builder::new().stack_size(bounds::STACK);
            let parsed = parser.spawn_scoped(scope, || Self::parse(source));
            let parsed = parsed.map_err(|error| format!("it cannot be read now: {error}"))?;
            parsed.join().unwrap_or_else(|_| Err("it cannot be read".to_owned()))
        })
    }

    fn parse(source: &str) -> Result<Self, String> {
        let parser = Parser::new().max_recursion_depth(bounds::NESTING);
        let expression = parser.parse(source).map_err(|errors| first_line(&errors))?;
        bounds::check_tree(&expression)?;
        let mentions = Mentions::of(&expression)?;
        kinds::must_be_yes_or_no(&expression)?;
        literals::must_be_of_use(&expression)?;
        let weight = Weight::of(&expression);
        Ok(Self { source: source.into(), expression, mentions, weight })
    }

    /// The expression as it was written.
    pub const fn source(&self) -> &Arc<str> {
        &self.source
    }

    /// Whether it speaks of a variable.
    pub fn mentions(&self, variable: Variable) -> bool {
        self.mentions.variable(variable).is_some()
    }

    /// The parameters that it names, as dotted paths.
    pub fn parameters(&self) -> &[Vec<String>] {
        self.mentions.parameters()
    }

    /// The budgets that it looks into, by name.
    pub fn budgets(&self) -> &[String] {
        self.mentions.budgets()
    }

    /// Whether it holds, or why that cannot be said.
    pub fn holds(&self, scope: &Scope<'_>) -> Result<bool, String> {
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        let size = scope.fill(&mut context, &self.mentions)?;
        self.weight.bear(size)?;
        let resolve = || Value::resolve(&self.expression, &context);
        match catch_unwind(AssertUnwindSafe(resolve)) {
            Ok(Ok(Value::Bool(holds))) => Ok(holds),
            Ok(Ok(other)) => {
                Err(format!("it gives a value of type {}, not yes or no", other.type_of()))
            }
            Ok(Err(error)) => Err(first_line(&error)),
            Err(_) => Err("it cannot be evaluated".to_owned()),
        }
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Condition").field(&self.source).finish()
    }
}

/// The library's errors go over several lines and can repeat values; the first line says what is wrong.
fn first_line(error: &impl fmt::Display) -> String {
    let text = error.to_string();
    let line =
        text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it is not an expression");
    line.trim().chars().take(200).collect()
}

#[cfg(test)]
mod tests;
