//! Webhooks: who outside is told what happens.

pub(super) mod deliveries;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_domain::notification::Event;
use countersign_wire::webhooks::{
    AttemptView, RotateRequest, WebhookPatch, WebhookRequest, WebhookView,
};
use countersign_wire::{List, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields;
use crate::app::{Error, NewWebhook, SecretsBefore, WebhookChange, WithSecret};
use crate::http::{Failure, Person, Reply, Sent, Shared, WebhookPath};

/// A body that says nothing.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// Every webhook, the oldest first; never a secret.
#[utoipa::path(
    get, path = "/webhooks", tag = "webhooks", params(("org" = String, Path)),
    responses((status = 200, body = List<WebhookView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<List<WebhookView>> {
    let webhooks = surface.app.webhooks(&person)?;
    Ok(Json(List::whole(webhooks.iter().map(|w| WebhookView::from(w.as_ref())).collect())))
}

/// Adds a webhook; its secret is shown this once.
#[utoipa::path(
    post, path = "/webhooks", tag = "webhooks",
    params(("org" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = WebhookRequest,
    responses((status = 201, body = WebhookView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn create(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<WebhookRequest>,
) -> Result<(StatusCode, Json<WebhookView>), Failure> {
    let new = NewWebhook { url: sent.body.url, events: events(&sent.body.events)? };
    let made = surface.app.create_webhook(&person, new, sent.idempotency.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(with_secret(&made))))
}

/// Changes a webhook. A disabled one is told nothing new, and what is under way to it waits.
#[utoipa::path(
    patch, path = "/webhooks/{id}", tag = "webhooks",
    params(("org" = String, Path), ("id" = String, Path)),
    request_body = WebhookPatch,
    responses((status = 200, body = WebhookView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn change(
    State(surface): State<Shared>,
    Person(person): Person,
    WebhookPath(id): WebhookPath,
    sent: Sent<WebhookPatch>,
) -> Reply<WebhookView> {
    let wanted = WebhookChange {
        url: sent.body.url,
        events: sent.body.events.as_deref().map(events).transpose()?,
        status: sent.body.status,
    };
    let webhook = surface.app.change_webhook(&person, id, wanted).await?;
    Ok(Json(WebhookView::from(&webhook)))
}

/// Removes a webhook and everything that is on its way to it.
#[utoipa::path(
    delete, path = "/webhooks/{id}", tag = "webhooks",
    params(("org" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn remove(
    State(surface): State<Shared>,
    Person(person): Person,
    WebhookPath(id): WebhookPath,
) -> Result<StatusCode, Failure> {
    surface.app.remove_webhook(&person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a webhook a new secret, shown this once; the one before signs beside it for 24 hours, or with `end_old`
/// ends at once.
#[utoipa::path(
    post, path = "/webhooks/{id}/rotate", tag = "webhooks",
    params(("org" = String, Path), ("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = RotateRequest,
    responses((status = 200, body = WebhookView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn rotate(
    State(surface): State<Shared>,
    Person(person): Person,
    WebhookPath(id): WebhookPath,
    sent: Sent<RotateRequest>,
) -> Reply<WebhookView> {
    let before = if sent.body.end_old { SecretsBefore::End } else { SecretsBefore::Overlap };
    let key = sent.idempotency.as_ref();
    let made = surface.app.rotate_webhook(&person, (id, before), key).await?;
    Ok(Json(with_secret(&made)))
}

/// Calls a webhook now with the event `webhook.test`, and tells what came back.
#[utoipa::path(
    post, path = "/webhooks/{id}/test", tag = "webhooks",
    params(("org" = String, Path), ("id" = String, Path)),
    request_body = Nothing,
    responses((status = 200, body = AttemptView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn test(
    State(surface): State<Shared>,
    Person(person): Person,
    WebhookPath(id): WebhookPath,
    _sent: Sent<Nothing>,
) -> Reply<AttemptView> {
    let attempt = surface.app.test_webhook(&person, id).await?;
    Ok(Json(AttemptView::from(&attempt)))
}

fn events(names: &[String]) -> Result<Vec<Event>, Error> {
    let mut events = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let event = fields::parsed(&format!("$.events[{index}]"), name)?;
        if !events.contains(&event) {
            events.push(event);
        }
    }
    Ok(events)
}

fn with_secret(made: &WithSecret) -> WebhookView {
    WebhookView { secret: Some(made.secret.reveal()), ..WebhookView::from(&made.webhook) }
}
