//! What applying would come to, as a page shows it.

use countersign_domain::display;
use countersign_domain::policy::document::parse::{Problem, Severity};
use countersign_domain::policy::document::plan::{Fate, Step};
use countersign_domain::policy::trial::Tested;
use countersign_domain::policy::trial::replay::{Difference, Differing, Example, Report};
use serde_json::Value;

use super::diff::{self, DiffLine};
use super::source::{Line, Note};
use crate::app::{Prospect, Review};
use crate::dashboard::layout::{Moment, Phrase, Text, grouped};
use crate::dashboard::policies::edit::{DOCUMENTS, TESTS};

/// What applying would come to, or what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ReviewView {
    /// What is wrong, or probably not meant, in the order of reading.
    pub(crate) notes: Vec<Note>,
    /// Whether it cannot be applied.
    pub(crate) is_mistaken: bool,
    /// How many of the notes are why.
    pub(crate) errors: usize,
    /// The lines of the documents that notes are about.
    pub(crate) lines: Vec<Line>,
    /// Those of the tests.
    pub(crate) test_lines: Vec<Line>,
    /// What would change.
    pub(crate) steps: Vec<StepView>,
    /// Documents that stay as they are.
    pub(crate) unchanged: usize,
    /// What follows for agents.
    pub(crate) effects: Vec<Text>,
    /// What tests say.
    pub(crate) tests: Vec<TestView>,
    /// How many of them fail.
    pub(crate) failing: usize,
    /// What recorded checks would have come to.
    pub(crate) replay: Option<ReplayView>,
    /// What the button does: `Apply 1 change`.
    pub(crate) button: String,
}

/// One document that would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepView {
    /// Its kind.
    pub(crate) kind: &'static str,
    /// Its name.
    pub(crate) name: Text,
    /// `created`, `changed` or `removed`.
    pub(crate) fate: &'static str,
    /// What differs.
    pub(crate) diff: Vec<DiffLine>,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TestView {
    /// What it shows.
    pub(crate) name: Text,
    /// What was expected and is otherwise; nothing if it passes.
    pub(crate) differs: Vec<Text>,
    /// What policy says.
    pub(crate) says: Text,
}

/// What recorded checks would have come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReplayView {
    /// In a sentence.
    pub(crate) sentence: String,
    /// What to know about it.
    pub(crate) caveats: Vec<String>,
    /// What would have been otherwise, the most frequent first.
    pub(crate) groups: Vec<GroupView>,
}

/// Checks that would come to something else in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupView {
    /// What they came to: class and words.
    pub(crate) from: (&'static str, &'static str),
    /// What they would come to by what is in force.
    pub(crate) in_force: (&'static str, &'static str),
    /// What they would come to.
    pub(crate) to: (&'static str, &'static str),
    /// Of what.
    pub(crate) action: Text,
    /// By which rule, or for which reason.
    pub(crate) rule: Text,
    /// How many.
    pub(crate) count: String,
    /// The first of them.
    pub(crate) examples: Vec<ExampleView>,
}

/// One such check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExampleView {
    /// Its record.
    pub(crate) seq: u64,
    /// When.
    pub(crate) at: Moment,
    /// Which agent.
    pub(crate) agent: Text,
    /// With which parameters.
    pub(crate) params: Text,
    /// Why it was as it was.
    pub(crate) before: Phrase,
    /// Why it would be otherwise.
    pub(crate) after: Phrase,
}

impl ReviewView {
    /// What came of looking at these texts.
    pub(crate) fn of(review: &Review, text: &str, tests: &str) -> Self {
        match review {
            Review::Mistaken(problems) => {
                Self { is_mistaken: true, ..Self::noted(problems, text, tests) }
            }
            Review::Ready(prospect) => {
                let noted = Self::noted(&prospect.warnings, text, tests);
                Self::ready(prospect, noted)
            }
        }
    }

    fn noted(problems: &[Problem], text: &str, tests: &str) -> Self {
        let in_file = |file: &str| -> Vec<Note> {
            problems.iter().filter(|problem| problem.file == file).map(Note::of).collect()
        };
        Self {
            notes: problems.iter().map(Note::of).collect(),
            errors: problems.iter().filter(|p| p.severity == Severity::Error).count(),
            lines: Line::wrong(text, &in_file(DOCUMENTS)),
            test_lines: Line::wrong(tests, &in_file(TESTS)),
            ..Self::default()
        }
    }

