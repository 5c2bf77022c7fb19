//! How the last requests were decided: what comes too often to be read, and what nobody ever denies. It is shown to
//! the approver first, and not as blame.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::approval::{AnsweredBy, Approval, Risk, Say, Status};
use countersign_domain::identity::Email;
use countersign_domain::policy::ReasonCode;
use countersign_store::{ApprovalQuery, Sort};
use jiff::{SignedDuration, Timestamp};

use super::{length, share};
use crate::app::{App, Error, OnTheLine, SignedIn};
use crate::dashboard::layout::{Form, Text};

/// How many requests are looked at: the last ones of the period.
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
    /// How many answers came from whoever stands behind the request.
    pub(super) self_approved: usize,
}

/// How fast one person answers requests of medium risk and above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quick {
    pub(super) who: String,
    pub(super) is_you: bool,
    /// How many of them.
    pub(super) of: usize,
    /// How many within three seconds.
    pub(super) fast: usize,
    pub(super) percent: u64,
    pub(super) self_approved: usize,
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
    /// Looks at the last requests of a period.
    pub(super) async fn of(
        app: &App,
        person: &SignedIn,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Self, Error> {
        let query = ApprovalQuery {
            from: Some(from),
            to: Some(to),
            sort: Sort::Created,
            limit: LAST,
            ..ApprovalQuery::default()
        };
        let found = app.list(&OnTheLine::Person(person.clone()), query).await?.items;
        let by_people = |a: &&Approval| match a.answered_by() {
            Some(AnsweredBy::Person(_) | AnsweredBy::Relayed { .. }) => true,
            Some(AnsweredBy::Auto(_) | AnsweredBy::Timeout) | None => false,
        };
        let decided: Vec<&Approval> = found.iter().filter(by_people).collect();
        let quick = quick(&decided, &person.person.email);
        Ok(Self {
            looked_at: decided.len(),
            self_approved: quick.iter().map(|one| one.self_approved).sum(),
            quick,
            never_denied: never_denied(&decided),
        })
    }

    /// Whether there is anything to show.
    pub(super) const fn is_empty(&self) -> bool {
        self.quick.is_empty() && self.never_denied.is_empty()
    }
}

fn quick(decided: &[&Approval], viewer: &Email) -> Vec<Quick> {
    let mut people: BTreeMap<&Email, Quick> = BTreeMap::new();
    for approval in decided.iter().filter(|a| a.card.risk >= Risk::Medium) {
        for answer in approval.answers.iter().filter(|answer| answer.relayed_by.is_none()) {
            let one = people.entry(&answer.by.email).or_insert_with(|| Quick {
                who: answer.by.email.to_string(),
                is_you: answer.by.email == *viewer,
                of: 0,
                fast: 0,
                percent: 0,
                self_approved: 0,
            });
            let took = answer.at.duration_since(approval.card.created_at);
            one.of += 1;
            one.fast += usize::from(took <= AT_A_GLANCE);
            one.self_approved += usize::from(answer.self_approved);
        }
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
    people: BTreeSet<&'a Email>,
    times: Vec<SignedDuration>,
}

fn never_denied(decided: &[&Approval]) -> Vec<NeverDenied> {
    let mut kinds: BTreeMap<(&str, &str, &str), Kind<'_>> = BTreeMap::new();
    for approval in decided.iter().filter(|a| a.card.reason_code != ReasonCode::AgentRequested) {
        let card = &approval.card;
        let key = (
            card.requester.name.as_str(),
            card.proposal.action.as_str(),
            card.reason_code.as_str(),
        );
        let kind = kinds.entry(key).or_default();
        kind.approved += usize::from(approval.state.status() == Status::Approved);
        kind.denied += usize::from(approval.state.status() == Status::Denied);
        let yeses = approval.answers.iter().filter(|answer| matches!(answer.say, Say::Approve));
        kind.people.extend(yeses.map(|answer| &answer.by.email));
        let took = approval.state.decided_at().map(|at| at.duration_since(card.created_at));
        kind.times.extend(took);
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
