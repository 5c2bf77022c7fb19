//! Recorded checks, judged again by what is in force and by changed documents, side by side: what the change does,
//! and what would have been different from then. Records are taken one by one in the order of time.

mod course;
mod past;
mod report;

use jiff::Timestamp;

use self::course::{Course, Outcome};
pub use self::report::{Difference, Differing, Example, Report};

use crate::audit::Record;
use crate::identity::Agent;
use crate::policy::Rulebook;

/// Judges recorded checks again.
pub struct Replay<'a> {
    in_force: Course<'a>,
    changed: Course<'a>,
    since: Timestamp,
    report: Report,
}

/// A rulebook, and the agents that it knows.
pub type Rules<'a> = (&'a Rulebook, Vec<Agent>);

impl<'a> Replay<'a> {
    /// A replay by what is in force and by what would be. Checks before `since` are only counted.
    pub fn new(in_force: Rules<'a>, changed: Rules<'a>, since: Timestamp) -> Self {
        Self {
            in_force: Course::new(in_force.0, in_force.1),
            changed: Course::new(changed.0, changed.1),
            since,
            report: Report::default(),
        }
    }

    /// Takes the next record.
    pub fn take(&mut self, record: &Record) {
        let in_force = self.in_force.take(record);
        let Some(outcome) = self.changed.take(record).filter(|_| record.at >= self.since) else {
            return;
        };
        match (outcome, in_force) {
            (Outcome::LeftOut, _) => self.report.left_out += 1,
            (Outcome::Judged(judged), Some(Outcome::Judged(now))) => {
                self.report.compare(record, *judged, now.verdict.decision);
            }
            // What is in force cannot judge it: what was decided stands for it.
            (Outcome::Judged(judged), _) => {
                let now = judged.before;
                self.report.compare(record, *judged, now);
            }
        }
    }

    /// What was found.
    pub fn finish(self) -> Report {
        self.report
    }
}
