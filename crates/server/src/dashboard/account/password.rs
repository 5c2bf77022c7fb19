//! Setting a password.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use countersign_wire::Code;
use serde::Deserialize;

use super::frame;
use crate::app::Error;
use crate::dashboard::layout::Frame;
use crate::dashboard::page::{failed, page, status};
use crate::dashboard::session::Viewer;
use crate::http::{Shared, Surface};

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage<'a> {
    frame: Frame,
    email: &'a str,
    tell: bool,
    problem: Option<&'a str>,
}

/// What is typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    current: String,
    #[serde(default)]
    password: String,
}

pub(super) async fn show(viewer: Viewer, State(surface): State<Shared>) -> Response {
    form(&surface, &viewer, (StatusCode::OK, None)).await
}

pub(super) async fn set(
    viewer: Viewer,
    State(surface): State<Shared>,
    Form(typed): Form<Typed>,
) -> Response {
    let whose = (&viewer.person, &viewer.session);
    match surface.app.set_password(whose, &typed.current, &typed.password).await {
        Ok(()) => Redirect::to("/account").into_response(),
        Err(error) if is_theirs(&error) => {
            form(&surface, &viewer, (status(&error), Some(&error.detail))).await
        }
        Err(error) => failed(&error),
    }
}

/// Whether it lies in what was typed.
fn is_theirs(error: &Error) -> bool {
    matches!(
        error.code,
        Code::Invalid | Code::SignInRefused | Code::RateLimited | Code::SignInAgain
    )
}

async fn form(
    surface: &Surface,
    viewer: &Viewer,
    (status, problem): (StatusCode, Option<&str>),
) -> Response {
    match surface.app.must_tell_password(&viewer.person, &viewer.session).await {
        Ok(tell) => {
            let (frame, email) = (frame(viewer, "Password"), viewer.person.person.email.as_str());
            page(status, &PasswordPage { frame, email, tell, problem })
        }
        Err(error) => failed(&error),
    }
}
