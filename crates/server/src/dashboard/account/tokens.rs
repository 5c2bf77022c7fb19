//! The viewer's own tokens, for the API and the command line.

use askama::Template;
use axum::extract::State;

use super::{again, frame};
use crate::app::Error;
use crate::dashboard::layout::{Form, Frame, Page, Sent, go, page};
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

pub(super) async fn make(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let name = form.text("name").unwrap_or_default();
    match surface.app.make_token(&viewer.person, name).await {
        Ok(made) => {
            let next = "Keep it in COUNTERSIGN_TOKEN. Whoever has it can answer in your name.";
            let secret = made.secret.reveal();
            let what = "Your token";
            page(&Once { frame: frame(&viewer, what), what, secret, next })
        }
        Err(error) => again(viewer, &surface, Sent::refused("token", &form, error.into())?).await,
    }
}

pub(super) async fn revoke(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let id = form.text("id").unwrap_or_default();
    let id = id.parse().map_err(|_| Error::not_found("token", id))?;
    surface.app.revoke_personal_token(&viewer.person, id).await?;
    go("/account")
}
