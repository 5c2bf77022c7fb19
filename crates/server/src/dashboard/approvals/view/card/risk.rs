//! How policy came to ask, and the numbers that a reviewer compares.

use countersign_domain::Money;
use countersign_domain::approval::{Approval, Card, Execution};
use countersign_domain::policy::{TraceLine, TraceResult, rated_by};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::dashboard::layout::{Phrase, Text, number, sentence};

/// One line of the trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trace {
    /// How it went.
    pub(crate) result: (&'static str, &'static str),
    /// What was looked at.
    pub(crate) check: String,
    /// What was compared.
    pub(crate) details: Phrase,
}

/// A budget as a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gauge {
    /// Its name.
    pub(crate) name: Text,
    /// `12 of 50 actions used`.
    pub(crate) used: Text,
    /// What this request adds: `this 1`.
    pub(crate) adds: Option<String>,
    /// What was approved of the same kind, and is counted once it is used.
    pub(crate) open: Option<String>,
    /// The share that was used before, from 0 to 100.
    pub(crate) percent: u64,
    /// The share that this request adds, as far as there is room for it.
    pub(crate) share: u64,
    /// How it looks.
    pub(crate) class: &'static str,
}

impl Trace {
    pub(super) fn of(line: &TraceLine) -> Self {
        let result = match line.result {
            TraceResult::Pass => ("pass", "Passed"),
            TraceResult::Escalate => ("escalate", "Ask a person"),
            TraceResult::Fail => ("fail", "Refused"),
            TraceResult::Skip => ("skip", "Not set"),
        };
        let check = serde_json::to_value(line.check).ok();
        let check = check.as_ref().and_then(Value::as_str).unwrap_or_default().replace('_', " ");
        Self { result, check: sentence(&check), details: Phrase::ticked(&line.details.to_string()) }
    }
}

pub(super) fn budgets(snapshot: &Value) -> Vec<Gauge> {
    listed(snapshot).iter().map(gauge).collect()
}

/// The same, with what alike requests add that were approved and not used yet: at least so much, because others may
/// count against the same budgets.
pub(super) fn budgets_among(approval: &Approval, alike: &[Approval]) -> Vec<Gauge> {
    let is_open = |other: &&Approval| {
        let is_same = other.card.task_id == approval.card.task_id;
        other.id != approval.id && is_same && matches!(other.execution(), Some(Execution::Unused))
    };
    let unused: Vec<&Approval> = alike.iter().filter(is_open).collect();
    let with_open = |budget: &Value| Gauge { open: open(budget, &unused), ..gauge(budget) };
    listed(&approval.card.risk_snapshot).iter().map(with_open).collect()
}

fn listed(snapshot: &Value) -> &[Value] {
    snapshot.get("budgets").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn open(budget: &Value, unused: &[&Approval]) -> Option<String> {
    let counts = |other: &&&Approval| {
        let budgets = listed(&other.card.risk_snapshot);
        budgets.iter().any(|other| other.get("name") == budget.get("name"))
    };
    let adds = |other: &&Approval| match budget.get("unit").and_then(Value::as_str)? {
        "usd" => Some(other.cost().usd.0),
        "tokens" => Some(Decimal::from(other.cost().tokens)),
        _ => Some(Decimal::ONE),
    };
    let sum = unused
        .iter()
        .filter(counts)
        .try_fold(Decimal::ZERO, |sum, one| sum.checked_add(adds(one)?))?;
    let sum = sum.normalize();
    (!sum.is_zero()).then(|| format!("at least {} more approved, not used yet", number(&sum)))
}

fn gauge(budget: &Value) -> Gauge {
    let text = |key: &str| match budget.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let money = |key: &str| budget.get(key).and_then(Money::of).map(|money| money.0);
    let share = |part: Option<Decimal>| share(part?, money("limit")?);
    let percent = budget.get("percent").and_then(Value::as_u64).unwrap_or_default().min(100);
    let adds = money("adds").filter(|adds| !adds.is_zero());
    let added = share(adds).unwrap_or_default().max(u64::from(adds.is_some()));
    let added = added.min(100_u64.saturating_sub(percent));
    let class = match percent {
        0..75 => "",
        75..100 => "near",
        _ => "full",
    };
    let used =
        format!("{} of {} {} used", number(&text("used")), number(&text("limit")), text("unit"));
    let adds = adds.map(|adds| format!("this {}", number(&adds.normalize())));
    Gauge {
        name: Text::line(&text("name")),
        used: Text::line(&used),
        adds,
        open: None,
        percent,
        share: added,
        class,
    }
}

/// So many hundredths, rounded up: what is little is not drawn as nothing.
fn share(part: Decimal, whole: Decimal) -> Option<u64> {
    let share = part.checked_div(whole)?.checked_mul(Decimal::ONE_HUNDRED)?.ceil();
    u64::try_from(share.min(Decimal::ONE_HUNDRED)).ok()
}

/// Where the risk comes from, a sentence each.
pub(super) fn risk_because(card: &Card) -> Vec<Phrase> {
    let said = rated_by(card.risk, card.stated_risk, &card.risk_snapshot);
    said.iter().map(|line| Phrase::ticked(&sentence(line))).collect()
}
