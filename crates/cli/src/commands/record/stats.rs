//! `countersign stats`.

use clap::Args;
use jiff::Timestamp;
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::table;

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
        globals.output().show(&figures, || {
            let mut rows = Vec::new();
            take("", &figures, &mut rows);
            table(["figure", "value"], rows)
        })?;
        Ok(Exit::Success)
    }
}

/// Every figure, however deep, a row each; a list is named by its first text, as `by_agent support-bot`.
fn take(name: &str, value: &Value, rows: &mut Vec<[String; 2]>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let name = if name.is_empty() { key.clone() } else { format!("{name} {key}") };
                take(&name, value, rows);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                take(
                    &format!("{name} {}", label(item).unwrap_or_else(|| index.to_string())),
                    item,
                    rows,
                );
            }
        }
        Value::String(text) => rows.push([name.to_owned(), text.clone()]),
        Value::Null => rows.push([name.to_owned(), "–".to_owned()]),
        Value::Bool(_) | Value::Number(_) => rows.push([name.to_owned(), value.to_string()]),
    }
}

fn label(item: &Value) -> Option<String> {
    item.as_object()?.values().find_map(|value| value.as_str().map(str::to_owned))
}
