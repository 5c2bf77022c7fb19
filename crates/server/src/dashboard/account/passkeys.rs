//! Passkeys.

use axum::extract::State;
use axum::response::Response;

use super::back;
use crate::dashboard::layout::{Form, Page};
use crate::dashboard::session::Viewer;
use crate::dashboard::sign_in::asked;
use crate::http::Shared;

pub(super) async fn options(viewer: Viewer, State(surface): State<Shared>) -> Response {
    asked(surface.app.new_passkey(&viewer.person, &viewer.session).await)
}

pub(super) async fn add(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let text = |name| form.text(name).unwrap_or_default();
    let made = (text("ticket"), text("credential"));
    let done = surface.app.add_passkey(&viewer.person, made, text("name")).await;
    back((viewer, &surface), ("passkey", &form), done).await
}

pub(super) async fn rename(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let id = form.text("id").unwrap_or_default();
    let name = form.text("name").unwrap_or_default();
    let done = surface.app.rename_passkey(&viewer.person, id, name).await;
    back((viewer, &surface), (format!("rename:{id}"), &form), done).await
}

pub(super) async fn remove(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let id = form.text("id").unwrap_or_default();
    let done = surface.app.remove_passkey(&viewer.person, id).await;
    back((viewer, &surface), (format!("rename:{id}"), &form), done).await
}
