//! The codes of an authenticator app.

use askama::Template;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcode::QrCode;
use qrcode::render::svg;

use super::{back, frame};
use crate::app::Enrolment;
use crate::dashboard::layout::{Form, Frame, Page, Sent, page, page_as};
use crate::dashboard::session::Viewer;
use crate::http::Shared;
use crate::ids::Secret;

#[derive(Template)]
#[template(path = "account/codes.html")]
struct Enrol<'a> {
    frame: Frame,
    picture: Option<String>,
    /// What opens an app on the same device (`otpauth:`).
    url: &'a str,
    secret: Vec<String>,
    sent: Sent,
}

#[derive(Template)]
#[template(path = "account/recovery.html")]
struct Recovery<'a> {
    frame: Frame,
    codes: Vec<&'a str>,
}

pub(super) async fn enrol(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let made = surface.app.enrol_totp(&viewer.person, &viewer.session).await?;
    shown(&viewer, &made, Sent::default())
}

fn shown(viewer: &Viewer, made: &Enrolment, sent: Sent) -> Page {
    let (url, secret) = (made.url.reveal(), made.secret.reveal());
    let frame = frame(viewer, "Authenticator app");
    let status = sent.status();
    page_as(status, &Enrol { frame, picture: picture(url), url, secret: groups(secret), sent })
}

pub(super) async fn confirm(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let code = form.text("code").unwrap_or_default();
    match surface.app.confirm_totp(&viewer.person, code).await {
        Ok(codes) => {
            let codes = codes.iter().map(Secret::reveal).collect();
            let frame = frame(&viewer, "Recovery codes");
            page(&Recovery { frame, codes })
        }
        // The same once more: whoever mistyped has it in their app already.
        Err(error) => match surface.app.enrolling(&viewer.person, &viewer.session).await {
            Ok(Some(made)) => shown(&viewer, &made, Sent::refused("confirm", &form, error.into())?),
            Ok(None) | Err(_) => Err(error.into()),
        },
    }
}

pub(super) async fn remove(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let code = form.text("code").unwrap_or_default();
    let done = surface.app.remove_totp(&viewer.person, &viewer.session, code).await;
    back((viewer, &surface), ("codes", &form), done).await
}

/// A secret in groups of four, as people read it out; what stands between them is no part of what is copied.
fn groups(secret: &str) -> Vec<String> {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect()).collect()
}

/// A picture that an app reads, as the address of an image; without one, the text has to be typed.
fn picture(url: &str) -> Option<String> {
    let code = QrCode::new(url.as_bytes()).ok()?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
    Some(format!("data:image/svg+xml;base64,{}", STANDARD.encode(image)))
}
