//! The limits, in the second evaluator's words.

use rust_decimal::Decimal;
use serde_json::Value;

use super::*;
use crate::Money;
use crate::policy::document::{AgentDocument, Budget, Document, Per, Unit};
use crate::policy::fixtures::Matter;
use crate::policy::{Charge, Counter, Purpose, Quantity};

pub fn amounts(
    world: &World,
    matter: &Matter,
    document: Option<&AgentDocument>,
    notes: &mut Notes,
) {
    let cap = permissions(world, matter).iter().filter_map(|p| p.max_amount).min();
    let limits = document.and_then(|d| d.manifest.as_ref()?.amount.clone());
    let mut compared = Vec::new();
    if cap.is_some() {
        compared.push(("amount".to_owned(), cap, None));
    }
    if let Some(limits) = limits {
        compared.push((limits.param, limits.cap, limits.escalate_above));
    }
    for (param, cap, above) in compared {
        let amount =
            matter.proposal.params.get(&param).and_then(decimal).filter(|a| *a >= Decimal::ZERO);
        match amount {
            None => {
                notes.asks.push("AMOUNT_THRESHOLD".into());
                notes.people_only = true;
            }
            Some(amount) if cap.is_some_and(|cap| amount > cap.0) => {
                notes.deny = Some("AMOUNT_EXCEEDS_CAP");
                return;
            }
            Some(amount) if above.is_some_and(|above: Money| amount > above.0) => {
                notes.asks.push("AMOUNT_THRESHOLD".into());
            }
            Some(_) => {}
        }
    }
}

pub fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

pub fn other_side(_: &World, matter: &Matter, document: Option<&AgentDocument>, notes: &mut Notes) {
    let Some(limits) = document.and_then(|d| d.manifest.as_ref()?.counterparty.as_ref()) else {
        return;
    };
    let side = match matter.proposal.params.get(&limits.param) {
        Some(Value::String(text)) if !text.trim().is_empty() => text.clone(),
        _ => {
            notes.asks.push("NEW_COUNTERPARTY".into());
            notes.people_only = true;
            return;
        }
    };
    let blocked = limits.blocked.iter().any(|b| crate::names::is_meant_in(b, &side));
    if blocked || (!limits.allowed.is_empty() && !limits.allowed.contains(&side)) {
        notes.deny = Some("COUNTERPARTY_BLOCKED");
        return;
    }
    let hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(side.as_bytes()));
    let counter = forever(format!("seen:{}/{hash}", matter.agent.id));
    if limits.escalate_new && used(matter, &counter) == 0 {
        notes.asks.push("NEW_COUNTERPARTY".into());
        notes.charges.push((Charge::new(counter, Quantity(1_000_000)), None));
    }
}

pub fn hours(_: &World, matter: &Matter, document: Option<&AgentDocument>, notes: &mut Notes) {
    let Some(hours) = document.and_then(|d| d.manifest.as_ref()?.hours.as_ref()) else { return };
    // Every minute of the last day is tried: was a window opened then that is open still?
    let now = matter.now.to_zoned(hours.timezone.zone().clone());
    let open = (0..24 * 60).any(|minutes: i64| {
        let then = now.checked_sub(jiff::Span::new().minutes(minutes)).unwrap();
        let opens = (then.hour(), then.minute()) == (hours.from.hour(), hours.from.minute());
        let length = (i64::from(hours.to.hour()) * 60 + i64::from(hours.to.minute())
            - i64::from(hours.from.hour()) * 60
            - i64::from(hours.from.minute()))
        .rem_euclid(24 * 60);
        let length = if length == 0 { 24 * 60 } else { length };
        opens && hours.days.include(then.weekday()) && minutes < length
    });
    if !open {
        notes.deny = Some("OUTSIDE_ALLOWED_HOURS");
    }
}

