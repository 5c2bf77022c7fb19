//! What a replay found.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::past::Past;
use crate::audit::Record;
use crate::json::Object;
use crate::policy::{Decision, Verdict};
use crate::{Action, Seq};

/// How many examples of a difference are kept.
const EXAMPLES: usize = 3;

/// What would have been different.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// How many recorded checks were judged again.
    pub judged: u64,
    /// How many of them come to the same.
    pub same: u64,
    /// How many could not be judged: their agent is gone, people and not policy had decided, or they repeat a
    /// question for which nobody would have been asked.
    pub left_out: u64,
    /// How many of the judged ones hold values that were hidden when they were recorded.
    pub redacted: u64,
    /// The differences, grouped.
    pub differences: BTreeMap<Difference, Differing>,
}

/// A group of differences.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// What was decided: `allow`, `deny` or `escalate`.
    pub from: &'static str,
    /// What would be decided.
    pub to: &'static str,
    /// The action.
    pub action: Action,
    /// The rules that would decide, or the reason code where none does.
    pub rule: String,
}

/// How often a difference occurs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Differing {
    /// How often.
    pub count: u64,
    /// The first few of them.
    pub examples: Vec<Example>,
}

/// One check that would have come to something else.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Its place in the log.
    pub seq: Seq,
    /// When it was.
    pub at: Timestamp,
    /// The name of the agent.
    pub agent: String,
    /// The parameters, as recorded.
    pub params: Object,
    /// Why it was decided as it was.
    pub before: String,
    /// Why it would be decided otherwise.
    pub after: String,
}

impl Report {
    pub(super) fn compare(
        &mut self,
        record: &Record,
        (past, agent): (Past, String),
        before: Decision,
        verdict: &Verdict,
    ) {
        self.judged += 1;
        self.redacted += u64::from(past.is_redacted());
        if verdict.decision == before {
            self.same += 1;
            return;
        }
        let rule = match verdict.rules.as_slice() {
            [] => verdict.reason_code.to_string(),
            rules => rules.join(", "),
        };
        let difference = Difference {
            from: word(before),
            to: word(verdict.decision),
            action: past.action,
            rule,
        };
        let group = self.differences.entry(difference).or_default();
        group.count += 1;
        if group.examples.len() < EXAMPLES {
            group.examples.push(Example {
                seq: record.seq,
                at: record.at,
                agent,
                params: past.params,
                before: past.reason.unwrap_or_else(|| {
                    past.reason_code.map(|code| code.to_string()).unwrap_or_default()
                }),
                after: verdict.reason.clone(),
            });
        }
    }
}

const fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "allow",
        Decision::Deny => "deny",
        Decision::Escalate => "escalate",
    }
}
