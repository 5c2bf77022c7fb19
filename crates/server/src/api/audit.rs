//! The record.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use countersign_domain::audit::{Head, Kind, Record};
use countersign_domain::identity::Right;
use countersign_domain::{PersonId, Seq};
use countersign_store::{RecordQuery, RecordSearch};
use countersign_wire::audit::{CheckpointView, RecordView};
use countersign_wire::{List, Problem};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::fields;
use crate::app::{Error, SignedCheckpoint, SignedIn};
use crate::http::{Failure, Person, Query, Reply, Shared};

/// The most records that are listed at once.
const PAGE: usize = 1000;
/// How many records are read at once for an export: so much is held for each reader, however slowly it reads.
const EXPORTED: usize = 8;

/// Which records.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    /// With all of these words, wherever they stand: who, where from, what about, every detail. Case does not
    /// matter; a word that ends in `*` stands for every one that begins so.
    q: Option<String>,
    /// Done by this person, by address or id.
    by: Option<String>,
    /// After this place in the log; with `newest`, before it.
    after: Option<u64>,
    /// About this approval.
    approval_id: Option<String>,
    /// About this agent, by id or name.
    agent_id: Option<String>,
    /// Of this kind.
    #[param(value_type = Option<String>)]
    kind: Option<Kind>,
    /// At or after.
    from: Option<String>,
    /// Before.
    to: Option<String>,
    /// The last ones instead of the first.
    #[serde(default)]
    newest: bool,
    /// At most this many, up to 1000; 100 by default.
    limit: Option<usize>,
}

/// Records in order of their place; the `next_cursor` is the `after` of the next page. A search looks at some
/// thousand records at a time: a page that is not full, or empty, can have a next one.
#[utoipa::path(
    get, path = "/audit", tag = "audit", params(("org" = String, Path), Search),
    responses((status = 200, body = List<RecordView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
    Query(search): Query<Search>,
) -> Reply<Value> {
    let wanted = parse(&search, &person)?;
    let page = surface.app.search_record(&person, &wanted).await?;
    let next = page.next.map(|next| next.0.to_string());
    Ok(Json(serde_json::json!({"items": page.records, "next_cursor": next})))
}

fn parse(search: &Search, person: &SignedIn) -> Result<RecordSearch, Error> {
    let limit = search.limit.unwrap_or(100);
    if !(1..=PAGE).contains(&limit) {
        return Err(Error::invalid("limit", "between 1 and 1000 can be listed at once"));
    }
    let agent = match search.agent_id.as_deref() {
        Some(name) => {
            Some(person.snapshot.agent(name).ok_or_else(|| Error::not_found("agent", name))?.id)
        }
        None => None,
    };
    let within = RecordQuery {
        after: Seq(search.after.unwrap_or_default()),
        approval: fields::optional("approval_id", search.approval_id.as_deref())?,
        agent,
        kind: search.kind,
        from: fields::moment("from", search.from.as_deref())?,
        to: fields::moment("to", search.to.as_deref())?,
        newest: search.newest,
        limit,
    };
    let by = search.by.as_deref().map(|name| doer(person, name)).transpose()?;
    Ok(RecordSearch { within, by, text: search.q.clone() })
}

/// The person that a search names.
pub(crate) fn doer(reader: &SignedIn, name: &str) -> Result<PersonId, Error> {
    let person = reader.snapshot.person(name).ok_or_else(|| Error::not_found("person", name))?;
    Ok(person.id)
}

/// Where the record stands now, signed: keep it outside, and `countersign audit verify --checkpoint` finds later
/// whether anything was cut off or rewritten.
#[utoipa::path(
    get, path = "/audit/checkpoint", tag = "audit", params(("org" = String, Path)),
    responses((status = 200, body = CheckpointView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn checkpoint(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<CheckpointView> {
    let SignedCheckpoint { checkpoint, note } = surface.app.checkpoint(&person).await?;
    Ok(Json(CheckpointView {
        org: checkpoint.org.to_string(),
        records: checkpoint.head.seq.0,
        head: checkpoint.head.hash.to_string(),
        at: checkpoint.at,
        note,
    }))
}

/// The whole record as JSON Lines, for `countersign audit verify`; the last line is its checkpoint.
#[utoipa::path(
    get, path = "/audit/export", tag = "audit", params(("org" = String, Path)),
    responses((status = 200, content_type = "application/jsonl"), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn export(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Result<Response, Failure> {
    Ok(whole(surface, person)?)
}

/// The whole record, line by line, for whoever may see it.
pub(crate) fn whole(surface: Shared, person: SignedIn) -> Result<Response, Error> {
    person.must(Right::Audit)?;
    let lines = futures_util::stream::try_unfold(Some(Head::START), move |until| {
        let (surface, person) = (surface.clone(), person.clone());
        async move {
            let Some(until) = until else { return Ok(None) };
            let query = RecordQuery { after: until.seq, limit: EXPORTED, ..RecordQuery::default() };
            let records = surface.app.records(&person, &query).await?;
            Ok::<_, Error>(Some(match records.last() {
                Some(last) => (lines(&records)?, Some(last.head())),
                None => (checkpoint_line(&surface, &person, until), None),
            }))
        }
    });
    let mut response = Body::from_stream(lines).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jsonl"));
    Ok(response)
}

/// The last line: the checkpoint of exactly what stands before it.
fn checkpoint_line(surface: &Shared, person: &SignedIn, until: Head) -> Bytes {
    let signed = surface.app.checkpoint_at(person, until);
    format!("{}\n", serde_json::json!({"checkpoint": signed.note})).into()
}

fn lines(records: &[Record]) -> Result<Bytes, Error> {
    let mut out = String::new();
    for record in records {
        let line = serde_json::to_string(record);
        let broken = |_| Error::new(countersign_wire::Code::Internal, "a record is not JSON");
        out.push_str(&line.map_err(broken)?);
        out.push('\n');
    }
    Ok(out.into())
}
