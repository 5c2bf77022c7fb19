//! A step and what becomes of it.

use anyhow::Result;

use super::counts::Counts;
use super::workspace::Workspace;

/// Something that has to hold.
pub(super) trait Step {
    /// Its name, as typed after `--only`.
    fn name(&self) -> &'static str;

    /// Finds out whether it holds. An error is a failure.
    fn run(&self, workspace: &Workspace) -> Result<Outcome>;
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It holds.
    Passed(Counts),
    /// It does not hold, or could not be tried.
    Failed {
        /// What was counted until then.
        counts: Counts,
        /// Why.
        why: String,
    },
    /// Something that it needs is missing here, and why.
    Skipped(String),
}

impl Outcome {
    /// A failure before anything could be counted.
    pub(super) fn failed(why: impl Into<String>) -> Self {
        Self::Failed { counts: Counts::default(), why: why.into() }
    }

    /// Tests that ran, and whether their program ended well. Tests that all passed in a program that
    /// failed are a failure, and so is a program that ran none.
    pub(super) fn of_tests(counts: Counts, ended_well: bool) -> Self {
        match (counts.failed, ended_well) {
            (0, true) if counts.passed == 0 => Self::failed("it ran no tests"),
            (0, true) => Self::Passed(counts),
            (0, false) => Self::Failed { counts, why: "it broke off; see above".to_owned() },
            (_, _) => Self::Failed { counts, why: "tests failed; see above".to_owned() },
        }
    }

    /// A check that has no tests: it holds or it does not.
    pub(super) fn of_check(holds: bool) -> Self {
        if holds { Self::Passed(Counts::default()) } else { Self::failed("see above") }
    }

    /// The same where nothing may be missing.
    pub(super) fn strictly(self) -> Self {
        match self {
            Self::Skipped(why) => Self::failed(format!("skipped, though --strict: {why}")),
            Self::Passed(_) | Self::Failed { .. } => self,
        }
    }

    /// Whether this makes `verify` fail.
    pub(super) const fn is_failure(&self) -> bool {
        matches!(self, Self::Failed { .. })
    }

    /// What it adds to the sum: its tests, or one for itself.
    pub(super) fn counts(&self) -> Counts {
        match self {
            Self::Passed(counts) if counts.passed == 0 => Counts { passed: 1, ..*counts },
            Self::Failed { counts, .. } if counts.failed == 0 => Counts { failed: 1, ..*counts },
            Self::Passed(counts) | Self::Failed { counts, .. } => *counts,
            Self::Skipped(_) => Counts::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(passed: u32, failed: u32) -> Counts {
        Counts { passed, failed, ignored: 0 }
    }

    #[test]
    fn tests_hold_only_if_some_ran_and_their_program_ended_well() {
        let cases = [
            (ran(3, 0), true, false, ran(3, 0)),
            (ran(3, 0), false, true, ran(3, 1)),
            (ran(0, 0), true, true, ran(0, 1)),
            (ran(2, 1), false, true, ran(2, 1)),
            (ran(2, 1), true, true, ran(2, 1)),
        ];
        for (counts, ended_well, fails, sum) in cases {
            let outcome = Outcome::of_tests(counts, ended_well);
            assert_eq!((outcome.is_failure(), outcome.counts()), (fails, sum), "{counts:?}");
        }
    }

    #[test]
    fn a_skip_is_a_failure_only_when_strict() {
        let skipped = Outcome::Skipped("no python3".to_owned());
        assert_eq!((skipped.is_failure(), skipped.counts()), (false, ran(0, 0)));
        let strict = skipped.strictly();
        assert_eq!((strict.is_failure(), strict.counts()), (true, ran(0, 1)));
    }
}
