//! Accounts: how budgets and grants stand, when a budget is nearly used up, and what a real cost corrects.

use jiff::{Span, Timestamp};

use super::document::{Budget, Document, Grant, Per, Percent, Unit, Window, Zone};
use super::{Charge, Counter, Counters, Quantity, Question};
use crate::ApprovalId;
use crate::approval::Cost;

/// From which share of its limit a budget is announced as nearly used up, if it does not say so itself.
const NEAR: Percent = Percent(90);

/// How far one limit of a budget was used in the window that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The agent, action or task that has the limit for itself; nothing where all share it.
    pub part: Option<String>,
    /// How much was used.
    pub used: Quantity,
    /// The share of the limit that was used, rounded down.
    pub percent: u64,
    /// How much it will be at the end of the window if it goes on like this; `None` where the window has
    /// no end or has only begun.
    pub forecast: Option<Quantity>,
}

/// A budget that what is about to be counted brings near its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct NearLimit {
    /// The budget.
    pub budget: Budget,
    /// How it will stand.
    pub standing: Standing,
    /// When its window ends.
    pub resets_at: Option<Timestamp>,
    /// Counted with it, so that it is announced once per window.
    pub mark: Charge,
}

impl Window {
    /// When the window that `now` lies in ends; `None` for the one without end.
    pub fn end(self, now: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let span = match self {
            Self::Hour => Span::new().hours(1),
            Self::Day => Span::new().days(1),
            Self::Week => Span::new().weeks(1),
            Self::Month => Span::new().months(1),
            Self::Total => return None,
        };
        let start = self.start(now, zone).to_zoned(zone.zone().clone());
        start.checked_add(span).ok().map(|end| end.timestamp())
    }
}

impl Budget {
    /// The name of its counter; those of agents, actions or tasks with a limit for themselves follow after a `/`.
    pub fn counter_name(&self) -> String {
        format!("budget:{}", escaped(&self.name))
    }

    /// The counter that a question counts against.
    pub fn counter(&self, question: &Question<'_>) -> Counter {
        let mut per = self.scope.per.clone();
        per.sort_unstable();
        per.dedup();
        let mut name = self.counter_name();
        for per in per {
            name.push('/');
            match per {
                Per::Agent => name.push_str(&question.agent.id.to_string()),
                Per::Action => name.push_str(&escaped(&question.proposal.action.plain())),
                Per::Task => name.push_str(&escaped(question.task.unwrap_or_default())),
            }
        }
        Counter { name, since: self.since(question.now) }
    }

    /// When the window that `now` lies in began.
    pub fn since(&self, now: Timestamp) -> Timestamp {
        self.window.start(now, &self.timezone)
    }

    /// How it stands with so much used, by the counter of this name.
    pub fn standing(&self, counter: &str, used: Quantity, now: Timestamp) -> Standing {
        let below = counter.strip_prefix(&self.counter_name()).and_then(|n| n.strip_prefix('/'));
        let limit = Quantity::of(self.limit).unwrap_or(Quantity::MOST);
        Standing {
            part: below.map(|part| part.replace("%2F", "/").replace("%25", "%")),
            used,
            percent: percent(used, limit),
            forecast: self.forecast(used, now),
        }
    }

    /// The linear run rate, from the tenth part of the window on: before, it says nothing.
    fn forecast(&self, used: Quantity, now: Timestamp) -> Option<Quantity> {
        let start = self.since(now);
        let length = self.window.end(now, &self.timezone)?.duration_since(start).as_millis();
        let passed = now.duration_since(start).as_millis();
        if passed * 10 < length || passed <= 0 {
            return None;
        }
        i64::try_from(i128::from(used.0) * length / passed).ok().map(Quantity)
    }