    fn ready(prospect: &Prospect, noted: Self) -> Self {
        let all = &prospect.applied.plan.steps;
        let steps: Vec<StepView> =
            all.iter().filter(|step| step.fate != Fate::Unchanged).map(step).collect();
        let tests: Vec<TestView> = prospect.tested.iter().map(test).collect();
        let failing = tests.iter().filter(|test| !test.differs.is_empty()).count();
        let changes = counted(steps.len(), "change", "changes");
        let button = match failing {
            0 => format!("Apply {changes}"),
            1 => format!("Apply {changes} although a test fails"),
            _ => format!("Apply {changes} although {failing} tests fail"),
        };
        Self {
            unchanged: all.len() - steps.len(),
            steps,
            effects: prospect.applied.effects.iter().map(|effect| Text::line(effect)).collect(),
            tests,
            failing,
            replay: prospect.replayed.as_ref().map(replay),
            button,
            ..noted
        }
    }

    /// Whether anything could be applied.
    pub(crate) const fn can_apply(&self) -> bool {
        !self.is_mistaken && !self.steps.is_empty()
    }
}

fn step(step: &Step) -> StepView {
    let (kind, name) = step.name();
    let (before, after) = step.texts();
    StepView {
        kind: kind.as_str(),
        name: Text::line(name),
        fate: step.fate.as_str(),
        diff: diff::lines(&before, &after),
    }
}

fn test(tested: &Tested) -> TestView {
    let verdict = &tested.verdict;
    let by = match verdict.rules.as_slice() {
        [] => verdict.reason_code.to_string(),
        rules => rules.join(", "),
    };
    let word = serde_json::to_value(verdict.decision).ok();
    let word = word.as_ref().and_then(Value::as_str).unwrap_or_default();
    TestView {
        name: Text::line(&tested.name),
        differs: tested.differs.iter().map(|text| Text::line(text)).collect(),
        says: Text::line(&format!("{word} by {by}")),
    }
}

fn replay(report: &Report) -> ReplayView {
    let other = report.changed;
    let already = report.differences.iter().filter(|(what, _)| !what.is_of_the_change());
    let already: u64 = already.map(|(_, how)| how.count).sum();
    let number = |count: u64| grouped(usize::try_from(count).unwrap_or(usize::MAX));
    let checks =
        |count: u64| format!("{} {}", number(count), if count == 1 { "check" } else { "checks" });
    let sentence = match (report.judged, other) {
        (0, _) => "No check was recorded in this time.".to_owned(),
        (1, 0) => "The one check would come to the same as by what is in force.".to_owned(),
        (judged, 0) => {
            format!("All {} would come to the same as by what is in force.", checks(judged))
        }
        (judged, other) => format!(
            "Of {}, {} would come to something else than by what is in force.",
            checks(judged),
            number(other)
        ),
    };
    let mut caveats = Vec::new();
    if already > 0 {
        let what = "came to something else then, and would do so without this change as well";
        caveats.push(format!("{} {what}.", checks(already)));
    }
    if report.left_out > 0 {
        let what = "could not be judged: their agent is gone, or people decided and not policy";
        caveats.push(format!("{} {what}.", checks(report.left_out)));
    }
    if report.redacted > 0 {
        caveats.push(format!("{} held secrets, which are not kept.", checks(report.redacted)));
    }
    ReplayView { sentence, caveats, groups: report.by_weight().take(50).map(group).collect() }
}

fn group((difference, differing): (&Difference, &Differing)) -> GroupView {
    GroupView {
        from: words(difference.from),
        in_force: words(difference.in_force),
        to: words(difference.to),
        action: Text::said(difference.action.as_str()),
        rule: Text::line(&difference.rule),
        count: grouped(usize::try_from(differing.count).unwrap_or(usize::MAX)),
        examples: differing.examples.iter().map(example).collect(),
    }
}

fn example(example: &Example) -> ExampleView {
    let params = Value::Object(display::redact_object(&example.params)).to_string();
    ExampleView {
        seq: example.seq.0,
        at: Moment::at(example.at),
        agent: Text::line(&example.agent),
        params: Text::said(&params),
        before: Phrase::ticked(&example.before),
        after: Phrase::ticked(&example.after),
    }
}

/// A verdict as class and words.
fn words(decision: &str) -> (&'static str, &'static str) {
    match decision {
        "allow" => ("allow", "runs"),
        "deny" => ("deny", "is refused"),
        _ => ("requires_approval", "asks people"),
    }
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
