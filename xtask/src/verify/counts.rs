//! How many tests ran, read from what their programs print.

use std::fmt;
use std::ops::AddAssign;

/// How many tests passed, failed, and were ignored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// These hold.
    pub(super) passed: u32,
    /// These do not.
    pub(super) failed: u32,
    /// These were not run.
    pub(super) ignored: u32,
}

impl Counts {
    /// The counts in a line, if it is a sum: cargo's `test result: ok. 12 passed; 0 failed; 1 ignored; …`,
    /// or a plain `12 passed, 0 failed`.
    pub(super) fn in_line(line: &str) -> Option<Self> {
        let line = line.trim();
        let sum = match line.strip_prefix("test result: ") {
            Some(rest) => rest.split_once(". ")?.1,
            None => line,
        };
        let mut counts = Self::default();
        let mut seen = 0;
        for part in sum.split([';', ',']) {
            let (number, what) = part.trim().split_once(' ')?;
            let field = match what {
                "passed" => &mut counts.passed,
                "failed" => &mut counts.failed,
                "ignored" | "skipped" => &mut counts.ignored,
                _ if seen >= 2 => continue,
                _ => return None,
            };
            *field = number.parse().ok()?;
            seen += 1;
        }
        (seen >= 2).then_some(counts)
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
        self.ignored += more.ignored;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 {
            write!(f, ", {} ignored", self.ignored)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_found_and_nothing_else() {
        let some = |passed, failed, ignored| Some(Counts { passed, failed, ignored });
        let cases = [
            (
                "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.02s",
                some(12, 0, 1),
            ),
            (
                "test result: FAILED. 2 passed; 5 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.2s",
                some(2, 5, 0),
            ),
            ("31 passed, 0 failed", some(31, 0, 0)),
            ("31 passed, 2 failed, 1 skipped", some(31, 2, 1)),
            ("running 12 tests", None),
            ("test counts::sums ... ok", None),
            ("the gate has passed, nothing failed", None),
            ("12 passed", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(Counts::in_line(line), expected, "{line}");
        }
    }
}
