//! Figures over many approvals: how many, how fast, by whom. [`Statistics::of`] makes them of samples.

mod count;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::{Answer, Approval, Risk, Status};
use crate::policy::ReasonCode;

/// What the figures are made of: one approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The agent's name when it asked.
    pub agent: Arc<str>,
    /// What it asked for.
    pub action: Arc<str>,
    /// Why a person was asked.
    pub reason_code: ReasonCode,
    /// How much is at stake.
    pub risk: Risk,
    /// Where it stands.
    pub status: Status,
    /// When it was asked.
    pub created_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// The address of the person who decided it.
    pub approver: Option<Arc<str>>,
    /// The label of what answered in their place, `auto:grant` for example.
    pub automatic: Option<Arc<str>>,
    /// What is out of the ordinary about its answers.
    pub marks: Marks,
}

/// What is out of the ordinary about the answers to an approval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// Someone answered a request of their own.
    pub self_approved: bool,
    /// Someone answered in another one's place.
    pub in_place: bool,
    /// An agent reported what someone said.
    pub relayed: bool,
}

impl Marks {
    /// What is out of the ordinary about the answers to this approval.
    pub fn of(approval: &Approval) -> Self {
        let any = |has: fn(&Answer) -> bool| approval.answers.iter().any(has);
        Self {
            self_approved: any(|answer| answer.self_approved),
            in_place: any(|answer| answer.in_place_of.is_some()),
            relayed: any(|answer| answer.relayed_by.is_some()),
        }
    }
}

/// Figures over the approvals of a period. Every list has one order, whatever the order of the samples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statistics {
    /// Which approvals are counted.
    pub period: Period,
    /// How many stand where.
    pub totals: Totals,
    /// Approved among what people approved and denied, from 0 to 1; `None` where there is neither.
    pub approval_rate: Option<f64>,
    /// How many grants approved instead of people, by label. They are in the totals as well, and in no figure
    /// about people.
    pub automatic: BTreeMap<String, usize>,
    /// How many have answers that are out of the ordinary.
    pub marked: Marked,
    /// How fast people answered.
    pub response_time_seconds: ResponseTime,
    /// How many people answered within which time, the shortest first; each answer is in one of them.
    pub response_times: Vec<Span>,
    /// How long the oldest pending approval has waited, in whole seconds; `None` where none is pending.
    pub oldest_pending_seconds: Option<i64>,
    /// One entry per agent; the most asked for first, then by name.
    pub by_agent: Vec<AgentFigures>,
    /// How many approvals were opened for each reason.
    pub by_reason_code: BTreeMap<String, usize>,
    /// The twenty most frequent actions; the most asked for first, then by name.
    pub by_action: Vec<ActionFigures>,
    /// One entry per person who decided something; the busiest first, then by address.
    pub by_approver: Vec<ApproverFigures>,
    /// One entry per day on which something was asked or decided, in order.
    pub per_day: Vec<DayFigures>,
}

/// The approvals created from `from` on and before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The first moment.
    pub from: Timestamp,
    /// The moment after the last.
    pub to: Timestamp,
}

/// How many approvals have answers that are out of the ordinary. They are in all other figures as well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Marked {
    /// Someone answered a request of their own.
    pub self_approved: usize,
    /// Someone answered in another one's place.
    pub in_place: usize,
    /// An agent reported what someone said.
    pub relayed: usize,
}

/// How many approvals stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// People have not said enough yet.
    pub pending: usize,
    /// Enough people said yes.
    pub approved: usize,
    /// One person said no.
    pub denied: usize,
    /// Nobody said enough in time.
    pub expired: usize,
    /// It was withdrawn.
    pub canceled: usize,
}

/// How long approved and denied approvals waited for the person who decided them, in seconds; `None`
/// where people decided nothing. A percentile is the nearest rank: of `n` times in ascending order,
/// the p-th percentile is the one at place `⌈p / 100 · n⌉`, counted from 1; so it is a time that
/// really occurred.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ResponseTime {
    /// The arithmetic mean, to the millisecond.
    pub average: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// The time within which 95 of 100 were answered.
    pub p95: Option<f64>,
}

/// How many answers took so long, and longer than those of the span before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The longest time of this span, in seconds; `None` for everything above.
    pub up_to_seconds: Option<i64>,
    /// How many.
    pub count: usize,
}

/// What one agent asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgentFigures {
    /// Its name.
    pub agent: String,
    /// How many approvals it opened.
    pub total: usize,
    /// Where they stand.
    #[serde(flatten)]
    pub totals: Totals,
}

/// How often one action was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionFigures {
    /// The action.
    pub action: String,
    /// How many approvals were opened for it.
    pub total: usize,
    /// Where they stand.
    #[serde(flatten)]
    pub totals: Totals,
}

/// How one person decides.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApproverFigures {
    /// Their address.
    pub approver: String,
    /// How many approvals they decided.
    pub count: usize,
    /// The median of how long these waited (nearest rank).
    pub median_seconds: Option<f64>,
    /// The share that was decided within three seconds, from 0 to 1: too fast to have been read.
    pub share_within_3_seconds: Option<f64>,
}

/// What happened on one day in UTC, among the approvals of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DayFigures {
    /// The day.
    pub date: Date,
    /// How many were asked on it.
    pub created: usize,
    /// How many were approved on it.
    pub approved: usize,
    /// How many were denied on it.
    pub denied: usize,
    /// How many expired on it.
    pub expired: usize,
    /// How many were withdrawn on it.
    pub canceled: usize,
}

#[cfg(test)]
mod tests;
