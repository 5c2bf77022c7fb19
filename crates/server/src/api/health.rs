//! Whether the server lives, can commit, and how its receipts are verified.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::http::{Failure, Reply, Shared};

/// The process lives.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = Value)), security(()))]
pub(super) async fn alive() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// A transaction can be made durable now.
#[utoipa::path(
    get, path = "/readyz", tag = "health",
    responses((status = 200, body = Value), (status = 503, body = countersign_wire::Problem, content_type = "application/problem+json")), security(())
)]
pub(super) async fn ready(State(surface): State<Shared>) -> Reply<Value> {
    surface.app.probe().await?;
    Ok(Json(json!({"status": "ready"})))
}

/// Figures in the text format of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "health", responses((status = 200, body = String)), security(()))]
pub(super) async fn metrics(State(surface): State<Shared>) -> Result<impl IntoResponse, Failure> {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], surface.app.measured().await?))
}

/// The public keys of receipts (RFC 7517).
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "health", responses((status = 200, body = Value)), security(()))]
pub(super) async fn receipt_keys(State(surface): State<Shared>) -> Json<Value> {
    Json(surface.app.receipt_keys())
}
