//! The record: looked through, looked into, verified, taken along.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use axum::routing::get;
use countersign_domain::approval::Card;
use countersign_domain::audit::{Kind, Record, Verifier};
use countersign_domain::identity::CallerKind;
use countersign_domain::{ApprovalId, Seq, display};
use countersign_store::{RecordQuery, RecordSearch};
use jiff::SignedDuration;

use super::layout::{Asked, Form, Frame, Moment, Page, Phrase, Section, Text, grouped, page};
use super::session::Viewer;
use crate::app::{Error, OnTheLine, SignedIn, Visible};
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
    /// What the request is about, where it is about one that is still there.
    headline: Option<Phrase>,
    what: Phrase,
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
        rows: rows(&surface, person, &found.records).await,
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
    page(&Show {
        frame: Frame::new(&viewer, Section::Record, format!("Record {seq}")),
        row: row(&record, None),
        data: Text::json(&data),
        hash: record.hash.to_string(),
        prev: record.prev.to_string(),
        digest: record.digest.map(|digest| digest.to_string()),
        assurance: assurance(&record),
        ip: record.caller.ip.map(|ip| ip.to_string()),
        details: details(&record),
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
    Ok(RecordSearch { within, by, text: looked_for(form)? })
}

/// What is looked for: a word finds all that begin so, and one in quotation marks only itself.
fn looked_for(form: &Form) -> Result<Option<String>, Error> {
    let Some(text) = form.seen("q")? else { return Ok(None) };
    let part = |part: &str| match part.strip_prefix('"').and_then(|part| part.strip_suffix('"')) {
        Some(whole) if !whole.is_empty() => whole.to_owned(),
        Some(_) | None if part.ends_with('*') => part.to_owned(),
        Some(_) | None => format!("{part}*"),
    };
    Ok(Some(text.split_whitespace().map(part).collect::<Vec<_>>().join(" ")))
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

/// The records with what their requests are about, each of which is looked up once.
async fn rows(surface: &Shared, person: &SignedIn, records: &[Record]) -> Vec<Row> {
    let on_the_line = OnTheLine::Person(person.clone());
    let mut known: BTreeMap<ApprovalId, Option<Phrase>> = BTreeMap::new();
    for id in records.iter().filter_map(|record| record.approval_id) {
        if let Entry::Vacant(place) = known.entry(id) {
            let seen = surface.app.see(&on_the_line, id, Visible::default()).await;
            place.insert(seen.ok().map(|approval| Phrase::headline(&approval.headline())));
        }
    }
    let headline = |record: &Record| known.get(&record.approval_id?).cloned().flatten();
    records.iter().map(|record| row(record, headline(record))).collect()
}

fn row(record: &Record, headline: Option<Phrase>) -> Row {
    let caller = serde_json::to_value(record.caller.kind).ok();
    Row {
        seq: record.seq.0,
        at: Moment::at(record.at),
        kind: record.kind.as_str(),
        who: Text::line(&who(record)),
        caller: caller.and_then(|c| c.as_str().map(str::to_owned)).unwrap_or_default(),
        approval: record.approval_id.map(|id| id.to_string()),
        headline,
        what: what(record),
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

/// What a person said, and on what they based it, where the record is about an answer. Only what an agent wrote is
/// framed.
fn details(record: &Record) -> Vec<(&'static str, Text)> {
    let data = display::redact(&record.data);
    let of_agent = is_of_agent(record);
    let parts = [
        ("Answer", "/answer/say", false),
        ("Whose answer", "/person/email", false),
        ("Reason", "/answer/reason", of_agent),
        ("Notes", "/notes", of_agent),
        ("Evidence", "/evidence", of_agent),
        ("Typed by", "/operator", of_agent),
        ("Reported by", "/relayed_by/name", false),
        ("Answered by", "/answered_by", false),
        ("Shown then", "/presented", false),
        ("Policy then", "/policy", false),
        ("Verdict", "/verdict", false),
        ("Reason code", "/reason_code", false),
    ];
    let text = |(name, path, framed): &(&'static str, &str, bool)| {
        // Who did it stands above already.
        let text = data.pointer(path)?.as_str().filter(|text| *text != record.caller.name)?;
        Some((*name, if *framed { Text::said_lines(text) } else { Text::lines(text) }))
    };
    let mut found: Vec<_> = parts.iter().filter_map(text).collect();
    if data.pointer("/self_approved") == Some(&serde_json::Value::Bool(true)) {
        found.push(("Whose request", Text::line("their own: self-approved")));
    }
    found
}

/// How sure it is who answered: what an answer says of itself, or how whoever did it was on the line.
fn assurance(record: &Record) -> Option<String> {
    let of_caller = record.caller.assurance.and_then(|a| serde_json::to_value(a).ok());
    let said = record.data.get("assurance").cloned().or(of_caller)?;
    said.as_str().map(|word| word.replace('_', " "))
}

/// Whether an agent, or a program that speaks for one, did it.
const fn is_of_agent(record: &Record) -> bool {
    match record.caller.kind {
        CallerKind::Agent | CallerKind::Application => true,
        CallerKind::Person | CallerKind::System => false,
    }
}

/// Whose words a detail holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// An agent's, whoever the record is of.
    Agents,
    /// Those of whoever did it.
    Doers,
    /// Ours, or a name that an admin gave.
    Ours,
}

/// The one detail that tells most, and whose words it is in.
const TELLING: &[(&str, Whose)] = &[
    ("/answer/reason", Whose::Doers),
    ("/reason", Whose::Doers),
    ("/body", Whose::Doers),
    ("/question", Whose::Doers),
    ("/card/summary", Whose::Agents),
    ("/summary", Whose::Agents),
    ("/action", Whose::Agents),
    ("/agent/name", Whose::Ours),
    ("/after/name", Whose::Ours),
    ("/person/email", Whose::Ours),
    ("/after/email", Whose::Ours),
    ("/email", Whose::Ours),
    ("/name", Whose::Ours),
    ("/permission/pattern", Whose::Ours),
    ("/pattern", Whose::Ours),
    ("/webhook/url", Whose::Ours),
    ("/after/url", Whose::Ours),
    ("/notes", Whose::Doers),
    ("/logged/action", Whose::Agents),
    ("/delegation/reason", Whose::Ours),
    ("/view/name", Whose::Ours),
    ("/execution/error", Whose::Agents),
    ("/receipt", Whose::Ours),
];

/// That detail. A verdict gives its reason in a sentence of ours, whoever asked for it.
fn what(record: &Record) -> Phrase {
    let data = display::redact(&record.data);
    let found = TELLING.iter().find_map(|(path, whose)| {
        // Who did it stands beside it already.
        let text = data.pointer(path)?.as_str().filter(|text| *text != record.caller.name)?;
        Some((text.to_owned(), *whose))
    });
    // Where an agent gives no summary, one of ours stands for it, and says nothing more than the headline.
    let ours = data.get("action").and_then(|action| action.as_str()).map(Card::summary_after);
    let by_default = |text: &str| ours.as_deref().is_some_and(|ours| text.ends_with(ours));
    let of_system = record.caller.kind == CallerKind::System;
    let answered_by = || data.get("answered_by").and_then(|by| by.as_str()).filter(|_| of_system);
    let is_verdict = record.kind.as_str().starts_with("check.");
    match found {
        Some((text, Whose::Doers)) if is_verdict || of_system => Phrase::ticked(&text),
        Some((text, Whose::Doers)) if is_of_agent(record) => Phrase::said(&text),
        Some((text, Whose::Agents)) if by_default(&text) => Phrase::default(),
        Some((text, Whose::Agents)) => Phrase::said(&text),
        Some((text, Whose::Ours | Whose::Doers)) => Phrase::of_person(&text),
        None => answered_by().map(Phrase::of_person).unwrap_or_default(),
    }
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
