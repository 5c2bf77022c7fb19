//! The accounts at identity providers that the viewer signs in with.

use axum::extract::State;

use crate::dashboard::layout::{Form, Page, go};
use crate::dashboard::session::Viewer;
use crate::http::Shared;

/// Takes a link away.
pub(super) async fn unlink(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let issuer = form.text("issuer").unwrap_or_default();
    surface.app.unlink_own(&viewer.person, issuer).await?;
    go("/account")
}
