//! How the last requests were decided: what comes too often to be read, and what nobody ever denies. It is shown to
//! the approver first, and not as blame. Where several have to agree, it tells of whoever decided it in the end.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::approval::statistics::Sample;
use countersign_domain::approval::{Risk, Status};
use countersign_domain::identity::Email;
use countersign_domain::policy::ReasonCode;
use jiff::SignedDuration;

use super::{length, share};
use crate::dashboard::layout::{Form, Text};

/// How many requests are looked at: the last ones of the period that people decided.
const LAST: usize = 200;
/// What is too fast to have been read.
const AT_A_GLANCE: SignedDuration = SignedDuration::from_secs(3);
/// How many yeses without a no make a habit.
const ALWAYS: usize = 5;

/// How the last requests were decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Habits {
    /// How many were looked at.
    pub(super) looked_at: usize,
    /// How fast people answer what is more than low; the viewer first.
    pub(super) quick: Vec<Quick>,
    /// What nobody denied.
    pub(super) never_denied: Vec<NeverDenied>,
}

/// How fast one person decides requests of medium risk and above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quick {
    pub(super) who: String,
    pub(super) is_you: bool,
    /// How many of them.
    pub(super) of: usize,
    /// How many within three seconds.
    pub(super) fast: usize,
    pub(super) percent: u64,
}

/// A kind of request that nobody denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NeverDenied {
    pub(super) agent: Text,
    pub(super) action: Text,
    pub(super) href: String,
    pub(super) reason: String,
    pub(super) approved: usize,
    pub(super) people: usize,
    pub(super) median: String,
}

impl Habits {
    /// Looks at the last samples that people decided.
    pub(super) fn of(samples: &[Sample], viewer: &Email) -> Self {
        let by_people = |sample: &&Sample| {
            matches!(sample.status, Status::Approved | Status::Denied) && sample.automatic.is_none()
        };
        let decided: Vec<&Sample> = samples.iter().rev().filter(by_people).take(LAST).collect();
        Self {
            looked_at: decided.len(),
            quick: quick(&decided, viewer),
            never_denied: never_denied(&decided),
        }
    }

    /// Whether there is anything to show.
    pub(super) const fn is_empty(&self) -> bool {
        self.quick.is_empty() && self.never_denied.is_empty()
    }
}

/// After what time it was decided.
fn took(sample: &Sample) -> Option<SignedDuration> {
    sample.decided_at.map(|at| at.duration_since(sample.created_at))
}

fn quick(decided: &[&Sample], viewer: &Email) -> Vec<Quick> {
    let mut people: BTreeMap<&str, Quick> = BTreeMap::new();
    for sample in decided.iter().filter(|sample| sample.risk >= Risk::Medium) {
        let (Some(who), Some(took)) = (sample.approver.as_deref(), took(sample)) else { continue };
        let one = people.entry(who).or_insert_with(|| Quick {
            who: who.to_owned(),
            is_you: who == viewer.as_str(),
            of: 0,
            fast: 0,
            percent: 0,
        });
        one.of += 1;
        one.fast += usize::from(took <= AT_A_GLANCE);
    }
    let mut all: Vec<Quick> = people.into_values().collect();
    for one in &mut all {
        one.percent = share(one.fast, one.of);
    }
    all.sort_by_key(|one| (!one.is_you, std::cmp::Reverse(one.percent), one.who.clone()));
    all
}

/// What became of one kind of request.
#[derive(Default)]
struct Kind<'a> {
    approved: usize,
    denied: usize,
    people: BTreeSet<&'a str>,
    times: Vec<SignedDuration>,
}

fn never_denied(decided: &[&Sample]) -> Vec<NeverDenied> {
    let mut kinds: BTreeMap<(&str, &str, &str), Kind<'_>> = BTreeMap::new();
    for sample in decided.iter().filter(|s| s.reason_code != ReasonCode::AgentRequested) {
        let key = (&*sample.agent, &*sample.action, sample.reason_code.as_str());
        let kind = kinds.entry(key).or_default();
        kind.approved += usize::from(sample.status == Status::Approved);
        kind.denied += usize::from(sample.status == Status::Denied);
        kind.people.extend(sample.approver.as_deref());
        kind.times.extend(took(sample));
    }
    let always = kinds.into_iter().filter(|(_, kind)| kind.approved >= ALWAYS && kind.denied == 0);
    let mut lines: Vec<NeverDenied> = always.map(line).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.approved));
    lines
}

fn line(((agent, action, reason), mut kind): ((&str, &str, &str), Kind<'_>)) -> NeverDenied {
    kind.times.sort_unstable();
    let median = kind.times.get(kind.times.len() / 2).map(SignedDuration::as_secs_f64);
    let query = Form::default().address(&[], Some(("agent", agent)));
    let query = format!("{query}&{}", Form::default().address(&[], Some(("action", action))));
    NeverDenied {
        agent: Text::line(agent),
        action: Text::said(action),
        href: format!("/approvals?view=all&{query}"),
        reason: countersign_domain::display::sanitise(reason),
        approved: kind.approved,
        people: kind.people.len(),
        median: length(median),
    }
}

#[cfg(test)]
mod tests {
    use countersign_domain::approval::statistics::Marks;
    use jiff::Timestamp;

    use super::*;

    fn yes(number: i64, by: &str, took: i64) -> Sample {
        let created_at = Timestamp::from_second(number).unwrap();
        Sample {
            agent: "support".into(),
            action: "stripe.refund".into(),
            reason_code: ReasonCode::RequiresApproval,
            risk: Risk::Medium,
            status: Status::Approved,
            created_at,
            decided_at: Some(created_at + SignedDuration::from_secs(took)),
            approver: Some(by.into()),
            automatic: None,
            marks: Marks::default(),
        }
    }

    #[test]
    fn only_what_people_decided_and_is_more_than_low_is_held_against_the_clock() {
        let (ana, ben) = ("ana@example.com", "ben@example.com");
        let samples = [
            yes(1, ana, 3),
            yes(2, ana, 4),
            yes(3, ben, 1),
            Sample { risk: Risk::Low, ..yes(4, ana, 1) },
            Sample { approver: None, automatic: Some("auto:grant".into()), ..yes(5, ana, 0) },
            Sample { approver: None, status: Status::Expired, ..yes(6, ana, 1) },
            Sample { status: Status::Denied, risk: Risk::Critical, ..yes(7, ana, 2) },
        ];
        let habits = Habits::of(&samples, &ana.parse().unwrap());
        let told = |one: &Quick| (one.who.clone(), one.is_you, one.fast, one.of, one.percent);
        let quick: Vec<_> = habits.quick.iter().map(told).collect();
        assert_eq!(quick, [(ana.into(), true, 2, 3, 67), (ben.into(), false, 1, 1, 100)]);
        assert_eq!((habits.looked_at, habits.never_denied), (5, Vec::new()));
    }

    #[test]
    fn the_last_two_hundred_count_and_one_no_among_them_is_enough() {
        let mut samples: Vec<Sample> = (0..300).map(|n| yes(n, "ana@example.com", 60)).collect();
        samples[99].status = Status::Denied;
        let viewer: Email = "ben@example.com".parse().unwrap();
        let habits = Habits::of(&samples, &viewer);
        assert_eq!(habits.never_denied.iter().map(|one| one.approved).collect::<Vec<_>>(), [200]);
        samples[100].status = Status::Denied;
        assert_eq!(Habits::of(&samples, &viewer).never_denied, []);
    }
}
