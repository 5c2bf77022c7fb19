//! One line in the log for every request, and its id in the answer.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use super::Shared;

/// The id of a request, as the log and the answer have it.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Gives a request its id, answers with it, and logs how it went. Never a body, a key or a query.
pub async fn trace(State(surface): State<Shared>, mut request: Request, next: Next) -> Response {
    let id = surface.app.request_id();
    let route =
        request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id, method = %request.method(), route);
    let start = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let millis = start.elapsed().as_millis();
    let status = response.status().as_u16();
    span.in_scope(|| tracing::debug!(status, millis, "answered"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}
