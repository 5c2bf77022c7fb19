//! Signing in and out.

mod link;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use countersign_wire::Code;
use serde::Deserialize;

pub(crate) use link::link;

use super::cookies::{self, Kind};
use super::page::{failed, page};
use super::session::{Viewer, Visitor, local};
use crate::app::NewSession;
use crate::http::{Shared, Surface};

/// The routes of signing in and out.
pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/sign-in", get(show))
        .route("/sign-in/link/{secret}", get(link::show).post(link::follow))
        .route("/sign-out", post(sign_out))
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in/start.html")]
struct Start {}

async fn show(
    visitor: Visitor,
    Query(next): Query<Next>,
    State(surface): State<Shared>,
) -> Response {
    let _next = local(next.next.as_deref());
    with_cookie(&surface, &visitor, page(StatusCode::OK, &Start {}))
}

/// Ends the session of whoever presses the button.
async fn sign_out(viewer: Viewer, State(surface): State<Shared>) -> Response {
    match surface.app.end_session(&viewer.person, viewer.session_id()).await {
        Ok(()) => {
            let cookie = cookies::forget(&surface, Kind::Session);
            let cookie = cookie.map(|value| [(header::SET_COOKIE, value)]);
            (cookie, Redirect::to("/sign-in")).into_response()
        }
        Err(error) if error.code == Code::Unauthenticated => {
            Redirect::to("/sign-in").into_response()
        }
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
