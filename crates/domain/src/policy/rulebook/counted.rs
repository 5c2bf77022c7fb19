//! The names of everything that is counted, and which of it a question is about.
//!
//! Parts of names that somebody chose are escaped, so that no two things ever share a counter.

use sha2::{Digest as _, Sha256};

use super::super::account::escaped;
use super::super::document::{Document, DocumentKind, Length, Rate, Window, Zone};
use super::super::{Counter, Question};
use super::{ReadyGrant, Rulebook};
use crate::policy::condition::Variable;

/// The counters of a grant: its uses, and its money.
pub(in crate::policy) fn grant_counters(
    grant: &ReadyGrant,
    question: &Question<'_>,
) -> [Counter; 2] {
    grant.grant.counters(question.now)
}

/// What asking counts: how often in a window, or when it was last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::policy) enum Attempt {
    /// At most so many in a window.
    Within(Window, u32),
    /// At least so long apart. Its counter holds the time of the last one, in seconds.
    Apart(Length),
}

/// The counters of a rate.
pub(in crate::policy) fn attempts(rate: &Rate, question: &Question<'_>) -> Vec<(Counter, Attempt)> {
    let counter = |what: &str, window: Window| Counter {
        name: format!("rate:{}/{what}", question.agent.id),
        since: window.start(question.now, &Zone::default()),
    };
    let mut counters = Vec::new();
    if let Some(most) = rate.per_hour {
        counters.push((counter("hour", Window::Hour), Attempt::Within(Window::Hour, most)));
    }
    if let Some(most) = rate.per_day {
        counters.push((counter("day", Window::Day), Attempt::Within(Window::Day, most)));
    }
    if let Some(apart) = rate.every {
        counters.push((counter("last", Window::Total), Attempt::Apart(apart)));
    }
    counters
}

/// The counter of dealings with another side.
pub(in crate::policy) fn seen(question: &Question<'_>, other_side: &str) -> Counter {
    let hash = hex::encode(Sha256::digest(other_side.as_bytes()));
    let name = format!("seen:{}/{hash}", question.agent.id);
    Counter { name, since: Window::Total.start(question.now, &Zone::default()) }
}

/// The counters of how often this agent asked for this action, however its parts are separated: in the hour, on the
/// day, ever.
pub(in crate::policy) fn history(question: &Question<'_>) -> [Counter; 3] {
    let action = escaped(&question.proposal.action.plain());
    [("hour", Window::Hour), ("day", Window::Day), ("total", Window::Total)].map(
        |(what, window)| Counter {
            name: format!("history:{}/{what}/{action}", question.agent.id),
            since: window.start(question.now, &Zone::default()),
        },
    )
}

/// The counter of how often this agent was let run this action, ever. Asking does not move it: no agent makes itself
/// known by asking again.
pub(in crate::policy) fn runs(question: &Question<'_>) -> Counter {
    let action = escaped(&question.proposal.action.plain());
    Counter {
        name: format!("history:{}/runs/{action}", question.agent.id),
        since: Window::Total.start(question.now, &Zone::default()),
    }
}

/// Every counter that answering a question may look at.
pub(super) fn needed(book: &Rulebook, question: &Question<'_>) -> Vec<Counter> {
    let mut counters = Vec::new();
    let manifest = book.agent(&question.agent.name).and_then(|agent| agent.manifest.as_ref());
    if let Some(manifest) = manifest {
        let rate = manifest.manifest.rate.iter();
        counters.extend(rate.flat_map(|rate| attempts(rate, question)).map(|(counter, _)| counter));
        counters.extend(manifest.other_side(question).map(|side| seen(question, &side)));
    }
    counters.extend(book.budgets(question).map(|b| b.counter(question)));
    let grants = book.grants(question);
    counters.extend(grants.iter().flat_map(|grant| grant_counters(grant, question)));
    if book.keeps_history(question) {
        counters.extend(history(question));
        counters.push(runs(question));
    }
    counters
}

impl Rulebook {
    /// Conditions that look into a budget which is not there, and so can only ask a person: whose, where, and which.
    pub fn unheard_of_budgets(&self) -> Vec<(DocumentKind, String, String, String)> {
        let rules = self.documents.iter().flat_map(|document| match document {
            Document::Policy(policy) => {
                let path = |index| format!("rules[{index}].when");
                let rules = 0..policy.rules.len();
                rules.map(|at| (DocumentKind::Policy, policy.name.clone(), path(at))).collect()
            }
            _ => Vec::new(),
        });
        let rules = rules.zip(self.rules.iter().map(|rule| rule.condition.as_ref()));
        let grants = self.grants.iter().map(|grant| {
            let name = grant.grant.name.clone();
            ((DocumentKind::Grant, name, "when".to_owned()), grant.condition.as_ref())
        });
        let mut unheard_of = Vec::new();
        for ((kind, name, path), condition) in rules.chain(grants) {
            for budget in condition.map_or(&[][..], |condition| condition.budgets()) {
                if !self.budgets.iter().any(|known| *known.name == **budget) {
                    unheard_of.push((kind, name.clone(), path.clone(), budget.clone()));
                }
            }
        }
        unheard_of
    }

    /// Whether something is counted from the beginning on: what was asked or spent ever, or who was dealt with.
    pub fn remembers_everything(&self) -> bool {
        let sides = self.agents.values().filter_map(|agent| agent.manifest.as_ref());
        let mut sides = sides.filter_map(|manifest| manifest.manifest.counterparty.as_ref());
        let mut budgets = self.budgets.iter().map(|budget| budget.budget.window);
        let mut grants = self.grants.iter().map(|grant| grant.grant.limit.window);
        self.looked_at.contains(&Variable::History)
            || sides.any(|side| side.escalate_new)
            || budgets.any(|window| window == Window::Total)
            || grants.any(|window| window == Window::Total)
    }

    /// Whether a rule or grant that could speak here looks at how often it was asked.
    pub(in crate::policy) fn keeps_history(&self, question: &Question<'_>) -> bool {
        self.looks_at(question, Variable::History)
    }

    /// Whether conditions that could speak here judge by what is counted. Then it is asked one after the other, since
    /// each that runs moves what the next one is judged by.
    pub fn judges_by_counts(&self, question: &Question<'_>) -> bool {
        self.looks_at(question, Variable::History) || self.looks_at(question, Variable::Budget)
    }

    /// Whether a rule or grant that could speak here looks at what is counted of this kind.
    pub(in crate::policy) fn looks_at(&self, question: &Question<'_>, at: Variable) -> bool {
        if !self.looked_at.contains(&at) {
            return false;
        }
        let rules = self.rules(question).map(|rule| rule.condition.as_ref());
        let grants = self.grants(question).into_iter().map(|grant| grant.condition.as_ref());
        rules.chain(grants).flatten().any(|condition| condition.mentions(at))
    }
}
