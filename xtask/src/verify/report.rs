//! The table at the end, and the last line that tools read.

use std::time::Duration;

use super::counts::Counts;
use super::step::Outcome;

/// A step that has been run.
#[derive(Debug)]
pub(super) struct Line {
    /// Its name.
    pub(super) step: &'static str,
    /// What became of it.
    pub(super) outcome: Outcome,
    /// How long it took.
    pub(super) took: Duration,
}

/// The table, and as its last line `N passed, N failed`.
pub(super) fn table(lines: &[Line]) -> String {
    let head = ["step", "result", "tests", "seconds", ""].map(str::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(lines.iter().map(row)).collect();
    let widths: [usize; 5] = std::array::from_fn(|column| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    });
    let mut text: String = rows.iter().map(|row| laid_out(row, &widths) + "\n").collect();
    let mut sum = Counts::default();
    for line in lines {
        sum += line.outcome.counts();
    }
    text.push_str(&format!("\n{} passed, {} failed", sum.passed, sum.failed));
    text
}

fn row(line: &Line) -> [String; 5] {
    let (result, counts, why) = match &line.outcome {
        Outcome::Passed(counts) => ("ok", *counts, ""),
        Outcome::Failed { counts, why } => ("FAILED", *counts, why.as_str()),
        Outcome::Skipped(why) => ("SKIPPED", Counts::default(), why.as_str()),
    };
    let tests = if counts == Counts::default() { String::new() } else { counts.to_string() };
    let seconds = format!("{:.1}", line.took.as_secs_f64());
    [line.step.to_owned(), result.to_owned(), tests, seconds, why.to_owned()]
}

fn laid_out(row: &[String; 5], widths: &[usize; 5]) -> String {
    let cells: Vec<String> =
        row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
    cells.join("  ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_the_sum() {
        let line = |step, outcome| Line { step, outcome, took: Duration::from_millis(1500) };
        let tests = Counts { passed: 12, failed: 1, ignored: 2 };
        let lines = [
            line("format", Outcome::Passed(Counts::default())),
            line("rust-tests", Outcome::Failed { counts: tests, why: "tests failed".to_owned() }),
            line("sdk-stories", Outcome::Skipped("no python3".to_owned())),
        ];
        let expected = "\
step         result   tests                           seconds
format       ok                                       1.5
rust-tests   FAILED   12 passed, 1 failed, 2 ignored  1.5      tests failed
sdk-stories  SKIPPED                                  1.5      no python3

13 passed, 1 failed";
        assert_eq!(table(&lines), expected);
    }
}
