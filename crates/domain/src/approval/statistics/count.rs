//! How the figures are counted: in one pass, since a period may hold very many samples.

use std::collections::BTreeMap;

use foldhash::HashMap;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{
    ActionFigures, AgentFigures, ApproverFigures, DayFigures, Marked, Marks, Period, ResponseTime,
    Sample, Span, Statistics, Totals,
};
use crate::approval::Status;
use crate::policy::ReasonCode;

/// How many actions are listed.
const MOST_ACTIONS: usize = 20;

/// Seconds of a day in UTC.
const DAY: i64 = 86_400;

/// What is too fast to have been read.
const AT_A_GLANCE: SignedDuration = SignedDuration::from_secs(3);

/// The longest times of the spans that answers are counted in, in seconds: a glance, half a minute, two
/// minutes, ten, an hour, four, a day.
const SPANS: [i64; 7] = [3, 30, 120, 600, 3_600, 14_400, DAY];

impl Statistics {
    /// The figures over `samples` as they stand at `now`; samples created outside `from..to` are left out.
    pub fn of(samples: &[Sample], from: Timestamp, to: Timestamp, now: Timestamp) -> Self {
        let mut tally = Tally::default();
        for sample in samples.iter().filter(|s| from <= s.created_at && s.created_at < to) {
            tally.count(sample);
        }
        tally.figures(Period { from, to }, now)
    }
}

/// What was counted so far.
#[derive(Default)]
struct Tally<'a> {
    totals: Totals,
    /// Only what grants approved has a label.
    automatic: HashMap<&'a str, usize>,
    marked: Marked,
    oldest_pending: Option<Timestamp>,
    agents: HashMap<&'a str, Totals>,
    actions: HashMap<&'a str, Totals>,
    reason_codes: HashMap<&'a ReasonCode, usize>,
    /// After what time each person answered, each time.
    people: HashMap<&'a str, Vec<SignedDuration>>,
    /// How many were asked on a day, and what was decided on it.
    days: HashMap<i64, (usize, Totals)>,
}

impl<'a> Tally<'a> {
    fn count(&mut self, sample: &'a Sample) {
        self.totals.count(sample.status);
        if let Some(label) = &sample.automatic {
            *self.automatic.entry(label).or_default() += 1;
        }
        self.marked.count(sample.marks);
        if sample.status == Status::Pending {
            let oldest = self.oldest_pending.get_or_insert(sample.created_at);
            *oldest = sample.created_at.min(*oldest);
        }
        self.agents.entry(&sample.agent).or_default().count(sample.status);
        self.actions.entry(&sample.action).or_default().count(sample.status);
        *self.reason_codes.entry(&sample.reason_code).or_default() += 1;
        if let Some((approver, time)) = answered(sample) {
            self.people.entry(approver).or_default().push(time);
        }
        self.days.entry(day(sample.created_at)).or_default().0 += 1;
        if let Some(at) = sample.decided_at {
            self.days.entry(day(at)).or_default().1.count(sample.status);
        }
    }

    fn figures(self, period: Period, now: Timestamp) -> Statistics {
        let Self { totals, marked, .. } = self;
        let named = |(name, count): (&str, usize)| (name.to_owned(), count);
        let automatic: BTreeMap<_, _> = self.automatic.into_iter().map(named).collect();
        let by_people = totals.approved - automatic.values().sum::<usize>();
        let age = |oldest| now.duration_since(oldest).max(SignedDuration::ZERO).as_secs();
        let coded = |(code, count): (&ReasonCode, usize)| (code.to_string(), count);
        let mut times: Vec<SignedDuration> = self.people.values().flatten().copied().collect();
        Statistics {
            period,
            totals,
            approval_rate: ratio(by_people, by_people + totals.denied),
            automatic,
            marked,
            response_times: spans(&times),
            response_time_seconds: response_time(&mut times),
            oldest_pending_seconds: self.oldest_pending.map(age),
            by_agent: by_agent(self.agents),
            by_reason_code: self.reason_codes.into_iter().map(coded).collect(),
            by_action: by_action(self.actions),
            by_approver: by_approver(self.people),
            per_day: per_day(self.days),
        }
    }
}

impl Totals {
    const fn count(&mut self, status: Status) {
        match status {
            Status::Pending => self.pending += 1,
            Status::Approved => self.approved += 1,
            Status::Denied => self.denied += 1,
            Status::Expired => self.expired += 1,
            Status::Canceled => self.canceled += 1,
        }
    }

    const fn sum(&self) -> usize {
        let Self { pending, approved, denied, expired, canceled } = self;
        *pending + *approved + *denied + *expired + *canceled
    }
}

