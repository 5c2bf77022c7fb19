//! The code after the password.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use countersign_wire::Code;
use serde::Deserialize;

use super::signed_in;
use crate::dashboard::page::{failed, page, status};
use crate::dashboard::session::{Visitor, local};
use crate::http::Shared;

#[derive(Template)]
#[template(path = "sign_in/code.html")]
struct CodePage<'a> {
    csrf: &'a str,
    ticket: &'a str,
    next: &'a str,
    problem: Option<&'a str>,
}

/// What is typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    code: String,
    next: Option<String>,
}

/// The page that asks for the code.
pub(super) fn show(
    visitor: &Visitor,
    (status, problem): (StatusCode, Option<&str>),
    (ticket, next): (&str, &str),
) -> Response {
    page(status, &CodePage { csrf: &visitor.csrf, ticket, next, problem })
}

pub(super) async fn enter(
    visitor: Visitor,
    State(surface): State<Shared>,
    Form(typed): Form<Typed>,
) -> Response {
    let next = local(typed.next.as_deref());
    match surface.app.enter_code((&typed.ticket, &typed.code), &visitor.device).await {
        Ok(new) => signed_in(&surface, &new, &next),
        Err(error) if matches!(error.code, Code::SignInRefused | Code::RateLimited) => {
            let problem = (status(&error), Some(error.detail.as_str()));
            show(&visitor, problem, (&typed.ticket, &next))
        }
        Err(error) => failed(&error),
    }
}
