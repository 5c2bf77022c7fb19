//! The accounts at identity providers that the viewer signs in with.

use axum::extract::State;
use axum::response::Response;

use super::back;
use crate::dashboard::layout::Form;
use crate::dashboard::session::Viewer;
use crate::http::Shared;

/// Takes a link away.
pub(super) async fn unlink(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Response {
    let issuer = form.text("issuer").unwrap_or_default();
    back(surface.app.unlink_own(&viewer.person, issuer).await)
}
