//! What is measured, a goal a file.

pub mod check;
pub mod cycle;
pub mod growth;
pub mod parked;
pub mod replay;
pub mod start;
pub mod weight;

use std::time::Duration;

use crate::report::Report;

/// The goal whose feature is still missing.
pub fn open_goals(report: &mut Report) {
    report.open("P6", "cycles on PostgreSQL", "PostgreSQL is not there yet");
}

/// The middle one.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How often one fits into the other.
fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

/// In milliseconds, for people.
fn millis(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1000.0)
}
