//! Address and password.

use askama::Template;
use axum::Form;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{Next, code, signed_in, with_cookie};
use crate::app::Entered;
use crate::dashboard::layout::{Page, Sent};
use crate::dashboard::page::{page, status};
use crate::dashboard::session::{Visitor, local};
use crate::http::{Shared, Surface};

/// The page where people sign in.
#[derive(Template)]
#[template(path = "sign_in/start.html")]
pub(super) struct Start<'a> {
    pub(super) csrf: &'a str,
    pub(super) next: &'a str,
    pub(super) email: &'a str,
    pub(super) problem: Option<&'a str>,
    pub(super) provider: Option<&'a str>,
    /// Whether the provider is to ask them anew.
    pub(super) anew: bool,
}

/// What is typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

pub(super) async fn show(
    visitor: Visitor,
    next: Result<Query<Next>, QueryRejection>,
    State(surface): State<Shared>,
) -> Response {
    // An address that cannot be read leads to the start.
    let next = next.map(|Query(next)| next).unwrap_or_default();
    let to = local(next.next.as_deref());
    start(&surface, &visitor, (StatusCode::OK, None), ("", &to, next.anew.is_some()))
}

/// The page, and why it is shown once more.
pub(super) fn start(
    surface: &Surface,
    visitor: &Visitor,
    (status, problem): (StatusCode, Option<&str>),
    (email, next, anew): (&str, &str, bool),
) -> Response {
    let provider = surface.app.provider_name();
    let start = Start { csrf: &visitor.csrf, next, email, problem, provider, anew };
    with_cookie(surface, visitor, page(status, &start))
}

pub(super) async fn enter(
    visitor: Visitor,
    State(surface): State<Shared>,
    Form(typed): Form<Typed>,
) -> Page {
    let next = local(typed.next.as_deref());
    let told = (typed.email.as_str(), typed.password.as_str());
    match surface.app.sign_in(told, &visitor.device).await {
        Ok(Entered::In(new)) => Ok(signed_in(&surface, &new, &next)),
        Ok(Entered::CodeMissing(ticket)) => {
            code::show(&visitor, (ticket.reveal(), &next), Sent::default())
        }
        Err(error) => {
            let problem = (status(&error), Some(error.detail.as_str()));
            Ok(start(&surface, &visitor, problem, (&typed.email, &next, false)))
        }
    }
}
