//! Whether the server lives, can commit, and how its receipts are verified.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::http::{Reply, Shared};

/// The process lives.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = Value)), security(()))]
pub(super) async fn alive() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// A transaction can be made durable now.
#[utoipa::path(
    get, path = "/readyz", tag = "health",
    responses((status = 200, body = Value), (status = 503, body = countersign_wire::Problem)), security(())
)]
pub(super) async fn ready(State(surface): State<Shared>) -> Reply<Value> {
    surface.app.probe().await?;
    Ok(Json(json!({"status": "ready"})))
}

/// The public keys of receipts (RFC 7517).
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "health", responses((status = 200, body = Value)), security(()))]
pub(super) async fn receipt_keys(State(surface): State<Shared>) -> Json<Value> {
    Json(surface.app.receipt_keys())
}
