//! What a replay found.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::course::Judged;
use crate::audit::Record;
use crate::json::Object;
use crate::policy::Decision;
use crate::{Action, Seq};

/// How many examples of a difference are kept.
const EXAMPLES: usize = 3;

/// What would have been different.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// How many recorded checks were judged again.
    pub judged: u64,
    /// How many of them come to what was decided then.
    pub same: u64,
    /// How many of them come to something else than by what is in force: what the change does.
    pub changed: u64,
    /// How many could not be judged: their agent is gone, people and not policy had decided, or they repeat a
    /// question for which nobody would have been asked.
    pub left_out: u64,
    /// How many of the judged ones hold values that were hidden when they were recorded.
    pub redacted: u64,
    /// The differences from then or from what is in force, grouped.
    pub differences: BTreeMap<Difference, Differing>,
}

/// A group of differences.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// What was decided: `allow`, `deny` or `escalate`.
    pub from: &'static str,
    /// What would be decided by what is in force.
    pub in_force: &'static str,
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
    /// The differences: those that the change makes first, then the most frequent.
    pub fn by_weight(&self) -> impl Iterator<Item = (&Difference, &Differing)> {
        let mut all: Vec<_> = self.differences.iter().collect();
        all.sort_by_key(|(what, how)| (!what.is_of_the_change(), Reverse(how.count)));
        all.into_iter()
    }

    /// Takes a check that was judged, with what would be decided by what is in force.
    pub(super) fn compare(&mut self, record: &Record, judged: Judged, in_force: Decision) {
        let Judged { past, agent, before, verdict } = judged;
        let (is_same, is_changed) = (verdict.decision == before, verdict.decision != in_force);
        self.judged += 1;
        self.redacted += u64::from(past.is_redacted());
        self.same += u64::from(is_same);
        self.changed += u64::from(is_changed);
        if is_same && !is_changed {
            return;
        }
        let rule = match verdict.rules.as_slice() {
            [] => verdict.reason_code.to_string(),
            rules => rules.join(", "),
        };
        let difference = Difference {
            from: word(before),
            in_force: word(in_force),
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
                after: verdict.reason,
            });
        }
    }
}

impl Difference {
    /// Whether the change does it, and not what is in force already.
    pub fn is_of_the_change(&self) -> bool {
        self.to != self.in_force
    }
}

const fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "allow",
        Decision::Deny => "deny",
        Decision::Escalate => "escalate",
    }
}
