//! How policy came to ask, and the numbers that a reviewer compares.

use countersign_domain::policy::{TraceLine, TraceResult};
use serde_json::Value;

use crate::dashboard::layout::{Phrase, Text, sentence};

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
    /// `12 of 50 actions`.
    pub(crate) used: Text,
    /// From 0 to 100.
    pub(crate) percent: u64,
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
    let budgets = snapshot.get("budgets").and_then(Value::as_array);
    budgets.map(|all| all.iter().map(gauge).collect()).unwrap_or_default()
}

fn gauge(budget: &Value) -> Gauge {
    let text = |key: &str| match budget.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let percent = budget.get("percent").and_then(Value::as_f64).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
    let percent = percent.clamp(0.0, 100.0).round() as u64;
    let class = match percent {
        0..75 => "",
        75..100 => "near",
        _ => "full",
    };
    let used = format!("{} of {} {}", text("used"), text("limit"), text("unit"));
    Gauge { name: Text::line(&text("name")), used: Text::line(&used), percent, class }
}