    /// Whether the counter is one of its own.
    fn counts(&self, counter: &Counter) -> bool {
        let rest = counter.name.strip_prefix(&self.counter_name());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The counter that says whether this limit was announced already.
    fn mark(counter: &Counter) -> Counter {
        Counter { name: format!("near:{}", counter.name), since: counter.since }
    }
}

impl Grant {
    /// The counters of its uses and of its money.
    pub fn counters(&self, now: Timestamp) -> [Counter; 2] {
        let since = self.limit.window.start(now, &Zone::default());
        let name = escaped(&self.name);
        ["uses", "usd"].map(|what| Counter { name: format!("grant:{name}/{what}"), since })
    }
}

/// The counters that have to be known to tell which budgets charges bring near their limits.
pub fn looked_at(charges: &[Charge]) -> Vec<Counter> {
    let budgets = charges.iter().filter(|charge| charge.counter.name.starts_with("budget:"));
    budgets.flat_map(|charge| [charge.counter.clone(), Budget::mark(&charge.counter)]).collect()
}

/// The budgets that these charges bring near their limits for the first time in this window.
pub fn near_limits(
    documents: &[Document],
    charges: &[Charge],
    counters: &dyn Counters,
    now: Timestamp,
) -> Vec<NearLimit> {
    let near = |charge: &Charge| {
        let budget = documents.iter().find_map(|document| match document {
            Document::Budget(budget) if budget.counts(&charge.counter) => Some(budget),
            _ => None,
        })?;
        let mark = Budget::mark(&charge.counter);
        let used = counters.used(&charge.counter).plus(charge.amount);
        let standing = budget.standing(&charge.counter.name, used, now);
        let from = u64::from(budget.escalate_at.unwrap_or(NEAR).0);
        if standing.percent < from || counters.used(&mark) > Quantity::default() {
            return None;
        }
        let mark = Charge::new(mark, Quantity::ONE).within(Some(Quantity::ONE));
        let resets_at = budget.window.end(now, &budget.timezone);
        Some(NearLimit { budget: budget.clone(), standing, resets_at, mark })
    };
    charges.iter().filter(|charge| charge.amount > Quantity::default()).filter_map(near).collect()
}

/// The same charges, and beside each what was charged for this approval: what a real cost may correct.
pub fn remembered(approval: ApprovalId, charges: Vec<Charge>) -> Vec<Charge> {
    let memory = |charge: &Charge| Charge::new(memory(approval, &charge.counter), charge.amount);
    let memories: Vec<Charge> = charges.iter().map(memory).collect();
    [charges, memories].concat()
}

/// The counter below which stands what was charged for an approval.
pub fn memories(approval: ApprovalId) -> Counter {
    Counter { name: format!("charged:{approval}"), since: Timestamp::UNIX_EPOCH }
}

/// What was charged for an approval in one counter; its name tells the window as well.
fn memory(approval: ApprovalId, counter: &Counter) -> Counter {
    let Counter { name, since } = memories(approval);
    Counter { name: format!("{name}/{}/{}", counter.since.as_millisecond(), counter.name), since }
}

/// What was charged for an approval: where, in what, how much.
pub fn recalled(
    documents: &[Document],
    approval: ApprovalId,
    memories_of: &[(Counter, Quantity)],
) -> Vec<(Counter, Unit, Quantity)> {
    let below = format!("{}/", memories(approval).name);
    let recall = |(memory, amount): &(Counter, Quantity)| {
        let (since, name) = memory.name.strip_prefix(&below)?.split_once('/')?;
        let since = Timestamp::from_millisecond(since.parse().ok()?).ok()?;
        let counter = Counter { name: name.to_owned(), since };
        let unit = unit(documents, &counter)?;
        Some((counter, unit, *amount))
    };
    memories_of.iter().filter_map(recall).collect()
}

/// In what a counter counts; `None` for what no cost corrects.
pub(super) fn unit(documents: &[Document], counter: &Counter) -> Option<Unit> {
    if counter.is_of_a_grant() {
        return counter.name.ends_with("/usd").then_some(Unit::Usd);
    }
    documents.iter().find_map(|document| match document {
        Document::Budget(budget) if budget.counts(counter) => Some(budget.unit),
        _ => None,
    })
}

/// A real cost, and what it corrects.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// What it really cost.
    pub cost: &'a Cost,
    /// What was estimated and charged by a check; without an approval it can only make the difference smaller.
    pub estimate: Option<&'a Cost>,
    /// The approval that was used for it.
    pub approval: Option<ApprovalId>,
    /// Whether a person said yes to it. What ran without one is never made cheaper by the agent that ran it:
    /// its automatic yeses would have no end.
    pub by_a_person: bool,
}

