//! The viewer's own account: how they sign in, where they are signed in, and their tokens.

mod codes;
mod overview;
mod passkeys;
mod password;
mod provider;
mod sessions;
mod tokens;

use axum::Router;
use axum::routing::{get, post};

use super::layout::{Form, Frame, Page, Section, Sent, go};
use super::session::Viewer;
pub(super) use overview::again;

use crate::app::Error;
use crate::http::Shared;

/// The routes of the account.
pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/account", get(overview::show))
        .route("/account/password", get(password::show).post(password::set))
        .route("/account/codes", post(codes::enrol))
        .route("/account/codes/confirm", post(codes::confirm))
        .route("/account/codes/remove", post(codes::remove))
        .route("/account/passkeys", post(passkeys::add))
        .route("/account/passkeys/options", post(passkeys::options))
        .route("/account/passkeys/rename", post(passkeys::rename))
        .route("/account/passkeys/remove", post(passkeys::remove))
        .route("/account/sessions/end", post(sessions::end))
        .route("/account/sessions/end-others", post(sessions::end_others))
        .route("/account/provider/unlink", post(provider::unlink))
        .route("/account/tokens", post(tokens::make))
        .route("/account/tokens/revoke", post(tokens::revoke))
}

/// What surrounds a page of the account.
fn frame(viewer: &Viewer, title: &str) -> Frame {
    Frame::new(viewer, Section::Account, title)
}

/// Back to the account once it was done; or there with the form that was refused, in its place.
async fn back(
    (viewer, surface): (Viewer, &Shared),
    (place, form): (impl Into<String>, &Form),
    done: Result<(), Error>,
) -> Page {
    match done {
        Ok(()) => go("/account"),
        Err(error) => again(viewer, surface, Sent::refused(place, form, error.into())?).await,
    }
}
