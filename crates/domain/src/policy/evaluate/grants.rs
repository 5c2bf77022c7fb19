//! Whether a grant makes a person unnecessary.

use super::case::{Case, Line, Planned};
use super::rules;
use crate::Money;
use crate::approval::Risk;
use crate::policy::condition::Scope;
use crate::policy::document::Window;
use crate::policy::rulebook::{ReadyGrant, grant_counters};
use crate::policy::{AutoBy, Charge, Purpose, Quantity, ReasonCode};

/// Looks for a grant that covers it, once everything else says that a person has to be asked. The first that
/// covers it is used.
pub(super) fn grants(case: &mut Case<'_>) -> Line {
    if !case.is_escalated() {
        return case.skip("nobody has to be asked");
    }
    if case.question.purpose == Purpose::Use {
        return case.skip("people said yes; no grant is needed");
    }
    let mut grants = case.book.grants(case.question);
    if let Purpose::UseByGrant(name) = case.question.purpose {
        grants.retain(|grant| grant.grant.name == name);
    }
    if grants.is_empty() {
        return case.skip("no grant is for this agent and action");
    }
    if let Some(why) = &case.only_people {
        return case.skip(format!("no grant stands in for people here: {why}"));
    }
    let mut refusals = Vec::new();
    for grant in grants {
        match covers(case, grant) {
            Ok(charges) => return cover(case, grant, charges),
            Err(why) => refusals.push(format!("{} `{}` {why}", grant.noun(), grant.grant.name)),
        }
    }
    case.skip(refusals.join("; "))
}

/// What covering it would charge, or why the grant does not cover it.
fn covers(case: &Case<'_>, grant: &ReadyGrant) -> Result<Vec<Charge>, String> {
    if let Some(end) = grant.grant.expires_at.filter(|end| case.question.now >= *end) {
        return Err(format!("ended at {end}"));
    }
    // What nothing has rated counts as medium at most here: who wrote the grant named the agents and actions.
    let risk = case.risk.unwrap_or_else(|| case.book.settings().unrated_risk.min(Risk::Medium));
    if risk > grant.grant.risk_at_most || risk == Risk::Critical {
        return Err(format!("covers risk up to {}, this is {risk}", grant.grant.risk_at_most));
    }
    let people = case.people_needed();
    if grant.grant.from.is_some() && people > 1 {
        return Err(format!("was made by one person, and {people} have to agree to this"));
    }
    let history = rules::history(case);
    let scope = Scope { question: case.question, budgets: &case.budgets, history };
    match grant.condition.as_ref().map_or(Ok(true), |condition| condition.holds(&scope)) {
        Ok(true) => {}
        Ok(false) => return Err("has a condition that does not hold".to_owned()),
        Err(_) => return Err("has a condition that cannot be evaluated".to_owned()),
    }
    match case.question.purpose {
        Purpose::UseByGrant(_) => Ok(Vec::new()),
        Purpose::Ask | Purpose::Use => charges(case, grant),
    }
}

fn charges(case: &Case<'_>, grant: &ReadyGrant) -> Result<Vec<Charge>, String> {
    let [runs, money] = grant_counters(grant, case.question);
    let counters = case.question.counters;
    let with_this = counters.used(&runs).plus(Quantity::ONE);
    if let Some(most) = grant.uses.filter(|most| with_this > *most) {
        return Err(format!("has no use left of {}", most.to_money()));
    }
    let mut charges = vec![Charge::new(runs, Quantity::ONE).within(grant.uses)];
    let Some(most) = grant.usd else { return Ok(charges) };
    let cost = case.question.cost;
    let amount = Quantity::of(cost.usd).filter(|_| cost.usd > Money::default());
    let Some(amount) = amount else {
        return Err("covers stated costs in usd, and none is stated".to_owned());
    };
    let spent = counters.used(&money);
    if spent.plus(amount) > most {
        let (spent, amount, most) = (spent.to_money(), amount.to_money(), most.to_money());
        return Err(format!("has room for {most} usd; {spent} + {amount} is more"));
    }
    charges.push(Charge::new(money, amount).within(Some(most)));
    Ok(charges)
}

fn cover(case: &mut Case<'_>, grant: &ReadyGrant, charges: Vec<Charge>) -> Line {
    let name = grant.grant.name.clone();
    let why = format!("{} `{name}` covers it", grant.noun());
    let planned = |charge: Charge| Planned { alone: charge.limit, charge };
    case.charges.extend(charges.into_iter().map(planned));
    let (code, by) = match grant.grant.limit.window {
        Window::Total => (ReasonCode::Grant, AutoBy::Grant(name)),
        Window::Hour | Window::Day | Window::Week | Window::Month => {
            (ReasonCode::TrustBudget, AutoBy::TrustBudget(name))
        }
    };
    case.allowed = Some((code, why.clone().into()));
    case.granted = Some(by);
    case.pass(why)
}
