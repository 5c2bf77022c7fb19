//! What history suggests: what people always approve could run by itself, what they always deny could be refused,
//! and what nobody ever denies may not need them. Each suggestion brings its evidence, and the document that would
//! put it into force. It stays a suggestion: a person reads it, replays it, and applies it or not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::SignedDuration;
use serde::Serialize;
use serde_json::json;

use crate::approval::Status;
use crate::approval::statistics::Sample;
use crate::policy::ReasonCode;
use crate::policy::document::NamePattern;
use crate::{Action, ActionPattern};

/// How many answers make a habit.
const ALWAYS: usize = 10;

/// How many denials make a pattern.
const DENIALS: usize = 5;

/// How many people have to have approved it: one person's habit is not yet everyone's.
const PEOPLE: usize = 2;

/// Whoever thinks longer than this, in the middle of all answers, thinks.
const QUICKLY: SignedDuration = SignedDuration::from_mins(2);

/// What history suggests about one agent's action.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// What it is.
    pub kind: SuggestionKind,
    /// The agent.
    pub agent: String,
    /// The action.
    pub action: String,
    /// What it rests on, in a sentence.
    pub evidence: String,
    /// The document, as YAML; it applies as it is.
    pub yaml: String,
}

/// What is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionKind {
    /// A rule that lets it run.
    Allow,
    /// A grant that answers where a rule wants a person.
    Grant,
    /// A rule that refuses it.
    Deny,
}

/// What became of one agent's requests for one action, for one reason.
#[derive(Default)]
struct Habit {
    approved: usize,
    denied: usize,
    people: BTreeSet<Arc<str>>,
    times: Vec<SignedDuration>,
}

/// What these approvals suggest, by agent and action. What grants answered says nothing about people.
pub fn suggestions(samples: &[Sample]) -> Vec<Suggestion> {
    let mut habits: BTreeMap<(&str, &str), (Habit, BTreeSet<&str>)> = BTreeMap::new();
    for sample in samples.iter().filter(|sample| sample.automatic.is_none()) {
        let key = (&*sample.agent, &*sample.action);
        let (habit, reasons) = habits.entry(key).or_default();
        reasons.insert(sample.reason_code.as_str());
        habit.add(sample);
    }
    let suggest = |((agent, action), (habit, reasons)): (_, (Habit, BTreeSet<&str>))| {
        habit.suggests(&reasons).and_then(|kind| suggestion(kind, (agent, action), &habit))
    };
    habits.into_iter().filter_map(suggest).collect()
}

impl Habit {
    fn add(&mut self, sample: &Sample) {
        match sample.status {
            Status::Approved => self.approved += 1,
            Status::Denied => self.denied += 1,
            Status::Pending | Status::Expired | Status::Canceled => return,
        }
        self.people.extend(sample.approver.clone());
        self.times.extend(sample.decided_at.map(|at| at.duration_since(sample.created_at)));
    }

    /// Only what was opened by policy's default can be let run by a rule: where a rule wants a person, an allow
    /// of another one does not outweigh it, and a grant stands in. What an agent asked for itself stays asked.
    fn suggests(&self, reasons: &BTreeSet<&str>) -> Option<SuggestionKind> {
        let asked_itself = reasons.contains(ReasonCode::AgentRequested.as_str());
        let by_default = reasons.iter().all(|code| *code == ReasonCode::DefaultPolicy.as_str());
        let always = self.approved >= ALWAYS && self.denied == 0;
        let quickly = self.median() <= QUICKLY && self.people.len() >= PEOPLE;
        match (always && quickly, by_default) {
            _ if asked_itself => None,
            (true, true) => Some(SuggestionKind::Allow),
            (true, false) => Some(SuggestionKind::Grant),
            (false, _) if self.denied >= DENIALS && self.approved == 0 => {
                Some(SuggestionKind::Deny)
            }
            (false, _) => None,
        }
    }

    fn median(&self) -> SignedDuration {
        let mut times = self.times.clone();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or(SignedDuration::MAX)
    }
}

fn suggestion(
    kind: SuggestionKind,
    (agent, action): (&str, &str),
    habit: &Habit,
) -> Option<Suggestion> {
    // A name or an action that reads as a pattern would cover more than what was looked at.
    agent.parse::<NamePattern>().ok().filter(NamePattern::is_exact)?;
    action.parse::<Action>().ok()?;
    action.parse::<ActionPattern>().ok().filter(ActionPattern::is_exact)?;
    let people = habit.people.len();
    let evidence = match kind {
        SuggestionKind::Allow | SuggestionKind::Grant => format!(
            "approved {} times and never denied, by {people} people, in the middle after {} s",
            habit.approved,
            habit.median().as_secs(),
        ),
        SuggestionKind::Deny => {
            format!("denied {} times and never approved, by {people} people", habit.denied)
        }
    };
    let yaml = yaml(kind, (agent, action), (&evidence, habit.approved));
    let (agent, action) = (agent.to_owned(), action.to_owned());
    Some(Suggestion { kind, agent, action, evidence, yaml })
}

/// What whoever makes something easier by it has to know: an agent chooses for what it is approved often.
const UNSEEN: &str =
    "# The parameters were not looked at: say with `when` which may run, or all may.\n";

/// The document. Texts stand in it as JSON writes them, which YAML reads as the same.
fn yaml(
    kind: SuggestionKind,
    (agent, action): (&str, &str),
    (evidence, approved): (&str, usize),
) -> String {
    let name = json!(format!("suggested-{}", slug(&format!("{agent}-{action}"))));
    let (agents, actions) = (json!([agent]), json!([action]));
    let rule = |verdict: &str, caution: &str| {
        format!(
            "# {evidence}\n{caution}kind: Policy\nname: {name}\nrules:\n  - name: {verdict}\n    agents: {agents}\n    \
             actions: {actions}\n    verdict: {verdict}\n"
        )
    };
    match kind {
        SuggestionKind::Allow => rule("allow", UNSEEN),
        SuggestionKind::Deny => rule("deny", ""),
        SuggestionKind::Grant => format!(
            "# {evidence}\n{UNSEEN}kind: Grant\nname: {name}\nagents: {agents}\nactions: {actions}\n\
             limit: {{uses: {approved}, window: month}}\n"
        ),
    }
}

/// A text as a part of a name.
fn slug(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    text.chars().map(plain).take(150).collect()
}
