//! `GET /approvals` and the figures over them.

use axum::Json;
use axum::extract::State;
use countersign_domain::approval::{Risk, Status};
use countersign_store::{ApprovalQuery, Cursor, Sort};
use countersign_wire::approvals::{ApprovalView, Viewer};
use countersign_wire::{List, Problem};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::fields;
use crate::app::{Error, OnTheLine};
use crate::http::{Anyone, Person, Query, Reply, Shared};

/// Filters, order and page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Listing {
    /// `pending`, `approved`, `denied`, `expired` or `canceled`.
    #[param(value_type = Option<String>)]
    status: Option<Status>,
    /// Of this agent, by id or name.
    agent_id: Option<String>,
    /// For exactly this action.
    action: Option<String>,
    /// Asked for this reason.
    reason_code: Option<String>,
    /// With this risk.
    #[param(value_type = Option<String>)]
    risk: Option<Risk>,
    /// With a stage that names this group.
    group: Option<String>,
    /// Created at or after.
    from: Option<String>,
    /// Created before.
    to: Option<String>,
    /// With these words in summary, action, reasoning, task or parameters.
    q: Option<String>,
    /// `risk` (then the least time left), `created` (newest first) or `expires`.
    sort: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// At most this many, up to 200; 50 by default.
    limit: Option<usize>,
}

/// Approvals; an agent sees its own.
#[utoipa::path(
    get, path = "/approvals", tag = "approvals",
    params(("org" = String, Path), Listing),
    responses((status = 200, body = List<ApprovalView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn list(
    State(surface): State<Shared>,
    Anyone(viewer): Anyone,
    Query(listing): Query<Listing>,
) -> Reply<List<ApprovalView>> {
    let Some(query) = parse(listing, &viewer)? else {
        return Ok(Json(List::whole(Vec::new())));
    };
    let page = surface.app.list(&viewer, query).await?;
    let eye = match viewer {
        OnTheLine::Asker(_) => Viewer::Requester,
        OnTheLine::Person(_) => Viewer::Person,
    };
    let items = page.items.iter().map(|a| ApprovalView::of(a, eye, &surface.base_url)).collect();
    Ok(Json(List { items, next_cursor: page.next.map(|c| c.to_string()), total: page.total }))
}

/// `None` when an agent is named that does not exist: then nothing is listed.
fn parse(listing: Listing, viewer: &OnTheLine) -> Result<Option<ApprovalQuery>, Error> {
    let snapshot = match viewer {
        OnTheLine::Asker(asker) => &asker.snapshot,
        OnTheLine::Person(person) => &person.snapshot,
    };
    let agent = match listing.agent_id.as_deref().map(|name| snapshot.agent(name)) {
        Some(None) => return Ok(None),
        Some(Some(agent)) => Some(agent.id),
        None => None,
    };
    let limit = listing.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Error::invalid("limit", "between 1 and 200 can be listed at once"));
    }
    let sort = fields::optional("sort", listing.sort.as_deref())?.unwrap_or_default();
    Ok(Some(ApprovalQuery {
        status: listing.status,
        agent,
        action: listing.action,
        reason_code: listing.reason_code,
        risk: listing.risk,
        group: listing.group,
        from: fields::moment("from", listing.from.as_deref())?,
        to: fields::moment("to", listing.to.as_deref())?,
        text: listing.q,
        sort,
        after: place(listing.cursor.as_deref(), sort)?,
        limit,
    }))
}

/// Where the page starts; a place in a list with another order is none in this one.
fn place(text: Option<&str>, sort: Sort) -> Result<Option<Cursor>, Error> {
    let cursor: Option<Cursor> = fields::optional("cursor", text)?;
    if let Some(other) = cursor.map(|cursor| cursor.sort).filter(|other| *other != sort) {
        let (theirs, ours) = (other.as_str(), sort.as_str());
        let detail = format!("this cursor is of a list sorted by `{theirs}`, not by `{ours}`");
        return Err(Error::invalid(
            "cursor",
            format!("{detail}; keep `sort`, or leave `cursor` out"),
        ));
    }
    Ok(cursor)
}

/// The period of the figures.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Period {
    /// From this time on; 30 days before `to` by default.
    from: Option<String>,
    /// Up to this time; now by default.
    to: Option<String>,
}

/// Figures over the approvals created in a period.
#[utoipa::path(
    get, path = "/approvals/stats", tag = "approvals",
    params(("org" = String, Path), Period),
    responses((status = 200, body = Value), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn statistics(
    State(surface): State<Shared>,
    Person(person): Person,
    Query(period): Query<Period>,
) -> Reply<Value> {
    let now = surface.app.now();
    let soon = now.checked_add(SignedDuration::from_millis(1)).unwrap_or(Timestamp::MAX);
    let to = fields::moment("to", period.to.as_deref())?.unwrap_or(soon);
    let month = SignedDuration::from_hours(24 * 30);
    let before = to.checked_sub(month).unwrap_or(Timestamp::MIN);
    let from = fields::moment("from", period.from.as_deref())?.unwrap_or(before);
    let statistics = surface.app.statistics(&person, from, to).await?;
    let value = serde_json::to_value(statistics);
    let value = value
        .map_err(|_| Error::new(countersign_wire::Code::Internal, "the figures are not JSON"))?;
    Ok(Json(value))
}
