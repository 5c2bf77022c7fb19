//! Figures over requests: how many, how fast, by whom; as charts, tables and files.

mod bars;
mod chart;
mod csv;
mod habits;
mod suggestions;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use axum::routing::get;
use countersign_domain::approval::statistics::{
    ActionFigures, AgentFigures, ApproverFigures, Span, Statistics, Totals,
};
use jiff::{SignedDuration, Timestamp};

use super::layout::{
    Asked, Form, Frame, Page, Phrase, Section, Text, grouped, page, page_as, said,
};
use super::page::status;
use super::session::Viewer;
use crate::app::Error;
use crate::http::Shared;
use bars::{Bars, Counted, Name};
use chart::Chart;
use csv::{Table, table};
use habits::Habits;

/// The routes of the figures.
pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/approvals/stats", get(show))
        .route("/approvals/stats/suggestions", get(suggestions::show))
        .route("/approvals/stats.json", get(json))
        .route("/approvals/stats.csv", get(as_csv))
}

/// A name, and how many of what it asked for stand where.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: Text,
    href: String,
    total: String,
    totals: Totals,
    /// Approved among approved and denied, in percent.
    rate: Option<u64>,
}

/// How one person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Approver {
    email: String,
    count: usize,
    median: String,
    fast: Option<u64>,
}

#[derive(Template)]
#[template(path = "figures/show.html")]
struct Show {
    frame: Frame,
    from: String,
    to: String,
    /// Why the period that was asked for cannot be had; then it is the default one.
    wrong: Option<Phrase>,
    query: String,
    numbers: Vec<(&'static str, String, &'static str)>,
    chart: Chart,
    /// How long people took, as a chart and as rows.
    response_times: (Bars, Vec<(String, usize)>),
    tables: Vec<(Bars, Vec<Line>)>,
    reasons: (Bars, Vec<(String, usize)>),
    approvers: (Bars, Vec<Approver>),
    automatic: Vec<(String, String)>,
    habits: Habits,
    is_empty: bool,
}

async fn show(viewer: Viewer, State(surface): State<Shared>, Asked(form): Asked) -> Page {
    let (app, person) = (&surface.app, &viewer.person);
    let asked = period(&form, app.now());
    let (from, to) = asked.as_ref().ok().copied().unwrap_or(last_days(app.now()));
    let samples = app.samples(person, (from, to)).await?;
    let figures = Statistics::of(&samples, from, to, app.now());
    let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
    let last = to.checked_sub(SignedDuration::from_millis(1)).unwrap_or(to);
    let written = |name, at| form.owned(name).unwrap_or_else(|| day(at));
    let shown = Show {
        frame: Frame::new(&viewer, Section::Figures, "Statistics"),
        from: written("from", from),
        to: written("to", last),
        wrong: asked.as_ref().err().map(said),
        query: form.address(&[], None),
        numbers: numbers(&figures),
        chart: Chart::of(&figures.per_day),
        response_times: response_times(&figures.response_times),
        tables: tables(&figures),
        reasons: reasons(&figures),
        approvers: approvers(&figures.by_approver),
        automatic: figures.automatic.iter().map(|(by, n)| (by.clone(), grouped(*n))).collect(),
        habits: Habits::of(&samples, &person.person.email),
        is_empty: figures.by_agent.is_empty(),
    };
    match asked {
        Ok(_) => page(&shown),
        Err(error) => page_as(status(&error), &shown),
    }
}

async fn json(viewer: Viewer, State(surface): State<Shared>, Asked(form): Asked) -> Page {
    let (from, to) = period(&form, surface.app.now())?;
    let figures = surface.app.statistics(&viewer.person, from, to).await?;
    let name = "attachment; filename=\"countersign-statistics.json\"";
    Ok(([(header::CONTENT_DISPOSITION, name)], axum::Json(figures)).into_response())
}

