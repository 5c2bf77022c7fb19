//! How the figures are counted.

use std::collections::{BTreeMap, HashMap};

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
        let samples: Vec<&Sample> =
            samples.iter().filter(|s| from <= s.created_at && s.created_at < to).collect();
        let totals = totals(&samples);
        let automatic = automatic(&samples);
        let by_people = totals.approved - automatic.values().sum::<usize>();
        Self {
            period: Period { from, to },
            totals,
            approval_rate: ratio(by_people, by_people + totals.denied),
            automatic,
            marked: marked(&samples),
            response_time_seconds: response_time(&samples),
            response_times: spans(&samples),
            oldest_pending_seconds: oldest_pending(&samples, now).map(|age| age.as_secs()),
            by_agent: by_agent(&samples),
            by_reason_code: by_reason_code(&samples),
            by_action: by_action(&samples),
            by_approver: by_approver(&samples),
            per_day: per_day(&samples),
        }
    }
}

fn totals(samples: &[&Sample]) -> Totals {
    let mut totals = Totals::default();
    for sample in samples {
        totals.count(sample.status);
    }
    totals
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

/// Only what grants approved has a label.
fn automatic(samples: &[&Sample]) -> BTreeMap<String, usize> {
    let mut labels = BTreeMap::new();
    for label in samples.iter().filter_map(|sample| sample.automatic.as_ref()) {
        *labels.entry(label.clone()).or_default() += 1;
    }
    labels
}

fn marked(samples: &[&Sample]) -> Marked {
    let count = |has: fn(&Marks) -> bool| samples.iter().filter(|s| has(&s.marks)).count();
    Marked {
        self_approved: count(|marks| marks.self_approved),
        in_place: count(|marks| marks.in_place),
        relayed: count(|marks| marks.relayed),
    }
}

fn oldest_pending(samples: &[&Sample], now: Timestamp) -> Option<SignedDuration> {
    let pending = samples.iter().filter(|s| s.status == Status::Pending);
    let oldest = pending.map(|s| s.created_at).min()?;
    Some(now.duration_since(oldest).max(SignedDuration::ZERO))
}

fn by_agent(samples: &[&Sample]) -> Vec<AgentFigures> {
    let figures = |(agent, total, totals)| AgentFigures { agent, total, totals };
    most_frequent(samples, |s| &s.agent).into_iter().map(figures).collect()
}

fn by_action(samples: &[&Sample]) -> Vec<ActionFigures> {
    let figures = |(action, total, totals)| ActionFigures { action, total, totals };
    most_frequent(samples, |s| &s.action).into_iter().take(MOST_ACTIONS).map(figures).collect()
}

/// How many samples of each name stand where, the most first; names with as many stand in their own order.
fn most_frequent(
    samples: &[&Sample],
    name: fn(&Sample) -> &String,
) -> Vec<(String, usize, Totals)> {
    let mut groups: HashMap<&String, Totals> = HashMap::new();
    for sample in samples {
        groups.entry(name(sample)).or_default().count(sample.status);
    }
    let count = |(name, totals): (&String, Totals)| (name.clone(), totals.sum(), totals);
    let mut counted: Vec<_> = groups.into_iter().map(count).collect();
    counted.sort_by(|(one, few, _), (other, many, _)| many.cmp(few).then_with(|| one.cmp(other)));
    counted
}

fn by_reason_code(samples: &[&Sample]) -> BTreeMap<String, usize> {
    let mut codes: HashMap<&ReasonCode, usize> = HashMap::new();
    for sample in samples {
        *codes.entry(&sample.reason_code).or_default() += 1;
    }
    codes.into_iter().map(|(code, count)| (code.to_string(), count)).collect()
}

fn response_time(samples: &[&Sample]) -> ResponseTime {
    let mut times: Vec<SignedDuration> =
        samples.iter().filter_map(|s| answered(s)).map(|(_, time)| time).collect();
    times.sort_unstable();
    ResponseTime {
        average: average(&times).map(seconds),
        p50: nearest_rank(&times, 50).map(seconds),
        p95: nearest_rank(&times, 95).map(seconds),
    }
}

fn spans(samples: &[&Sample]) -> Vec<Span> {
    let ends: Vec<Option<i64>> = SPANS.into_iter().map(Some).chain([None]).collect();
    let mut spans: Vec<Span> =
        ends.into_iter().map(|up_to_seconds| Span { up_to_seconds, count: 0 }).collect();
    for (_, time) in samples.iter().filter_map(|s| answered(s)) {
        let within = |span: &Span| {
            span.up_to_seconds.is_none_or(|most| time <= SignedDuration::from_secs(most))
        };
        if let Some(span) = spans.iter_mut().find(|span| within(span)) {
            span.count += 1;
        }
    }
    spans
}

fn by_approver(samples: &[&Sample]) -> Vec<ApproverFigures> {
    let mut people: HashMap<&String, Vec<SignedDuration>> = HashMap::new();
    for (approver, time) in samples.iter().filter_map(|s| answered(s)) {
        people.entry(approver).or_default().push(time);
    }
    let figures = |(approver, mut times): (&String, Vec<SignedDuration>)| {
        times.sort_unstable();
        ApproverFigures {
            approver: approver.clone(),
            count: times.len(),
            median_seconds: nearest_rank(&times, 50).map(seconds),
            share_within_3_seconds: ratio(
                times.partition_point(|t| *t <= AT_A_GLANCE),
                times.len(),
            ),
        }
    };
    let mut counted: Vec<_> = people.into_iter().map(figures).collect();
    counted.sort_by(|one, other| {
        other.count.cmp(&one.count).then_with(|| one.approver.cmp(&other.approver))
    });
    counted
}

/// Who decided it and after what time, if a person said yes or no.
fn answered(sample: &Sample) -> Option<(&String, SignedDuration)> {
    match sample.status {
        Status::Approved | Status::Denied => {
            let time = sample.decided_at?.duration_since(sample.created_at);
            Some((sample.approver.as_ref()?, time.max(SignedDuration::ZERO)))
        }
        Status::Pending | Status::Expired | Status::Canceled => None,
    }
}

fn per_day(samples: &[&Sample]) -> Vec<DayFigures> {
    let mut days: HashMap<i64, (usize, Totals)> = HashMap::new();
    for sample in samples {
        days.entry(day(sample.created_at)).or_default().0 += 1;
        if let Some(at) = sample.decided_at {
            days.entry(day(at)).or_default().1.count(sample.status);
        }
    }
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

/// The time at place `⌈percent / 100 · n⌉` of `n` times in ascending order.
fn nearest_rank(sorted: &[SignedDuration], percent: usize) -> Option<SignedDuration> {
    let place = (sorted.len() * percent).div_ceil(100);
    sorted.get(place.checked_sub(1)?).copied()
}

fn seconds(time: SignedDuration) -> f64 {
    time.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
