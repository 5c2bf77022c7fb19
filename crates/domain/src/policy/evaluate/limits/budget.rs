//! Whether the budgets hold.

use std::sync::Arc;

use super::super::case::{Case, Coverable, Line, Planned};
use crate::Money;
use crate::approval::Cost;
use crate::policy::condition::Variable;
use crate::policy::document::Unit;
use crate::policy::rulebook::ReadyBudget;
use crate::policy::{BudgetUse, Charge, Details, Quantity, ReasonCode, TraceResult};

/// Whether every budget that it counts against has room for it.
pub(in super::super) fn budget(case: &mut Case<'_>) -> Line {
    let (book, question) = (case.book, case.question);
    let mut line: Option<Line> = None;
    for budget in book.budgets(question) {
        let next = one(case, budget);
        if next.0 == TraceResult::Fail {
            return next;
        }
        line = Some(match line {
            None => next,
            Some(before) => join(&before, &next),
        });
    }
    line.unwrap_or_else(|| case.skip("no budget counts it"))
}

fn join(first: &Line, second: &Line) -> Line {
    let result = match (first.0, second.0) {
        (TraceResult::Escalate, _) | (_, TraceResult::Escalate) => TraceResult::Escalate,
        _ => TraceResult::Pass,
    };
    (result, Details::Written(format!("{}; {}", first.1, second.1)))
}

fn one(case: &mut Case<'_>, budget: &ReadyBudget) -> Line {
    let counter = budget.counter(case.question);
    let used = case.question.counters.used(&counter);
    let stated = amount(budget.budget.unit, case.question.cost);
    case.budgets.push(BudgetUse {
        name: Arc::clone(&budget.name),
        unit: budget.budget.unit,
        used: used.to_money(),
        limit: budget.budget.limit,
        adds: stated.unwrap_or_default().map(Quantity::to_money),
        percent: percent(used, budget.limit),
    });
    let (what, limit) = (&budget.what, budget.budget.limit);
    let Ok(stated) = stated else {
        let why =
            format!("{what} the stated cost is larger than can be counted, the limit is {limit}");
        return case.fail(ReasonCode::BudgetExceeded, why);
    };
    let Some(amount) = stated else {
        let why = format!("budget `{}` needs a stated cost, and none is stated", budget.name);
        return case.escalate(ReasonCode::RequiresApproval, why, Coverable::No);
    };
    let with_this = used.plus(amount);
    if with_this > budget.limit && amount > Quantity::default() {
        let (used, amount) = (used.to_money(), amount.to_money());
        let why = format!("{what} {used} + {amount} is over the limit {limit}");
        return case.fail(ReasonCode::BudgetExceeded, why);
    }
    let alone = budget.ask_from.map(|from| Quantity(from.0.saturating_sub(1)));
    if amount > Quantity::default() {
        let seen = case.book.looks_at(case.question, Variable::Budget).then_some(used);
        let charge = Charge::new(counter, amount).within(Some(budget.limit)).seen_at(seen);
        case.charges.push(Planned {
            charge,
            alone: Some(alone.map_or(budget.limit, |a| a.min(budget.limit))),
        });
    }
    if let Some(from) = budget.ask_from.filter(|from| with_this >= *from) {
        let (with_this, from) = (with_this.to_money(), from.to_money());
        let why = format!(
            "{what} {with_this} of {limit} reaches {from}, from where on a person is asked"
        );
        return case.escalate(ReasonCode::BudgetNearLimit, why, Coverable::No);
    }
    case.pass(Details::Within { what: Arc::clone(what), amount: with_this.to_money(), limit })
}

/// What is counted; nothing where no cost is stated in this unit, an error where it is too large. An agent that says
/// zero says no more than one that says nothing.
fn amount(unit: Unit, cost: &Cost) -> Result<Option<Quantity>, ()> {
    match unit {
        Unit::Actions => Ok(Some(Quantity::ONE)),
        Unit::Usd if cost.usd > Money::default() => Quantity::of(cost.usd).map(Some).ok_or(()),
        Unit::Tokens if cost.tokens > 0 => Quantity::whole(cost.tokens).map(Some).ok_or(()),
        Unit::Usd | Unit::Tokens => Ok(None),
    }
}

fn percent(used: Quantity, limit: Quantity) -> u64 {
    if limit.0 <= 0 {
        return 100;
    }
    let share = i128::from(used.0.max(0)) * 100 / i128::from(limit.0);
    u64::try_from(share).unwrap_or(u64::MAX)
}
