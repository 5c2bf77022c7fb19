//! The record: looked through, looked into, verified, taken along.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use axum::routing::get;
use countersign_domain::audit::{Kind, Record, Verifier};
use countersign_domain::{ApprovalId, Seq, display};
use countersign_store::{RecordQuery, RecordSearch};
use jiff::SignedDuration;

use super::layout::{Asked, Form, Frame, Moment, Page, Section, Text, grouped, page};
use super::session::Viewer;
use crate::app::{Error, SignedIn};
use crate::http::{Failure, NamedPath, Shared};

/// How many records stand on a page.
const PAGE: usize = 50;
/// How many records the page verifies at once; the whole record is for `countersign audit verify`.
const VERIFIED: usize = 500;

/// The routes of the record.
pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/audit", get(list))
        .route("/audit/export", get(export))
        .route("/audit/{id}", get(show))
}

/// One record as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    seq: u64,
    at: Moment,
    kind: &'static str,
    who: Text,
    caller: String,
    approval: Option<String>,
    what: Text,
    /// Whether there is no detail that could be told in a line.
    says_nothing: bool,
}

#[derive(Template)]
#[template(path = "record/list.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
    /// Whether so many were found as a page holds, and not fewer among so many that were looked at.
    is_full: bool,
    people: Vec<String>,
    kinds: Vec<&'static str>,
    agents: Vec<String>,
    /// What is filtered by in the folded part: in words, and the address without it.
    chips: Vec<(String, String)>,
    form: Form,
    older: Option<String>,
    chain: Chain,
}

/// What is known about the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Chain {
    length: String,
    head: String,
    checked: String,
    broken: Option<String>,
}

