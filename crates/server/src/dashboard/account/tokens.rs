//! The viewer's own tokens, for the API and the command line.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{back, frame};
use crate::app::Error;
use crate::dashboard::layout::Frame;
use crate::dashboard::page::{failed, page};
use crate::dashboard::session::Viewer;
use crate::http::Shared;

/// A secret that is shown this once.
#[derive(Template)]
#[template(path = "account/once.html")]
pub(super) struct Once<'a> {
    pub(super) frame: Frame,
    pub(super) what: &'a str,
    pub(super) secret: &'a str,
    pub(super) next: &'a str,
}

/// What is sent about one token.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    id: String,
    #[serde(default)]
    name: String,
}

pub(super) async fn make(
    viewer: Viewer,
    State(surface): State<Shared>,
    Form(sent): Form<Sent>,
) -> Response {
    match surface.app.make_token(&viewer.person, &sent.name).await {
        Ok(made) => {
            let next = "Keep it in COUNTERSIGN_TOKEN. Whoever has it can answer in your name.";
            let secret = made.secret.reveal();
            let what = "Your token";
            page(StatusCode::OK, &Once { frame: frame(&viewer, what), what, secret, next })
        }
        Err(error) => failed(&error),
    }
}

pub(super) async fn revoke(
    viewer: Viewer,
    State(surface): State<Shared>,
    Form(sent): Form<Sent>,
) -> Response {
    match sent.id.parse() {
        Ok(id) => back(surface.app.revoke_token(&viewer.person, id).await),
        Err(_) => failed(&Error::not_found("token", &sent.id)),
    }
}
