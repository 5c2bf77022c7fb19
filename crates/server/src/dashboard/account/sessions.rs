//! Where the viewer is signed in.

use axum::extract::State;

use crate::app::Error;
use crate::dashboard::layout::{Form, Page, go};
use crate::dashboard::session::Viewer;
use crate::http::Shared;

pub(super) async fn end(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let id = form.text("id").unwrap_or_default();
    let id = id.parse().map_err(|_| Error::not_found("session", id))?;
    surface.app.end_session(&viewer.person, id).await?;
    go("/account")
}

pub(super) async fn end_others(viewer: Viewer, State(surface): State<Shared>) -> Page {
    surface.app.end_other_sessions(&viewer.person).await?;
    go("/account")
}