/// One line per day; one table after the other with `table=agents`, `actions`, `reasons` or `approvers`.
async fn as_csv(viewer: Viewer, State(surface): State<Shared>, Asked(form): Asked) -> Page {
    let (from, to) = period(&form, surface.app.now())?;
    let figures = surface.app.statistics(&viewer.person, from, to).await?;
    let tables = [
        ("days", Table::Days),
        ("agents", Table::Agents),
        ("actions", Table::Actions),
        ("reasons", Table::Reasons),
        ("approvers", Table::Approvers),
    ];
    let text = table(&figures, form.one_of("table", &tables)?.unwrap_or(Table::Days));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"countersign-statistics.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// Whole days in UTC; the last thirty by default.
fn period(form: &Form, now: Timestamp) -> Result<(Timestamp, Timestamp), Error> {
    let (_, soon) = last_days(now);
    let end =
        |at: Timestamp| at.checked_add(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MAX);
    let to = form.day("to")?.map_or(soon, end);
    let from = form.day("from")?.unwrap_or_else(|| month_before(to));
    if from >= to {
        return Err(Error::invalid("from", "the first day is after the last one"));
    }
    Ok((from, to))
}

fn last_days(now: Timestamp) -> (Timestamp, Timestamp) {
    let soon = now.checked_add(SignedDuration::from_millis(1)).unwrap_or(Timestamp::MAX);
    (month_before(soon), soon)
}

fn month_before(to: Timestamp) -> Timestamp {
    to.checked_sub(SignedDuration::from_hours(24 * 30)).unwrap_or(Timestamp::MIN)
}

fn numbers(figures: &Statistics) -> Vec<(&'static str, String, &'static str)> {
    let totals = figures.totals;
    let all = totals.pending + totals.approved + totals.denied + totals.expired + totals.canceled;
    let rate =
        figures.approval_rate.map_or_else(|| "–".to_owned(), |rate| format!("{} %", percent(rate)));
    let times = figures.response_time_seconds;
    #[expect(clippy::cast_precision_loss, reason = "shown to two digits")]
    let oldest = figures.oldest_pending_seconds.map(|seconds| seconds as f64);
    let mut numbers = vec![
        ("Asked", grouped(all), ""),
        ("Pending", grouped(totals.pending), ""),
        ("Approved", grouped(totals.approved), ""),
        ("Denied", grouped(totals.denied), ""),
        ("Expired", grouped(totals.expired), ""),
        ("Approval rate", rate, "of those people decided"),
        ("Average answer", length(times.average), "after being asked"),
        ("Median answer", length(times.p50), "half are faster"),
        ("95th percentile", length(times.p95), "1 in 20 is slower"),
        ("Oldest pending", length(oldest), ""),
    ];
    let marked = [
        ("Self-approved", figures.marked.self_approved, "by who stands behind them"),
        ("Answered for another", figures.marked.in_place, "while they were away"),
        ("Reported by an agent", figures.marked.relayed, "of what people said"),
    ];
    let marked = marked.into_iter().filter(|(_, count, _)| *count > 0);
    numbers.extend(marked.map(|(name, count, note)| (name, grouped(count), note)));
    numbers
}

/// What the spans are called, and how many answers are in each.
fn response_times(spans: &[Span]) -> (Bars, Vec<(String, usize)>) {
    let starts = [None].into_iter().chain(spans.iter().map(|span| span.up_to_seconds));
    let named = spans.iter().zip(starts).map(|(span, start)| {
        #[expect(clippy::cast_precision_loss, reason = "days at most")]
        let told = |seconds: i64| match seconds {
            ..60 => format!("{seconds} s"),
            60.. => length(Some(seconds as f64)),
        };
        let name = match (start, span.up_to_seconds) {
            (None, Some(end)) => format!("within {end} s"),
            (Some(start), Some(end)) => format!("{} to {}", told(start), told(end)),
            (start, None) => format!("longer than {}", told(start.unwrap_or_default())),
        };
        (name, span.count)
    });
    let rows: Vec<(String, usize)> = named.collect();
    let all: Vec<Counted> = rows
        .iter()
        .map(|(name, count)| Counted::plain(Name::ours(name), grouped(*count), *count))
        .collect();
    (Bars::of("response-times", "How long people took to answer", &all), rows)
}

fn tables(figures: &Statistics) -> Vec<(Bars, Vec<Line>)> {
    let agent =
        |a: &AgentFigures| line(Text::line(&a.agent), ("agent", &a.agent), a.total, a.totals);
    let action =
        |a: &ActionFigures| line(Text::said(&a.action), ("action", &a.action), a.total, a.totals);
    let agents = figures.by_agent.iter();
    let actions = figures.by_action.iter();
    let agent_bar = |a: &AgentFigures| counted(Name::ours(&a.agent), a.total, a.totals);
    let action_bar = |a: &ActionFigures| counted(Name::said(&a.action), a.total, a.totals);
    let (by_agent, by_action): (Vec<_>, Vec<_>) =
        (agents.clone().map(agent_bar).collect(), actions.clone().map(action_bar).collect());
    vec![
        (Bars::of("by-agent", "By agent", &by_agent), agents.map(agent).collect()),
        (Bars::of("by-action", "By action", &by_action), actions.map(action).collect()),
    ]
}

fn counted(name: Name, total: usize, totals: Totals) -> Counted {
    let decided = totals.approved + totals.denied;
    let value = if decided > 0 {
        format!("{}, {} % approved", grouped(total), share(totals.approved, decided))
    } else {
        grouped(total)
    };
    Counted::of(name, value, totals)
}

fn line(name: Text, (field, value): (&str, &str), total: usize, totals: Totals) -> Line {
    let query = Form::default().address(&[], Some((field, value)));
    let decided = totals.approved + totals.denied;
    Line {
        name,
        href: format!("/approvals?view=all&{query}"),
        total: grouped(total),
        totals,
        rate: (decided > 0).then(|| share(totals.approved, decided)),
    }
}

fn reasons(figures: &Statistics) -> (Bars, Vec<(String, usize)>) {
    let shown = |code: &String| countersign_domain::display::sanitise(code);
    let counts = figures.by_reason_code.iter();
    let mut all: Vec<(String, usize)> = counts.map(|(code, n)| (shown(code), *n)).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let bar = |(code, n): &(String, usize)| Counted::plain(Name::ours(code), grouped(*n), *n);
    let drawn: Vec<Counted> = all.iter().map(bar).collect();
    (Bars::of("by-reason", "Why people were asked", &drawn), all)
}

fn approvers(figures: &[ApproverFigures]) -> (Bars, Vec<Approver>) {
    let rows: Vec<Approver> = figures.iter().map(approver).collect();
    let value = |one: &Approver| format!("{}, half within {}", grouped(one.count), one.median);
    let bar = |one: &Approver| Counted::plain(Name::ours(&one.email), value(one), one.count);
    let drawn: Vec<Counted> = rows.iter().map(bar).collect();
    (Bars::of("by-approver", "Who decided", &drawn), rows)
}

fn approver(figures: &ApproverFigures) -> Approver {
    Approver {
        email: figures.approver.clone(),
        count: figures.count,
        median: length(figures.median_seconds),
        fast: figures.share_within_3_seconds.map(percent),
    }
}

fn share(part: usize, whole: usize) -> u64 {
    let whole = whole.max(1);
    u64::try_from((part * 200 + whole) / (whole * 2)).unwrap_or(100)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
fn percent(rate: f64) -> u64 {
    (rate.clamp(0.0, 1.0) * 100.0).round() as u64
}

/// A length of time in the two units that matter.
fn length(seconds: Option<f64>) -> String {
    let Some(seconds) = seconds else { return "–".to_owned() };
    if seconds < 10.0 {
        return format!("{seconds:.1} s");
    }
    #[expect(clippy::cast_possible_truncation, reason = "no wait lasts so long")]
    let whole = seconds.round() as i64;
    let mut parts = Vec::new();
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let mut left = whole;
    for (size, unit) in units.into_iter().skip_while(|(size, _)| *size > whole).take(2) {
        let count = left / size;
        left %= size;
        if count > 0 {
            parts.push(format!("{count} {unit}"));
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn lengths_are_told_in_two_units() {
        let cases = [
            (0.4, "0.4 s"),
            (59.0, "59 s"),
            (61.0, "1 min 1 s"),
            (3600.0, "1 h"),
            (90_061.0, "1 d 1 h"),
        ];
        for (seconds, text) in cases {
            assert_eq!(length(Some(seconds)), text);
        }
    }
}
