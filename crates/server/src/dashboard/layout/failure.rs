//! Errors as a page: what happened, what was kept, what to do, and the id that the log knows.

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use countersign_wire::Code;

use super::Phrase;
use crate::app::Error;
use crate::dashboard::guard::secure;
use crate::http::RequestId;

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    title: String,
    detail: Phrase,
    next: Phrase,
    back: Option<String>,
    kept: bool,
    request: String,
    code: &'static str,
}

/// Turns the error of a route into a page, for whoever asked for one. Everyone else gets the problem as it is.
pub(crate) async fn as_page(request: Request, next: Next) -> Response {
    let wanted = wants_page(request.headers()) && !request.uri().path().starts_with("/api/");
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let changing = !request.method().is_safe();
    let response = next.run(request).await;
    let error = response.extensions().get::<Error>().filter(|_| wanted);
    let Some(page) = error.map(|error| of(error, id, changing)) else { return response };
    match page.render() {
        Ok(html) => {
            let mut page = (response.status(), Html(html)).into_response();
            secure(&mut page);
            page
        }
        Err(error) => {
            tracing::error!(%error, "the page of an error could not be rendered");
            response
        }
    }
}

fn of(error: &Error, request: String, changing: bool) -> FailurePage {
    FailurePage {
        title: sentence(error.code.title()),
        detail: coded(&error.detail),
        next: coded(advice(error.code)),
        back: error.approval.map(|id| format!("/approvals/{id}")),
        kept: changing,
        request,
        code: error.code.as_str(),
    }
}

/// What a person at a page does next; programs are told the advice of the code itself.
pub(crate) const fn advice(code: Code) -> &'static str {
    match code {
        Code::Unauthenticated => "sign in, and try again",
        Code::Forbidden => "ask an admin, or someone whose role permits it",
        Code::PeopleOnly | Code::AgentsOnly => "go back to the page that you came from",
        Code::AssuranceTooLow => "show that it is you, with a passkey or a code, and send it again",
        Code::MethodNotAllowed => "go back, and use the button of the page",
        Code::AlreadyDecided => "look at what was decided",
        Code::NotFound => {
            "go back and look whether it is still there, or ask whoever sent you here for a new link"
        }
        Code::InvalidJson | Code::IdempotencyMismatch => "load the page again, and try once more",
        _ => code.next(),
    }
}

/// What an error says, as a sentence in which names and values are framed.
pub(crate) fn said(error: &Error) -> Phrase {
    Phrase::ticked(&sentence(&error.detail))
}

/// The same of an error that is about what somebody typed, with names and values as code.
pub(crate) fn coded(text: &str) -> Phrase {
    Phrase::coded(&sentence(text))
}

/// A fragment of an error text as a sentence.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|kinds| kinds.to_str().ok());
    accepted.is_some_and(|kinds| kinds.contains("text/html"))
}
