//! The table, and the same as JSON.

use serde_json::{Value, json};

/// Everything that was measured.
#[derive(Default)]
pub struct Report(Vec<Line>);

struct Line {
    goal: &'static str,
    what: String,
    measured: String,
    reference: String,
    value: Option<f64>,
    limit: String,
    holds: Option<bool>,
}

impl Report {
    /// A figure, what it is compared with, and whether `value` is at most `limit`.
    pub fn at_most(
        &mut self,
        goal: &'static str,
        what: &str,
        shown: (String, String),
        (value, limit): (f64, f64),
    ) {
        self.push(goal, what, shown, (value, format!("≤ {limit}"), value <= limit));
    }

    /// A figure, what it is compared with, and whether `value` is at least `limit`.
    pub fn at_least(
        &mut self,
        goal: &'static str,
        what: &str,
        shown: (String, String),
        (value, limit): (f64, f64),
    ) {
        self.push(goal, what, shown, (value, format!("≥ {limit}"), value >= limit));
    }

    /// A figure that explains another one and has no goal of its own.
    pub fn seen(&mut self, goal: &'static str, what: &str, shown: (String, String), value: f64) {
        let ((measured, reference), what) = (shown, what.to_owned());
        let (value, limit) = (Some(value), String::new());
        self.0.push(Line { goal, what, measured, reference, value, limit, holds: None });
    }

    /// A goal that cannot be measured yet, and what is missing.
    pub fn open(&mut self, goal: &'static str, what: &str, missing: &str) {
        let (what, measured) = (what.to_owned(), format!("open: {missing}"));
        let reference = String::new();
        self.0.push(Line {
            goal,
            what,
            measured,
            reference,
            value: None,
            limit: String::new(),
            holds: None,
        });
    }

    fn push(
        &mut self,
        goal: &'static str,
        what: &str,
        (measured, reference): (String, String),
        (value, limit, holds): (f64, String, bool),
    ) {
        let what = what.to_owned();
        self.0.push(Line {
            goal,
            what,
            measured,
            reference,
            value: Some(value),
            limit,
            holds: Some(holds),
        });
    }

    /// Prints the table.
    #[expect(clippy::print_stdout, reason = "printing is what a benchmark is for")]
    pub fn print(&self) {
        println!("| goal | what | measured | reference | ratio | goal value | holds |");
        println!("| --- | --- | --- | --- | --- | --- | --- |");
        for line in &self.0 {
            let ratio = line.value.map(|value| format!("{value:.2}")).unwrap_or_default();
            let holds =
                line.holds.map(|holds| if holds { "yes" } else { "**no**" }).unwrap_or_default();
            let Line { goal, what, measured, reference, limit, .. } = line;
            println!(
                "| {goal} | {what} | {measured} | {reference} | {ratio} | {limit} | {holds} |"
            );
        }
    }

    /// The same as JSON.
    pub fn to_json(&self) -> String {
        let line = |line: &Line| {
            json!({
                "goal": line.goal, "what": line.what, "measured": line.measured,
                "reference": line.reference, "value": line.value, "limit": line.limit, "holds": line.holds,
            })
        };
        let lines: Vec<Value> = self.0.iter().map(line).collect();
        format!("{:#}\n", Value::from(lines))
    }
}
