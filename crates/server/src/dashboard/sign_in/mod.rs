//! Signing in and out.

mod code;
mod ended;
mod invitation;
mod link;
mod machine;
mod passkey;
mod password;
mod provider;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use countersign_wire::Code;
use serde::Deserialize;
use url::form_urlencoded;

pub(crate) use invitation::invitation;
pub(crate) use link::link;
pub(super) use passkey::asked;

use super::cookies::{self, Kind};
use super::page::failed;
use super::session::{Viewer, Visitor, local};
use crate::app::{BACK, NewSession};
use crate::http::{Shared, Surface};

/// The routes of signing in and out.
pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/sign-in", get(password::show).post(password::enter))
        .route("/sign-in/code", post(code::enter))
        .route("/sign-in/passkey", post(passkey::enter))
        .route("/sign-in/passkey/options", post(passkey::options))
        .route("/sign-in/provider", post(provider::go))
        .route(BACK, get(provider::back))
        .route("/sign-in/link/{secret}", get(link::show).post(link::follow))
        .route("/invitation/{secret}", get(invitation::show).post(invitation::accept))
        .route("/login", get(machine::show).post(machine::answer))
        .route("/sign-out", post(sign_out))
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Next {
    pub(super) next: Option<String>,
    /// Whether they are to prove who they are, whatever an identity provider still knows.
    pub(super) anew: Option<String>,
}

/// Ends the session of whoever presses the button.
async fn sign_out(
    viewer: Viewer,
    State(surface): State<Shared>,
    Form(next): Form<Next>,
) -> Response {
    let to = match next.next.as_deref().map(|next| local(Some(next))) {
        Some(next) => {
            let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            format!("/sign-in?next={next}&anew=yes")
        }
        None => "/sign-in".to_owned(),
    };
    match surface.app.end_session(&viewer.person, viewer.session_id()).await {
        Ok(()) => {
            let cookie = cookies::forget(&surface, Kind::Session);
            let cookie = cookie.map(|value| [(header::SET_COOKIE, value)]);
            (cookie, Redirect::to(&to)).into_response()
        }
        Err(error) if error.code == Code::Unauthenticated => Redirect::to(&to).into_response(),
        Err(error) => failed(&error),
    }
}

/// Gives a browser its new session and sends it on.
fn signed_in(surface: &Surface, new: &NewSession, next: &str) -> Response {
    let mut response = Redirect::to(next).into_response();
    let headers = response.headers_mut();
    let session = cookies::set(surface, Kind::Session, new.token.reveal());
    for cookie in [session, cookies::forget(surface, Kind::Visit)].into_iter().flatten() {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

/// Gives a browser the cookie that the forms of the page are bound to.
fn with_cookie(surface: &Surface, visitor: &Visitor, mut response: Response) -> Response {
    let cookie = visitor.fresh.as_ref().and_then(|value| cookies::set(surface, Kind::Visit, value));
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
