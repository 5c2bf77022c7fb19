//! `countersign policy test`.

use clap::Args;
use countersign_domain::display::sanitise;
use countersign_domain::policy::document::parse::{Reading, SourceFile, read};
use countersign_domain::policy::document::plan;
use countersign_domain::policy::trial::{Bench, Tested};
use countersign_domain::policy::{TraceLine, Verdict};
use countersign_wire::policies::Validation;
use serde_json::{Value, json};

use super::files::Files;
use super::problems::{counted, errors, problems_text};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{fields, table, word};

const NEXT: &str = "mend what is named, then run it again; `countersign validate` shows it as well";

/// Run the tests (`kind: PolicyTest`) that stand beside documents, without a server.
#[derive(Debug, Args)]
#[command(
    after_help = "Exits with 0 if every test passes, else with 1.\n\nExample:\n  countersign policy test -f policies/"
)]
pub(crate) struct Test {
    #[command(flatten)]
    files: Files,
}

impl Test {
    pub(crate) fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let files = self.files.read()?;
        let (reading, bench) = bench(&files)?;
        if reading.tests.is_empty() {
            let what = "there is no test in these files";
            return Err(Failure::usage(what, "add documents of the kind PolicyTest"));
        }
        let tested: Vec<Tested> = reading.tests.iter().map(|test| bench.test(test)).collect();
        let failed = tested.iter().filter(|tested| !tested.differs.is_empty()).count();
        globals.output().show(&as_json(&tested), || as_text(&tested, failed))?;
        Ok(if failed == 0 { Exit::Success } else { Exit::Unexpected })
    }
}

/// Reads files and makes their documents ready, or says what is wrong with them.
pub(super) fn bench(files: &[SourceFile]) -> Result<(Reading, Bench), Failure> {
    let (_, problems) = plan::validate(files);
    let found = Validation::of(&problems);
    if errors(&found.problems) > 0 {
        return Err(Failure::Mistakes { text: problems_text(&found.problems, files), next: NEXT });
    }
    let reading = read(files);
    let documents = reading.documents.iter().map(|written| written.document.clone()).collect();
    let bench = Bench::of(documents).map_err(|errors| {
        let errors: Vec<_> = errors.iter().map(|error| sanitise(&error.to_string())).collect();
        Failure::Mistakes { text: errors.join("\n"), next: NEXT }
    })?;
    Ok((reading, bench))
}

/// A trace as a table.
pub(super) fn trace_table(trace: &[TraceLine]) -> String {
    let row = |line: &TraceLine| [word(&line.check), word(&line.result), line.details.to_string()];
    table(["check", "result", "details"], trace.iter().map(row))
}

/// What policy says, and how it came to it.
pub(super) fn explained(verdict: &Verdict) -> String {
    let stages = verdict.requirements.stages.iter();
    let stages: Vec<String> =
        stages.map(|stage| format!("{} of {}", stage.need, stage.name)).collect();
    let asks = verdict.decision == countersign_domain::policy::Decision::Escalate;
    let said = fields([
        ("verdict", word(&verdict.decision)),
        ("reason code", verdict.reason_code.to_string()),
        ("reason", verdict.reason.clone()),
        ("decided by", verdict.rules.join(", ")),
        ("risk at least", verdict.risk_floor.map(|risk| risk.to_string()).unwrap_or_default()),
        ("who must say yes", if asks { stages.join(", ") } else { String::new() }),
    ]);
    format!("{said}\n\n{}", trace_table(&verdict.trace))
}

fn as_json(tested: &[Tested]) -> Value {
    let one = |tested: &Tested| {
        json!({
            "name": tested.name,
            "passed": tested.differs.is_empty(),
            "differs": tested.differs,
            "verdict": tested.verdict.decision,
            "reason_code": tested.verdict.reason_code,
            "rules": tested.verdict.rules,
            "policy_trace": tested.verdict.trace,
        })
    };
    json!({"tests": tested.iter().map(one).collect::<Vec<_>>()})
}

fn as_text(tested: &[Tested], failed: usize) -> String {
    let row = |tested: &Tested| {
        let passed = if tested.differs.is_empty() { "passed" } else { "FAILED" };
        let verdict = &tested.verdict;
        let why = match verdict.rules.as_slice() {
            [] => verdict.reason_code.to_string(),
            rules => rules.join(", "),
        };
        [passed.to_owned(), tested.name.clone(), word(&verdict.decision), why]
    };
    let mut text = table(["result", "test", "verdict", "decided by"], tested.iter().map(row));
    for tested in tested.iter().filter(|tested| !tested.differs.is_empty()) {
        text.push_str(&format!("\n\n{}", fields([("FAILED", tested.name.clone())])));
        for differs in &tested.differs {
            text.push_str(&format!("\n  {}", sanitise(differs)));
        }
        text.push_str(&format!("\n{}", trace_table(&tested.verdict.trace)));
    }
    let passed = tested.len() - failed;
    text.push_str(&format!("\n\n{}, {failed} failed", counted(passed, "passed", "passed")));
    text
}
