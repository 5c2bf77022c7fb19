//! The codes of an authenticator app.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;

use super::{back, frame};
use crate::app::{Enrolment, Error};
use crate::dashboard::layout::{Frame, Phrase, said};
use crate::dashboard::page::{failed, page, status};
use crate::dashboard::session::Viewer;
use crate::http::Shared;
use crate::ids::Secret;

#[derive(Template)]
#[template(path = "account/codes.html")]
struct Enrol<'a> {
    frame: Frame,
    picture: Option<String>,
    secret: &'a str,
    error: Option<Phrase>,
}

#[derive(Template)]
#[template(path = "account/recovery.html")]
struct Recovery<'a> {
    frame: Frame,
    codes: Vec<&'a str>,
}

/// What is typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
}

pub(super) async fn enrol(viewer: Viewer, State(surface): State<Shared>) -> Response {
    match surface.app.enrol_totp(&viewer.person, &viewer.session).await {
        Ok(made) => shown(&viewer, &made, None),
        Err(error) => failed(&error),
    }
}

fn shown(viewer: &Viewer, made: &Enrolment, refused: Option<&Error>) -> Response {
    let (picture, secret) = (picture(made.url.reveal()), made.secret.reveal());
    let frame = frame(viewer, "Authenticator app");
    let status = refused.map_or(StatusCode::OK, status);
    page(status, &Enrol { frame, picture, secret, error: refused.map(said) })
}

pub(super) async fn confirm(
    viewer: Viewer,
    State(surface): State<Shared>,
    Form(typed): Form<Typed>,
) -> Response {
    match surface.app.confirm_totp(&viewer.person, &typed.code).await {
        Ok(codes) => {
            let codes = codes.iter().map(Secret::reveal).collect();
            let frame = frame(&viewer, "Recovery codes");
            page(StatusCode::OK, &Recovery { frame, codes })
        }
        // The same once more: whoever mistyped has it in their app already.
        Err(error) => match surface.app.enrolling(&viewer.person, &viewer.session).await {
            Ok(Some(made)) => shown(&viewer, &made, Some(&error)),
            Ok(None) | Err(_) => failed(&error),
        },
    }
}

pub(super) async fn remove(
    viewer: Viewer,
    State(surface): State<Shared>,
    Form(typed): Form<Typed>,
) -> Response {
    back(surface.app.remove_totp(&viewer.person, &viewer.session, &typed.code).await)
}

/// A picture that an app reads, as the address of an image; without one, the text has to be typed.
fn picture(url: &str) -> Option<String> {
    let code = QrCode::new(url.as_bytes()).ok()?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
    Some(format!("data:image/svg+xml;base64,{}", STANDARD.encode(image)))
}
