//! A page on its way out.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::app::Error;

/// A page that says that something was refused, and what to do.
#[derive(Template)]
#[template(path = "sign_in/refused.html")]
struct Refused<'a> {
    what: &'a str,
    next: &'a str,
}

/// Renders a template.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page that says what was refused, and what to do.
pub(crate) fn refused(status: StatusCode, what: &str, next: &str) -> Response {
    page(status, &Refused { what, next })
}

/// A page for an error of a use case.
pub(crate) fn failed(error: &Error) -> Response {
    refused(status(error), &error.detail, super::layout::advice(error.code))
}

/// The HTTP status of an error.
pub(crate) fn status(error: &Error) -> StatusCode {
    StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
