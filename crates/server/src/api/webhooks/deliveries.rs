//! What was sent to a webhook, and sending it again.

use axum::Json;
use axum::extract::State;
use countersign_domain::notification::DeliveryStatus;
use countersign_wire::webhooks::DeliveryView;
use countersign_wire::{List, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Nothing, fields};
use crate::app::{DeliveryPage, Error};
use crate::http::{DeliveryPath, Person, Query, Reply, Sent, Shared, WebhookPath};

/// Which deliveries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Listing {
    /// `pending`, `delivered` or `failed`.
    #[param(value_type = Option<String>)]
    state: Option<DeliveryStatus>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// At most this many, up to 200; 50 by default.
    limit: Option<usize>,
}

/// What was sent to a webhook and how it answered, newest first.
#[utoipa::path(
    get, path = "/webhooks/{id}/deliveries", tag = "webhooks",
    params(("org" = String, Path), ("id" = String, Path), Listing),
    responses((status = 200, body = List<DeliveryView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
    WebhookPath(id): WebhookPath,
    Query(listing): Query<Listing>,
) -> Reply<List<DeliveryView>> {
    let limit = listing.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Error::invalid("limit", "between 1 and 200 can be listed at once").into());
    }
    let before = fields::optional("cursor", listing.cursor.as_deref())?;
    let page = DeliveryPage { status: listing.state, before, limit: limit + 1 };
    let mut deliveries = surface.app.deliveries(&person, id, page).await?;
    let more = deliveries.len() > limit;
    deliveries.truncate(limit);
    let next_cursor = deliveries.last().filter(|_| more).map(|last| last.id.to_string());
    let items = deliveries.iter().map(DeliveryView::from).collect();
    Ok(Json(List { items, next_cursor, total: None }))
}

/// Sends a delivery again, at once, whatever became of it; then it is tried as if it were new.
#[utoipa::path(
    post, path = "/webhooks/{id}/deliveries/{delivery}/replay", tag = "webhooks",
    params(
        ("org" = String, Path), ("id" = String, Path), ("delivery" = String, Path),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    request_body = Nothing,
    responses((status = 200, body = DeliveryView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn replay(
    State(surface): State<Shared>,
    Person(person): Person,
    DeliveryPath(webhook, id): DeliveryPath,
    sent: Sent<Nothing>,
) -> Reply<DeliveryView> {
    let delivery = surface.app.replay(&person, (webhook, id), sent.idempotency.as_ref()).await?;
    Ok(Json(DeliveryView::from(&delivery)))
}
