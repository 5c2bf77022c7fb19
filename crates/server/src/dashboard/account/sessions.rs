//! Where the viewer is signed in.

use axum::Form;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::back;
use crate::app::Error;
use crate::dashboard::page::failed;
use crate::dashboard::session::Viewer;
use crate::http::Shared;

/// Which session.
#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    id: String,
}

pub(super) async fn end(
    viewer: Viewer,
    State(surface): State<Shared>,
    Form(chosen): Form<Chosen>,
) -> Response {
    match chosen.id.parse() {
        Ok(id) => back(surface.app.end_session(&viewer.person, id).await),
        Err(_) => failed(&Error::not_found("session", &chosen.id)),
    }
}

pub(super) async fn end_others(viewer: Viewer, State(surface): State<Shared>) -> Response {
    back(surface.app.end_other_sessions(&viewer.person).await)
}
