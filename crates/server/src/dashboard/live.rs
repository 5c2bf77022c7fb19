//! Hints that something changed, for pages that are open. What a page shows always comes from the server anew,
//! so that there is one way of showing it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::KeepAliveStream;

use super::session::Viewer;
use crate::api::events::{Events, Told, open};
use crate::app::OnTheLine;
use crate::http::{Failure, Shared};

/// Everything that happens to requests the viewer may see, and what is frozen. Ends with the session.
pub(super) async fn events(
    viewer: Viewer,
    State(surface): State<Shared>,
    headers: HeaderMap,
) -> Result<Sse<KeepAliveStream<Events>>, Failure> {
    let told = Told { only: None, to_a_page: true };
    open(surface, OnTheLine::Person(viewer.person), told, &headers).await
}