#[derive(Template)]
#[template(path = "record/show.html")]
struct Show {
    frame: Frame,
    row: Row,
    data: Text,
    hash: String,
    prev: String,
    digest: Option<String>,
    assurance: Option<String>,
    ip: Option<String>,
    details: Vec<(&'static str, Text)>,
    older: Option<u64>,
    newer: Option<u64>,
}

async fn list(viewer: Viewer, State(surface): State<Shared>, Asked(form): Asked) -> Page {
    let person = &viewer.person;
    let wanted = wanted(&form, person, surface.app.now())?;
    let mut found = surface.app.search_record(person, &wanted).await?;
    found.records.reverse();
    let older = found.next.map(|next| {
        format!("/audit?{}", form.address(&["before"], Some(("before", &next.0.to_string()))))
    });
    page(&List {
        chain: chain(&surface, person).await?,
        frame: Frame::new(&viewer, Section::Record, "Record"),
        rows: found.records.iter().map(row).collect(),
        is_full: found.records.len() == PAGE,
        people: person.snapshot.people().iter().map(|person| person.email.to_string()).collect(),
        kinds: Kind::ALL.iter().map(|kind| kind.as_str()).collect(),
        agents: person.snapshot.agents().iter().map(|agent| agent.name.clone()).collect(),
        chips: chips(&form),
        form,
        older,
    })
}

async fn show(
    viewer: Viewer,
    State(surface): State<Shared>,
    seq: Result<NamedPath, Failure>,
) -> Page {
    let text = seq?.0;
    let missing = || Error::not_found("record", &text);
    let seq: u64 = text.parse().map_err(|_| missing())?;
    let before = Seq(seq.checked_sub(1).ok_or_else(missing)?);
    let query = RecordQuery { after: before, limit: 2, ..RecordQuery::default() };
    let mut found = surface.app.records(&viewer.person, &query).await?.into_iter();
    let record = found.next().filter(|record| record.seq.0 == seq).ok_or_else(missing)?;
    let data = serde_json::to_string_pretty(&display::redact(&record.data)).unwrap_or_default();
    let assurance = record.caller.assurance.and_then(|a| serde_json::to_value(a).ok());
    page(&Show {
        frame: Frame::new(&viewer, Section::Record, format!("Record {seq}")),
        row: row(&record),
        data: Text::json(&data),
        hash: record.hash.to_string(),
        prev: record.prev.to_string(),
        digest: record.digest.map(|digest| digest.to_string()),
        assurance: assurance.and_then(|a| a.as_str().map(|a| a.replace('_', " "))),
        ip: record.caller.ip.map(|ip| ip.to_string()),
        details: details(&record.data),
        older: seq.checked_sub(1).filter(|seq| *seq > 0),
        newer: found.next().map(|record| record.seq.0),
    })
}

/// The whole record, for `countersign audit verify`.
async fn export(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let body = crate::api::export(surface, viewer.person)?;
    let name = "attachment; filename=\"countersign-record.jsonl\"";
    Ok(([(header::CONTENT_DISPOSITION, name)], body).into_response())
}

fn wanted(form: &Form, person: &SignedIn, now: jiff::Timestamp) -> Result<RecordSearch, Error> {
    let agent = match form.text("agent") {
        Some(name) => {
            Some(person.snapshot.agent(name).ok_or_else(|| Error::not_found("agent", name))?.id)
        }
        None => None,
    };
    let kinds: Vec<(&str, Kind)> = Kind::ALL.iter().map(|kind| (kind.as_str(), *kind)).collect();
    let age = form.text("age").map(countersign_domain::time::parse_duration).transpose();
    let age: Option<SignedDuration> = age.map_err(|error| Error::invalid("age", error))?;
    let before: Option<u64> = form.parsed("before")?;
    let within = RecordQuery {
        after: Seq(before.unwrap_or_default()),
        approval: form.parsed::<ApprovalId>("approval")?,
        agent,
        kind: form.one_of("kind", &kinds)?,
        from: form.day("from")?.max(age.and_then(|age| now.checked_sub(age).ok())),
        to: form.day("to")?.map(|day| {
            day.checked_add(SignedDuration::from_hours(24)).unwrap_or(jiff::Timestamp::MAX)
        }),
        newest: true,
        limit: PAGE,
    };
    let by = form.text("by").map(|name| crate::api::doer(person, name)).transpose()?;
    let text = form.owned("q").filter(|text| !text.trim().is_empty());
    Ok(RecordSearch { within, by, text })
}

/// The filters that do not stand open on the page.
fn chips(form: &Form) -> Vec<(String, String)> {
    let folded = [("agent", "about"), ("approval", "about"), ("from", "from"), ("to", "up to")];
    let chip = |(name, word): &(&str, &str)| {
        let text = display::sanitise(form.text(name)?);
        Some((
            format!("{word} {text}"),
            format!("/audit?{}", form.address(&[name, "before"], None)),
        ))
    };
    folded.iter().filter_map(chip).collect()
}

fn row(record: &Record) -> Row {
    let caller = serde_json::to_value(record.caller.kind).ok();
    Row {
        seq: record.seq.0,
        at: Moment::at(record.at),
        kind: record.kind.as_str(),
        who: Text::line(&who(record)),
        caller: caller.and_then(|c| c.as_str().map(str::to_owned)).unwrap_or_default(),
        approval: record.approval_id.map(|id| id.to_string()),
        says_nothing: what(record).is_empty(),
        what: Text::said(&what(record)),
    }
}

/// Who did it, in whose place, and whether it was about a request of their own.
fn who(record: &Record) -> String {
    let name = &record.caller.name;
    let of = record.data.pointer("/in_place_of/person/email").and_then(|email| email.as_str());
    let own = record.data.get("self_approved").and_then(serde_json::Value::as_bool) == Some(true);
    match of {
        Some(of) => format!("{name} for {of}"),
        None if own => format!("{name}, their own request"),
        None => name.clone(),
    }
}

/// What a person said, and on what they based it, where the record is about an answer.
fn details(data: &serde_json::Value) -> Vec<(&'static str, Text)> {
    let data = display::redact(data);
    let parts = [
        ("Answer", "/answer/say"),
        ("Reason", "/answer/reason"),
        ("Notes", "/notes"),
        ("Evidence", "/evidence"),
        ("Typed by", "/operator"),
        ("Reported by", "/relayed_by/name"),
        ("Answered by", "/answered_by"),
        ("Shown then", "/presented"),
        ("Policy then", "/policy"),
        ("Verdict", "/verdict"),
        ("Reason code", "/reason_code"),
    ];
    let text = |(name, path): &(&'static str, &str)| {
        let text = data.pointer(path)?.as_str()?;
        Some((*name, Text::said_lines(text)))
    };
    let mut found: Vec<_> = parts.iter().filter_map(text).collect();
    if data.pointer("/self_approved") == Some(&serde_json::Value::Bool(true)) {
        found.push(("Whose request", Text::line("their own: self-approved")));
    }
    found
}

/// The one detail that tells most.
fn what(record: &Record) -> String {
    let data = display::redact(&record.data);
    let at = |path: &str| data.pointer(path).and_then(|value| value.as_str()).map(str::to_owned);
    let paths = [
        "/answer/reason",
        "/reason",
        "/body",
        "/question",
        "/card/summary",
        "/summary",
        "/action",
        "/agent/name",
        "/after/name",
        "/person/email",
        "/after/email",
        "/email",
        "/name",
        "/permission/pattern",
        "/pattern",
        "/webhook/url",
        "/after/url",
        "/notes",
        "/logged/action",
        "/delegation/reason",
        "/view/name",
        "/execution/error",
        "/receipt",
        "/answered_by",
    ];
    paths.iter().find_map(|path| at(path)).unwrap_or_default()
}

/// Verifies the end of the chain, and says where it ends.
async fn chain(surface: &Shared, person: &SignedIn) -> Result<Chain, Error> {
    let head = surface.app.head(person.org()).await?;
    let start = head.seq.0.saturating_sub(u64::try_from(VERIFIED).unwrap_or_default());
    let query = RecordQuery { after: Seq(start), limit: VERIFIED, ..RecordQuery::default() };
    let records = surface.app.records(person, &query).await?;
    let count = records.len();
    let mut verifier = Verifier::from_the_middle(records.first());
    let broken = records.into_iter().find_map(|record| verifier.next(record).err());
    Ok(Chain {
        length: grouped(usize::try_from(head.seq.0).unwrap_or(usize::MAX)),
        head: head.hash.to_string(),
        checked: grouped(count),
        broken: broken.map(|error| error.to_string()),
    })
}