impl Marked {
    fn count(&mut self, marks: Marks) {
        self.self_approved += usize::from(marks.self_approved);
        self.in_place += usize::from(marks.in_place);
        self.relayed += usize::from(marks.relayed);
    }
}

fn by_agent(agents: HashMap<&str, Totals>) -> Vec<AgentFigures> {
    let figures = |(agent, total, totals)| AgentFigures { agent, total, totals };
    most_frequent(agents).into_iter().map(figures).collect()
}

fn by_action(actions: HashMap<&str, Totals>) -> Vec<ActionFigures> {
    let figures = |(action, total, totals)| ActionFigures { action, total, totals };
    most_frequent(actions).into_iter().take(MOST_ACTIONS).map(figures).collect()
}

/// The most first; names with as many stand in their own order.
fn most_frequent(groups: HashMap<&str, Totals>) -> Vec<(String, usize, Totals)> {
    let count = |(name, totals): (&str, Totals)| (name.to_owned(), totals.sum(), totals);
    let mut counted: Vec<_> = groups.into_iter().map(count).collect();
    counted.sort_by(|(one, few, _), (other, many, _)| many.cmp(few).then_with(|| one.cmp(other)));
    counted
}

fn response_time(times: &mut [SignedDuration]) -> ResponseTime {
    ResponseTime {
        average: average(times).map(seconds),
        p50: nearest_rank(times, 50).map(seconds),
        p95: nearest_rank(times, 95).map(seconds),
    }
}

fn spans(times: &[SignedDuration]) -> Vec<Span> {
    let ends: Vec<Option<i64>> = SPANS.into_iter().map(Some).chain([None]).collect();
    let mut spans: Vec<Span> =
        ends.into_iter().map(|up_to_seconds| Span { up_to_seconds, count: 0 }).collect();
    for time in times {
        let within = |span: &Span| {
            span.up_to_seconds.is_none_or(|most| *time <= SignedDuration::from_secs(most))
        };
        if let Some(span) = spans.iter_mut().find(|span| within(span)) {
            span.count += 1;
        }
    }
    spans
}

fn by_approver(people: HashMap<&str, Vec<SignedDuration>>) -> Vec<ApproverFigures> {
    let figures = |(approver, mut times): (&str, Vec<SignedDuration>)| ApproverFigures {
        approver: approver.to_owned(),
        count: times.len(),
        median_seconds: nearest_rank(&mut times, 50).map(seconds),
        share_within_3_seconds: ratio(
            times.iter().filter(|time| **time <= AT_A_GLANCE).count(),
            times.len(),
        ),
    };
    let mut counted: Vec<_> = people.into_iter().map(figures).collect();
    counted.sort_by(|one, other| {
        other.count.cmp(&one.count).then_with(|| one.approver.cmp(&other.approver))
    });
    counted
}

/// Who decided it and after what time, if a person said yes or no.
fn answered(sample: &Sample) -> Option<(&str, SignedDuration)> {
    match sample.status {
        Status::Approved | Status::Denied => {
            let time = sample.decided_at?.duration_since(sample.created_at);
            Some((sample.approver.as_deref()?, time.max(SignedDuration::ZERO)))
        }
        Status::Pending | Status::Expired | Status::Canceled => None,
    }
}

fn per_day(days: HashMap<i64, (usize, Totals)>) -> Vec<DayFigures> {
    let figures = |(day, (created, decided)): (i64, (usize, Totals))| {
        let Totals { approved, denied, expired, canceled, pending: _ } = decided;
        Some(DayFigures { date: date(day)?, created, approved, denied, expired, canceled })
    };
    let mut days: Vec<_> = days.into_iter().filter_map(figures).collect();
    days.sort_unstable_by_key(|figures| figures.date);
    days
}

/// The day in UTC, counted from 1970.
fn day(at: Timestamp) -> i64 {
    at.as_second().div_euclid(DAY)
}

/// The date of a day that a timestamp falls on.
fn date(day: i64) -> Option<Date> {
    let at = Timestamp::from_second(day * DAY).ok()?;
    Some(TimeZone::UTC.to_datetime(at).date())
}

fn average(times: &[SignedDuration]) -> Option<SignedDuration> {
    let sum: i128 = times.iter().map(SignedDuration::as_millis).sum();
    let average = sum.checked_div(i128::try_from(times.len()).ok()?)?;
    i64::try_from(average).ok().map(SignedDuration::from_millis)
}

/// The time at place `⌈percent / 100 · n⌉` of `n` times in ascending order; they are put in another order for it.
fn nearest_rank(times: &mut [SignedDuration], percent: usize) -> Option<SignedDuration> {
    let place = (times.len() * percent).div_ceil(100).checked_sub(1)?;
    (place < times.len()).then(|| *times.select_nth_unstable(place).1)
}

fn seconds(time: SignedDuration) -> f64 {
    time.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
