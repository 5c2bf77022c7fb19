//! What people look at before documents change: what is wrong, what would differ, what tests say of it, and what
//! recorded checks would have come to. Changes nothing.

use countersign_domain::policy::document::parse::{Problem, SourceFile, read};
use countersign_domain::policy::document::plan::Leave;
use countersign_domain::policy::document::settings_under;
use countersign_domain::policy::trial::replay::Report;
use countersign_domain::policy::trial::{Bench, Tested};
use countersign_wire::Code;
use jiff::Timestamp;

use super::Applied;
use crate::app::{App, Error, SignedIn};

/// What came of looking.
#[derive(Debug, Clone)]
pub enum Review {
    /// It cannot be applied.
    Mistaken(Vec<Problem>),
    /// It can, and this is what would follow.
    Ready(Box<Prospect>),
}

/// What would follow from applying.
#[derive(Debug, Clone)]
pub struct Prospect {
    /// What would change.
    pub applied: Applied,
    /// What is probably not meant, and was not so before.
    pub warnings: Vec<Problem>,
    /// What became of the tests that stand beside the documents.
    pub tested: Vec<Tested>,
    /// What recorded checks would have come to, if that was asked and anything would change.
    pub replayed: Option<Report>,
}

impl App {
    /// Looks at files as they would be applied; judges the checks recorded since then again, if a time is given.
    pub async fn review_policies(
        &self,
        admin: &SignedIn,
        files: &[SourceFile],
        (leave, since): (Leave<'_>, Option<Timestamp>),
    ) -> Result<Review, Error> {
        // What is noteworthy about what is in force already is no news.
        let standing = self.validate_policies(admin, &[])?;
        let news = |problems: &[Problem]| -> Vec<Problem> {
            problems.iter().filter(|problem| !standing.contains(problem)).cloned().collect()
        };
        let applied = match self.diff_policies(admin, files, leave) {
            Ok(applied) => applied,
            Err(error) if error.code == Code::PolicyInvalid => {
                return Ok(Review::Mistaken(news(&error.problems)));
            }
            Err(error) => return Err(error),
        };
        let tested = tested(admin, files, &applied)?;
        let replayed = match since.filter(|_| applied.plan.changes()) {
            Some(since) => Some(self.replay_policies(admin, files, (leave, since)).await?),
            None => None,
        };
        let warnings = news(&applied.plan.warnings);
        Ok(Review::Ready(Box::new(Prospect { applied, warnings, tested, replayed })))
    }
}

/// Runs the tests among the files against the set as it would be in force.
fn tested(admin: &SignedIn, files: &[SourceFile], applied: &Applied) -> Result<Vec<Tested>, Error> {
    let tests = read(files).tests;
    if tests.is_empty() {
        return Ok(Vec::new());
    }
    let in_force = applied.plan.in_force.clone();
    let settings = settings_under(&in_force, &admin.snapshot.own_settings);
    let bench = Bench::under(in_force, settings).map_err(|errors| {
        let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
        Error::new(Code::PolicyInvalid, errors.join("; "))
    })?;
    Ok(tests.iter().map(|test| bench.test(test)).collect())
}
