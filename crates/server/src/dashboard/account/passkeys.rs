//! Passkeys.

use axum::Form;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::back;
use crate::dashboard::session::Viewer;
use crate::dashboard::sign_in::asked;
use crate::http::Shared;

/// What is sent about one passkey.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    credential: String,
}

pub(super) async fn options(viewer: Viewer, State(surface): State<Shared>) -> Response {
    asked(surface.app.new_passkey(&viewer.person, &viewer.session).await)
}

pub(super) async fn add(
    viewer: Viewer,
    State(surface): State<Shared>,
    Form(sent): Form<Sent>,
) -> Response {
    let made = (sent.ticket.as_str(), sent.credential.as_str());
    back(surface.app.add_passkey(&viewer.person, made, &sent.name).await)
}

pub(super) async fn rename(
    viewer: Viewer,
    State(surface): State<Shared>,
    Form(sent): Form<Sent>,
) -> Response {
    back(surface.app.rename_passkey(&viewer.person, &sent.id, &sent.name).await)
}

pub(super) async fn remove(
    viewer: Viewer,
    State(surface): State<Shared>,
    Form(sent): Form<Sent>,
) -> Response {
    back(surface.app.remove_passkey(&viewer.person, &sent.id).await)
}
