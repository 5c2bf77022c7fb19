//! The values that an expression sees.

use std::collections::HashMap;

use cel::objects::Key;
use cel::{Context, Value as Cel};
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value as Json;

use super::mentions::{Fields, Mentions, Variable};
use super::weight::Size;
use crate::Money;
use crate::json::Object;
use crate::policy::Question;
use crate::policy::verdict::BudgetUse;

/// The most values that are made ready for one expression.
const VALUES: u64 = 50_000;

/// What an expression can see.
#[derive(Clone, Copy)]
pub(in crate::policy) struct Scope<'a> {
    /// What is asked.
    pub question: &'a Question<'a>,
    /// The budgets it counts against, as they stand.
    pub budgets: &'a [BudgetUse],
    /// How often it was asked before.
    pub history: History,
}

/// How often this agent asked for this action before, and was let run it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::policy) struct History {
    /// In this hour (UTC).
    pub hour: i64,
    /// On this day (UTC).
    pub day: i64,
    /// Ever.
    pub total: i64,
    /// How often it was let run it, ever.
    pub runs: i64,
}

impl Scope<'_> {
    /// Makes ready what is mentioned, and says how much that is.
    pub(super) fn fill(
        &self,
        context: &mut Context<'_, '_>,
        mentions: &Mentions,
    ) -> Result<Size, String> {
        let mut measure = Measure::default();
        for (variable, fields) in mentions.variables() {
            let value = self.value(variable, fields, &mut measure)?;
            context.add_variable_from_value(variable.as_str(), value);
        }
        Ok(measure.0)
    }

    fn value(
        &self,
        variable: Variable,
        fields: &Fields,
        measure: &mut Measure,
    ) -> Result<Cel, String> {
        let question = self.question;
        Ok(match variable {
            Variable::Params => measure.object(&question.proposal.params, fields)?,
            Variable::Context => measure.object(question.context, fields)?,
            Variable::Action => question.proposal.action.plain().as_ref().into(),
            Variable::Tool => {
                optional(question.proposal.tool.as_ref().map(|tool| tool.name.as_str()))
            }
            Variable::Task => optional(question.task),
            Variable::Agent => self.agent(),
            Variable::Cost => self.cost(),
            Variable::Now => now(question.now)?,
            Variable::Budget => self.budgets(),
            Variable::History => self.history(),
        })
    }

    fn agent(&self) -> Cel {
        let agent = self.question.agent;
        let word = |value: Json| value.as_str().map_or(Cel::Null, Cel::from);
        map([
            ("id", agent.id.to_string().into()),
            ("name", agent.name.as_str().into()),
            ("version", agent.version.as_str().into()),
            ("trust", word(serde_json::json!(agent.trust))),
            ("status", word(serde_json::json!(agent.status))),
            ("owner", optional(agent.owner.as_ref().map(crate::identity::Email::as_str))),
        ])
    }

    /// What is not stated is not there, so that no comparison takes it for little.
    fn cost(&self) -> Cel {
        let cost = self.question.cost;
        let usd = (cost.usd > Money::default()).then(|| Cel::Float(double(cost.usd)));
        let tokens = i64::try_from(cost.tokens).unwrap_or(i64::MAX);
        let tokens = (tokens > 0).then_some(Cel::Int(tokens));
        let estimate = Some(Cel::Bool(cost.estimate));
        let fields = [("usd", usd), ("tokens", tokens), ("estimate", estimate)];
        map_of(fields.into_iter().filter_map(|(name, value)| Some((name, value?))))
    }

    fn budgets(&self) -> Cel {
        let one = |budget: &BudgetUse| {
            let left = Money(budget.limit.0.saturating_sub(budget.used.0));
            map([
                ("used", Cel::Float(double(budget.used))),
                ("limit", Cel::Float(double(budget.limit))),
                ("left", Cel::Float(double(left))),
                ("percent", Cel::Int(i64::try_from(budget.percent).unwrap_or(i64::MAX))),
            ])
        };
        let budgets = self.budgets.iter().map(|budget| (budget.name.to_string(), one(budget)));
        Cel::from(budgets.collect::<HashMap<String, Cel>>())
    }

    fn history(&self) -> Cel {
        map([
            ("hour", Cel::Int(self.history.hour)),
            ("day", Cel::Int(self.history.day)),
            ("total", Cel::Int(self.history.total)),
            ("runs", Cel::Int(self.history.runs)),
            // Asking alone makes nobody known, or whoever asks twice would be.
            ("first_seen", Cel::Bool(self.history.runs == 0)),
        ])
    }
}

/// Turns JSON into values of CEL, and refuses more than it may.
#[derive(Default)]
struct Measure(Size);

impl Measure {
    fn object(&mut self, object: &Object, fields: &Fields) -> Result<Cel, String> {
        let mut made = HashMap::new();
        let mut put = |measure: &mut Self, key: &str, value: &Json| {
            measure.value(value).map(|value| made.insert(Key::from(key.to_owned()), value))
        };
        match fields {
            Fields::All => {
                self.longest(object.len());
                for (key, value) in object {
                    put(self, key, value)?;
                }
            }
            Fields::Named(names) => {
                for name in names {
                    if let Some(value) = object.get(name) {
                        put(self, name, value)?;
                    }
                }
            }
        }
        Ok(Cel::from(made))
    }

    fn value(&mut self, json: &Json) -> Result<Cel, String> {
        self.0.values += 1;
        if self.0.values > VALUES {
            return Err(format!("what it looks at has more than {VALUES} values"));
        }
        Ok(match json {
            Json::Null => Cel::Null,
            Json::Bool(value) => Cel::Bool(*value),
            Json::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(int), _) => Cel::Int(int),
                (None, Some(uint)) => Cel::UInt(uint),
                (None, None) => number.as_f64().map_or(Cel::Null, Cel::Float),
            },
            Json::String(text) => {
                self.0.values += u64::try_from(text.len() / 32).unwrap_or(VALUES);
                Cel::from(text.as_str())
            }
            Json::Array(elements) => {
                self.longest(elements.len());
                Cel::from(elements.iter().map(|e| self.value(e)).collect::<Result<Vec<_>, _>>()?)
            }
            Json::Object(object) => self.object(object, &Fields::All)?,
        })
    }

    fn longest(&mut self, length: usize) {
        self.0.longest = self.0.longest.max(u64::try_from(length).unwrap_or(u64::MAX));
    }
}

fn map<const N: usize>(fields: [(&str, Cel); N]) -> Cel {
    map_of(fields.into_iter())
}

fn map_of<'a>(fields: impl Iterator<Item = (&'a str, Cel)>) -> Cel {
    let fields = fields.map(|(name, value)| (Key::from(name.to_owned()), value));
    Cel::from(fields.collect::<HashMap<Key, Cel>>())
}

fn optional(text: Option<&str>) -> Cel {
    text.map_or(Cel::Null, Cel::from)
}

fn double(money: Money) -> f64 {
    money.0.to_f64().unwrap_or(f64::NAN)
}

fn now(now: jiff::Timestamp) -> Result<Cel, String> {
    let parsed = now.to_string().parse().map(Cel::Timestamp);
    parsed.map_err(|_| format!("the time {now} cannot be used in an expression"))
}
