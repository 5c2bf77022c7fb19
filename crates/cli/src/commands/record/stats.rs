//! `countersign stats`.

use clap::Args;
use jiff::Timestamp;
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{fields, table};

/// How many, how fast, by whom.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  countersign stats --from 2026-01-01T00:00:00Z --json")]
pub(crate) struct Stats {
    /// Created at or after, as `2026-01-01T00:00:00Z`
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Created before
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
}

impl Stats {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let figures = globals.client()?.statistics(self.from, self.to).await?;
        globals.output().show(&figures, || readable(&figures))?;
        Ok(Exit::Success)
    }
}

/// The headline figures, then a table for each way to divide them; empty tables are left out.
fn readable(figures: &Value) -> String {
    let counts = ["total", "approved", "denied", "expired", "canceled", "pending"];
    let parts = [
        headline(figures),
        list(figures, "by_agent", &[&["agent"], &counts[..]].concat()),
        list(figures, "by_action", &[&["action"], &counts[..]].concat()),
        list(
            figures,
            "by_approver",
            &["approver", "count", "median_seconds", "share_within_3_seconds"],
        ),
        reasons(figures),
        list(figures, "per_day", &["date", "created", "approved", "denied", "expired", "canceled"]),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn headline(figures: &Value) -> String {
    let at = |pointer: &str| figures.pointer(pointer).map(text).unwrap_or_default();
    let totals = figures.get("totals").and_then(Value::as_object);
    let totals = totals.into_iter().flatten().map(|(name, count)| format!("{count} {name}"));
    let seconds = |name: &str| at(&format!("/response_time_seconds/{name}"));
    // What is out of the ordinary is said where it happened, and is an empty field otherwise.
    let marked = |name: &str| {
        let count = figures.pointer(&format!("/marked/{name}")).filter(|count| **count != 0);
        count.map(text).unwrap_or_default()
    };
    fields([
        ("period", format!("{} to {}", at("/period/from"), at("/period/to"))),
        ("requests", totals.collect::<Vec<_>>().join(", ")),
        ("share approved", at("/approval_rate")),
        (
            "seconds to an answer",
            format!(
                "average {}, median {}, 95th percentile {}",
                seconds("average"),
                seconds("p50"),
                seconds("p95")
            ),
        ),
        ("seconds the oldest waits", at("/oldest_pending_seconds")),
        ("self-approved", marked("self_approved")),
        ("answered for another", marked("in_place")),
        ("reported by an agent", marked("relayed")),
    ])
}

fn list(figures: &Value, key: &str, columns: &[&'static str]) -> String {
    let items = figures.get(key).and_then(Value::as_array).into_iter().flatten();
    let row =
        |item: &Value| columns.iter().map(|c| item.get(c).map(text).unwrap_or_default()).collect();
    sheet(columns, items.map(row).collect())
}

fn reasons(figures: &Value) -> String {
    let items = figures.get("by_reason_code").and_then(Value::as_object).into_iter().flatten();
    sheet(
        &["reason_code", "count"],
        items.map(|(code, count)| vec![code.clone(), text(count)]).collect(),
    )
}

fn sheet(columns: &[&'static str], rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() { String::new() } else { table(columns, rows) }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "–".to_owned(),
        other => other.to_string(),
    }
}