impl Report<'_> {
    /// What has to be counted, without any limit, because the money is spent; `None` if it is too large to be
    /// counted. With an approval it is the difference to what was charged for it, so that no counter is lowered
    /// by more, and only once. Without one nothing is ever lowered. `spending` is what it counts against now.
    pub fn charges(
        &self,
        spending: &[(Counter, Unit)],
        charged: &[(Counter, Unit, Quantity)],
    ) -> Option<Vec<Charge>> {
        let mut wanted = charged.to_vec();
        for (counter, unit) in spending {
            if !charged.iter().any(|(before, ..)| before.name == counter.name) {
                let estimate = self.estimate.filter(|_| self.approval.is_none());
                let real = quantity(self.cost, *unit)?.unwrap_or_default();
                let told = estimate.map_or(Some(None), |estimate| quantity(estimate, *unit))?;
                wanted.push((counter.clone(), *unit, told.unwrap_or_default().min(real)));
            }
        }
        let mut due = Vec::new();
        for (counter, unit, before) in wanted {
            let Some(real) = quantity(self.cost, unit)? else { continue };
            let amount = Quantity(real.0.saturating_sub(before.0));
            let lowers = amount < Quantity::default();
            if amount != Quantity::default() && (self.by_a_person || !lowers) {
                due.push(Charge::new(counter, amount));
            }
        }
        if let Some(approval) = self.approval {
            let once = Charge::new(reported(approval), Quantity::ONE);
            due.push(once.within(Some(Quantity::ONE)));
        }
        Some(due)
    }
}

/// The counter that says whether the cost of an approval was reported.
pub fn reported(approval: ApprovalId) -> Counter {
    Counter { name: format!("cost:{approval}"), since: Timestamp::UNIX_EPOCH }
}

/// How much a cost is in a unit: nothing where runs are counted; `None` if it is too large to be counted.
#[expect(clippy::option_option, reason = "nothing to count and too much to count differ")]
fn quantity(cost: &Cost, unit: Unit) -> Option<Option<Quantity>> {
    match unit {
        Unit::Actions => Some(None),
        Unit::Usd => Quantity::of(cost.usd).map(Some),
        Unit::Tokens => Quantity::whole(cost.tokens).map(Some),
    }
}

/// The counters of budgets that what is asked counts against, with their units.
pub fn spending(documents: &[Document], question: &Question<'_>) -> Vec<(Counter, Unit)> {
    let counts = |budget: &&Budget| {
        let scope = &budget.scope;
        let (agent, action) = (&question.agent.name, &question.proposal.action);
        (scope.agents.is_empty() || scope.agents.iter().any(|name| name.matches(agent)))
            && (scope.actions.is_empty() || scope.actions.iter().any(|p| p.matches(action)))
            && (scope.tasks.is_empty()
                || question.task.is_some_and(|t| scope.tasks.iter().any(|p| p.matches(t))))
    };
    let budgets = documents.iter().filter_map(|document| match document {
        Document::Budget(budget) => Some(budget),
        _ => None,
    });
    budgets.filter(counts).map(|budget| (budget.counter(question), budget.unit)).collect()
}

fn percent(used: Quantity, limit: Quantity) -> u64 {
    if limit.0 <= 0 {
        return 100;
    }
    let share = i128::from(used.0.max(0)) * 100 / i128::from(limit.0);
    u64::try_from(share).unwrap_or(u64::MAX)
}

/// A part of a name without `/`, so that no two things ever share a counter.
pub(super) fn escaped(part: &str) -> String {
    part.replace('%', "%25").replace('/', "%2F")
}

#[cfg(test)]
mod tests;