pub fn rate(world: &World, matter: &Matter, document: Option<&AgentDocument>, notes: &mut Notes) {
    let remembers = looks_at(world, matter, "history");
    let once = |counter: Counter| {
        let seen = Quantity(used(matter, &counter));
        Charge::new(counter, Quantity(1_000_000)).seen_at(Some(seen))
    };
    if remembers {
        // What runs is remembered, whoever let it; what is only asked is not.
        notes.charges.push((once(runs(matter)), None));
    }
    if matter.purpose == Purpose::Use {
        return;
    }
    if remembers {
        for counter in history(matter) {
            notes.attempts.push(once(counter));
        }
    }
    let Some(rate) = document.and_then(|d| d.manifest.as_ref()?.rate) else { return };
    let id = matter.agent.id;
    for (most, name, since) in [
        (rate.per_hour, "hour", cut(matter.now, 3600)),
        (rate.per_day, "day", cut(matter.now, 86_400)),
    ] {
        let Some(most) = most else { continue };
        let counter = Counter { name: format!("rate:{id}/{name}"), since };
        if used(matter, &counter) + 1_000_000 > i64::from(most) * 1_000_000 {
            notes.deny = Some("RATE_LIMIT_EXCEEDED");
            return;
        }
        let limit = Some(Quantity(i64::from(most) * 1_000_000));
        notes.attempts.push(Charge::new(counter, Quantity(1_000_000)).within(limit));
    }
    if let Some(every) = rate.every {
        let counter = forever(format!("rate:{id}/last"));
        let (last, now) = (used(matter, &counter), matter.now.as_microsecond());
        if last != 0 && i128::from(now - last) < every.0.as_micros() {
            notes.deny = Some("RATE_LIMIT_EXCEEDED");
            return;
        }
        let since = Charge::new(counter, Quantity(now - last));
        notes.attempts.push(since.within(Some(Quantity(now))));
    }
}

pub fn budgets(world: &World, matter: &Matter, _: Option<&AgentDocument>, notes: &mut Notes) {
    for document in &world.documents {
        let Document::Budget(budget) = document else { continue };
        if !counts(budget, matter) {
            continue;
        }
        let amount = match budget.unit {
            Unit::Actions => 1_000_000,
            Unit::Usd if matter.cost.usd > Money::default() => millionths(matter.cost.usd),
            Unit::Tokens if matter.cost.tokens > 0 => {
                i64::try_from(matter.cost.tokens).unwrap() * 1_000_000
            }
            Unit::Usd | Unit::Tokens => {
                notes.asks.push("REQUIRES_APPROVAL".into());
                notes.people_only = true;
                continue;
            }
        };
        let counter =
            Counter { name: budget_name(budget, matter), since: since(budget.window, matter.now) };
        let (used, limit) = (used(matter, &counter), millionths(budget.limit));
        if amount > 0 && used + amount > limit {
            notes.deny = Some("BUDGET_EXCEEDED");
            return;
        }
        let asks_from = budget.escalate_at.map(|p| (limit * i64::from(p.0) + 99) / 100);
        if amount > 0 {
            let alone = asks_from.map_or(limit, |from| limit.min(from - 1));
            let seen = looks_at(world, matter, "budget").then_some(Quantity(used));
            let charge = Charge::new(counter, Quantity(amount));
            let charge = charge.within(Some(Quantity(limit))).seen_at(seen);
            notes.charges.push((charge, Some(Quantity(alone))));
        }
        if asks_from.is_some_and(|from| used + amount >= from) {
            notes.asks.push("BUDGET_NEAR_LIMIT".into());
            notes.people_only = true;
        }
    }
}

pub fn counts(budget: &Budget, matter: &Matter) -> bool {
    let scope = &budget.scope;
    let task = matter.task.as_deref();
    (scope.agents.is_empty() || scope.agents.iter().any(|a| a.matches(&matter.agent.name)))
        && any_covers(&scope.actions, matter)
        && (scope.tasks.is_empty()
            || task.is_some_and(|t| scope.tasks.iter().any(|p| p.matches(t))))
}

pub fn budget_name(budget: &Budget, matter: &Matter) -> String {
    let mut name = format!("budget:{}", budget.name);
    if budget.scope.per.contains(&Per::Agent) {
        name += &format!("/{}", matter.agent.id);
    }
    if budget.scope.per.contains(&Per::Action) {
        name += &format!("/{}", matter.proposal.action.as_str().to_lowercase());
    }
    if budget.scope.per.contains(&Per::Task) {
        name += &format!("/{}", matter.task.clone().unwrap_or_default());
    }
    name
}
